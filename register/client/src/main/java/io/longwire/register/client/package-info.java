/**
 * What other parts call to find a session and what the room calls to register one. Callers of lookups start at
 * {@link io.longwire.register.client.RegisterClient}, the room at {@link io.longwire.register.client.SessionWriter}.
 *
 * <p>Both are thread-safe and never block. The writer has one thread of its own, {@code register-writer}: it owns
 * the view of the slot map and starts the flushes; what it calls back is named in {@code SlotSessions}.
 */
@NullMarked
package io.longwire.register.client;

import org.jspecify.annotations.NullMarked;
