/**
 * Redis as the working store: inboxes, the due set and the marks of slots, changed by idempotent scripts only. Read
 * {@link io.longwire.saver.inbox.Inbox}, then {@link io.longwire.saver.inbox.RedisSession}. Commands are written by
 * any thread and never block it; answers come on Lettuce's event loop and must not block either.
 */
@NullMarked
package io.longwire.saver.inbox;

import org.jspecify.annotations.NullMarked;
