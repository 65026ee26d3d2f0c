package io.longwire.register.table;

/** Which room incarnations are alive. Called under a slot's lock, for each entry met: must be a plain memory read. */
@FunctionalInterface
public interface LiveRooms {
    boolean isLive(int roomIncarnation);
}
