/**
 * A phone reduced to its socket, for tests that need every byte in their hand. Blocking, one test thread. Read
 * {@link io.longwire.e2e.device.RawDevice} first.
 */
@NullMarked
package io.longwire.e2e.device;

import org.jspecify.annotations.NullMarked;
