/** Tests of the package of the same name, on real sockets and processes. */
@NullMarked
package io.longwire.testkit.process;

import org.jspecify.annotations.NullMarked;
