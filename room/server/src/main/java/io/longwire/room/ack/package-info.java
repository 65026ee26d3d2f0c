/**
 * What phones say became of messages, and the way of that to the savers; hot. Read {@link io.longwire.room.ack.Acks}
 * first. Owner: the connection's loop; {@link io.longwire.room.ack.EndSink} answers on any thread.
 */
@NullMarked
package io.longwire.room.ack;

import org.jspecify.annotations.NullMarked;
