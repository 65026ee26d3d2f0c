/**
 * How events are sent to product backends over HTTP: a callback is a taker of the channel {@code $callback} of its
 * type, so what is in flight, attempts and dead letters stand in Redis as for any other channel. The loop of the
 * channels owns senders, gates and breakers; a request runs on a virtual thread of its own, its bytes on the loops of
 * {@link io.longwire.coordinator.callback.Outbound}. Read {@link io.longwire.coordinator.callback.Sender} first.
 */
@NullMarked
package io.longwire.coordinator.callback;

import org.jspecify.annotations.NullMarked;
