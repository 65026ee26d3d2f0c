/**
 * The state of connections and of the loop that owns them; hot. Read {@link io.longwire.room.session.Connection}
 * first, then {@link io.longwire.room.session.Loop}. Everything but {@code Mailbox} belongs to the loop's thread.
 */
@NullMarked
package io.longwire.room.session;

import org.jspecify.annotations.NullMarked;
