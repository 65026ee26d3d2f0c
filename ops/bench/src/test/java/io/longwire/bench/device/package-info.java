/** Tests of the device simulator against a small room over real sockets. Start with {@code FleetIT}. */
@NullMarked
package io.longwire.bench.device;

import org.jspecify.annotations.NullMarked;
