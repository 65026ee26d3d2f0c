package io.longwire.sdk.phone;

/** Where the connection stands. Immutable. */
public final class PhoneStatus {
    /** The stages of the way to a room. */
    public enum Stage {
        STOPPED, REGISTERING, CONNECTING, ONLINE, WAITING
    }

    private final Stage stage;
    private final String room;
    private final String reason;
    private final boolean resumed;
    private final long waitMillis;

    private PhoneStatus(Stage stage, String room, String reason, boolean resumed, long waitMillis) {
        this.stage = stage;
        this.room = room;
        this.reason = reason;
        this.resumed = resumed;
        this.waitMillis = waitMillis;
    }

    static PhoneStatus of(Stage stage, String reason) {
        return new PhoneStatus(stage, "", reason, false, 0);
    }

    /** @param room empty = through another app's connection */
    static PhoneStatus online(String room, boolean resumed) {
        return new PhoneStatus(Stage.ONLINE, room, "", resumed, 0);
    }

    static PhoneStatus waiting(long waitMillis, String reason) {
        return new PhoneStatus(Stage.WAITING, "", reason, false, waitMillis);
    }

    public Stage stage() {
        return stage;
    }

    /** The address of the room while ONLINE by a connection of this app's own, else empty. */
    public String room() {
        return room;
    }

    /** Why it is so; may be empty. */
    public String reason() {
        return reason;
    }

    /** Whether the room had parked the session. */
    public boolean resumed() {
        return resumed;
    }

    /** While WAITING: until the next try. */
    public long waitMillis() {
        return waitMillis;
    }
}
