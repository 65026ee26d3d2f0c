/** The register as a whole, on a real ZooKeeper and real sockets. */
@NullMarked
package io.longwire.register;

import org.jspecify.annotations.NullMarked;
