/**
 * What phones say became of messages; hot. Read {@link io.longwire.room.ack.Acks} first. Owner: the connection's
 * loop.
 */
@NullMarked
package io.longwire.room.ack;

import org.jspecify.annotations.NullMarked;
