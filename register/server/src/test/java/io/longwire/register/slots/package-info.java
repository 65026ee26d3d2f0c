/** Tests of the package of the same name. */
@NullMarked
package io.longwire.register.slots;

import org.jspecify.annotations.NullMarked;
