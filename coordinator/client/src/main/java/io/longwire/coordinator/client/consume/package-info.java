/**
 * For product backends: what their phones say, event by event, through a channel. Handlers run on virtual threads and
 * may block. Read {@link io.longwire.coordinator.client.consume.EventConsumer} first.
 */
@NullMarked
package io.longwire.coordinator.client.consume;

import org.jspecify.annotations.NullMarked;
