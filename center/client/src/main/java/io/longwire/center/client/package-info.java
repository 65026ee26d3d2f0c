/**
 * Longwire for product backends: send, follow, take back, schedule, and read what became of messages. Thread-safe;
 * every call answers with a future that can be awaited. Read {@link io.longwire.center.client.LongwireBackend} first.
 */
@NullMarked
package io.longwire.center.client;

import org.jspecify.annotations.NullMarked;
