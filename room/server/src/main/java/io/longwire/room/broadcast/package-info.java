/**
 * One message to every endpoint of an app: the walk over the sessions of a loop, what a login is owed, who had it, who
 * acked; hot. Read {@link io.longwire.room.broadcast.LoopBroadcasts} first, then {@link
 * io.longwire.room.broadcast.LoopWalk}. Both belong to their loop; {@code BroadcastBoard}, {@code BroadcastLoader} and
 * {@code NoteSender} to the room, thread-safe.
 */
@NullMarked
package io.longwire.room.broadcast;

import org.jspecify.annotations.NullMarked;
