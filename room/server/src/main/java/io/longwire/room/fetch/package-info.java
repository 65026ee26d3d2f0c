/**
 * Looking into inboxes: when, how much, and again after a failure; hot. Read {@link io.longwire.room.fetch.Fetcher}
 * first. Owner: the connection's loop; {@link io.longwire.room.fetch.InboxSource} answers on any thread.
 */
@NullMarked
package io.longwire.room.fetch;

import org.jspecify.annotations.NullMarked;
