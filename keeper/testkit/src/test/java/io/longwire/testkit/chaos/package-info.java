/** Tests of the package of the same name, on real sockets and processes. */
@NullMarked
package io.longwire.testkit.chaos;

import org.jspecify.annotations.NullMarked;
