package io.longwire.sdk;

/** Where the connection of the phone stands. Immutable. */
public final class ConnectionStatus {
    /** The stages of the way to a room. */
    public enum State {
        /** Not started, or stopped. */
        STOPPED,
        /** No app has a usable credential yet. */
        REGISTERING,
        /** Addresses are being dialled. */
        CONNECTING,
        /** Messages come. */
        ONLINE,
        /** Between two tries. */
        WAITING
    }

    private final State state;
    private final String room;
    private final String reason;
    private final boolean resumed;
    private final long waitMillis;

    ConnectionStatus(State state, String room, String reason, boolean resumed, long waitMillis) {
        this.state = state;
        this.room = room;
        this.reason = reason;
        this.resumed = resumed;
        this.waitMillis = waitMillis;
    }

    public State state() {
        return state;
    }

    /** The address of the room while ONLINE by a connection of this app's own, else empty. */
    public String room() {
        return room;
    }

    /** Whether this app is ONLINE as a guest: another app of the phone holds the connection. */
    public boolean isGuest() {
        return state == State.ONLINE && room.isEmpty();
    }

    /** Why it is so, for people; may be empty. */
    public String reason() {
        return reason;
    }

    /** While ONLINE: whether the room had kept the session of a dropped connection. */
    public boolean resumed() {
        return resumed;
    }

    /** While WAITING: milliseconds until the next try, counted from when this was said. */
    public long waitMillis() {
        return waitMillis;
    }

    @Override
    public String toString() {
        return state + (isGuest() ? " through another app" : room.isEmpty() ? "" : " " + room)
                + (resumed ? " resumed" : "")
                + (waitMillis > 0 ? " " + waitMillis + " ms" : "") + (reason.isEmpty() ? "" : ": " + reason);
    }
}
