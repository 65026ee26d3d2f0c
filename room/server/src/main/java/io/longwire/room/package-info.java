/**
 * The room: the long-connection gateway. Read {@link io.longwire.room.RoomMain} first: it wires everything on one
 * screen.
 *
 * <p>Threads: {@code room-loop-n} own connections and everything of them; {@code register-writer} mirrors sessions to
 * the register; gRPC threads bring pushes and answers and hand them to the loops by mailbox; the clock's thread runs
 * the pulse.
 */
@NullMarked
package io.longwire.room;

import org.jspecify.annotations.NullMarked;
