/** Tests of the package of the same name. */
@NullMarked
package io.longwire.register.rpc;

import org.jspecify.annotations.NullMarked;
