/**
 * Endpoint ids and message ids: their bits, their slot, their text. Everything here may be used by any thread. Read
 * {@link io.longwire.device.id.EndpointId} and {@link io.longwire.device.id.MessageId} first.
 */
@NullMarked
package io.longwire.device.id;

import org.jspecify.annotations.NullMarked;
