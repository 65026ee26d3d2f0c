package io.longwire.room.client;

/**
 * A room that is among the members now.
 *
 * @param sessions that it published, up to a second or two ago; 0 = it did not
 * @param draining it asks its phones to leave, and takes no logins
 * @param instance the room's name, the same after a restart; empty = not known
 */
public record LiveRoom(int incarnation, long sessions, boolean draining, String instance) {
    /** One whose name does not matter. */
    public LiveRoom(int incarnation, long sessions, boolean draining) {
        this(incarnation, sessions, draining, "");
    }
}
