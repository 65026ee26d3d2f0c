package io.longwire.room.session;

import io.longwire.device.Limits;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint bound to a connection: 40 bytes of numbers. The first one of a connection is the {@link Connection}
 * itself, so a phone with one app costs no second object. Belongs to the loop of its connection.
 */
public class Session {
    /** The inbox may hold something that is not in the window: look into it as soon as that is possible. */
    public static final int OWES = 1;
    /** A look into the inbox is under way. */
    public static final int FETCHING = 1 << 1;
    /** Waits in the fetcher's queue for the end of the batch. */
    public static final int QUEUED = 1 << 2;
    /** The app does not run (DEFERRED): nothing is sent until READY or BIND. */
    public static final int NOT_READY = 1 << 3;
    /** Two ack time-outs: nothing is sent until its next ack, READY or BIND. */
    public static final int STOPPED = 1 << 4;

    /** Its put-off fetch is one of many and counts against the budget for such. */
    public static final int PACED = 1 << 5;
    /** A message of low priority waits in the inbox until the phone is next heard. */
    public static final int HELD = 1 << 6;
    /** Its binding has no answer yet: broadcasts come after it. */
    public static final int BINDING = 1 << 7;
    /** Its phone never bound it before. */
    public static final int FIRST = 1 << 8;
    /** Its connection belongs to somebody who must not read: only sealed payloads are written to it. */
    public static final int SEALED_ONLY = 1 << 9;

    private long endpointId;
    private long connSeq;
    private int appId;
    private int ord;
    private int appVersion;
    private int fetchTick;
    private int boundTick;
    private short flags;
    private byte inWindow;
    private byte fetchTries;

    public final long endpointId() {
        return endpointId;
    }

    /** The connection epoch in force, as the register and the phone know it. */
    public final long connSeq() {
        return connSeq;
    }

    public final void connSeq(long value) {
        connSeq = value;
    }

    public final int appId() {
        return appId;
    }

    public final boolean bound() {
        return endpointId != 0;
    }

    /** Makes this the session of an endpoint, with everything else at rest. */
    public final void bind(long endpoint, int app, long epoch) {
        endpointId = endpoint;
        appId = app;
        connSeq = epoch;
        ord = 0;
        appVersion = 0;
        fetchTick = 0;
        flags = 0;
        inWindow = 0;
        fetchTries = 0;
    }

    /**
     * What its credential and its binding say beside that.
     *
     * @param number of the endpoint inside its app, unsigned
     * @param version of the app, unsigned
     */
    public final void describe(int number, int version) {
        ord = number;
        appVersion = version;
    }

    /** The dense number of the endpoint inside its app, unsigned. */
    public final int ord() {
        return ord;
    }

    /** As the binding said, unsigned; 0 = it did not. */
    public final int appVersion() {
        return appVersion;
    }

    /** Goes on as the parked session did; a window that had begun was given up when it was parked. */
    public final void resume(Session parked) {
        bind(parked.endpointId, parked.appId, parked.connSeq);
        describe(parked.ord, parked.appVersion);
        flags = (short) (parked.flags & (OWES | NOT_READY));
        if (parked.is(FETCHING | HELD)) { // coming back is being heard
            set(OWES);
        }
    }

    /** Whether the other is this very object. */
    @SuppressWarnings("ReferenceEquality") // a session is a place, not a value
    public final boolean isSame(@Nullable Session other) {
        return this == other;
    }

    /** Empties the place. */
    public final void unbind() {
        bind(0, 0, 0);
    }

    public final boolean is(int flag) {
        return (flags & flag) != 0;
    }

    public final void set(int flag) {
        flags |= (short) flag;
    }

    public final void clear(int flag) {
        flags &= (short) ~flag;
    }

    public final void set(int flag, boolean on) {
        if (on) {
            set(flag);
        } else {
            clear(flag);
        }
    }

    /** Pushes of this endpoint that wait for their ack. */
    public final int inWindow() {
        return inWindow;
    }

    final void inWindow(int change) {
        inWindow += (byte) change;
        assert inWindow >= 0 && inWindow <= Limits.UNACKED_ENDPOINT;
    }

    /** The tick before which the inbox is not looked into; 0 = any time. */
    public final int fetchTick() {
        return fetchTick;
    }

    public final void fetchTick(int tick) {
        fetchTick = tick;
    }

    /** Since when it is on this connection. */
    public final int boundTick() {
        return boundTick;
    }

    public final void boundTick(int tick) {
        boundTick = tick;
    }

    /** Failed fetches in a row. */
    public final int fetchTries() {
        return fetchTries;
    }

    public final void fetchTries(int tries) {
        fetchTries = (byte) Math.min(tries, Byte.MAX_VALUE);
    }
}
