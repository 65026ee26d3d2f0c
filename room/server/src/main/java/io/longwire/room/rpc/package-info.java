/**
 * The room's gRPC face: pushes and control of other parts, dealt to the loops of the sessions. Read
 * {@link io.longwire.room.rpc.RoomRpc} first. Thread-safe.
 */
@NullMarked
package io.longwire.room.rpc;

import org.jspecify.annotations.NullMarked;
