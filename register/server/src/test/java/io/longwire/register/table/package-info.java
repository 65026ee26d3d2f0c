/** Tests of the package of the same name. */
@NullMarked
package io.longwire.register.table;

import org.jspecify.annotations.NullMarked;
