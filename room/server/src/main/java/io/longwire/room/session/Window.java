package io.longwire.room.session;

import io.longwire.device.Limits;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The pushes of one connection that wait for their ack: ids, stamps and counters, never bodies. Exists only while
 * something waits; each loop keeps a few empty ones. 46 bytes a place, 8 to 32 places. Order means nothing.
 */
public final class Window {
    private static final int SMALLEST = 8;

    private long[] ids = new long[SMALLEST];
    private long[] seqs = new long[SMALLEST];
    private long[] routedMillis = new long[SMALLEST];
    private long[] writtenMillis = new long[SMALLEST];
    private int[] writtenTicks = new int[SMALLEST];
    private byte[] attempts = new byte[SMALLEST];
    private boolean[] revokes = new boolean[SMALLEST];
    private @Nullable Session[] sessions = new @Nullable Session[SMALLEST];
    private int count;

    public int count() {
        return count;
    }

    public boolean isFull() { return count == Limits.UNACKED_CONNECTION; }

    /** The place of a message of this session, or -1. */
    public int find(Session session, long id) {
        for (int i = 0; i < count; i++) {
            if (ids[i] == id && session.isSame(sessions[i])) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Takes a message that is about to be written; the caller has checked that there is room.
     *
     * @param revoke whether it takes back another one
     */
    public int add(Session session, long id, long routed, long seq, boolean revoke) {
        assert !isFull();
        if (count == ids.length) {
            grow();
        }
        int i = count++;
        ids[i] = id;
        sessions[i] = session;
        routedMillis[i] = routed;
        seqs[i] = seq;
        attempts[i] = 0;
        revokes[i] = revoke;
        session.inWindow(1);
        return i;
    }

    /** Stamps a write: the first, or once more with a new seq. */
    public void written(int i, long seq, long wallMillis, int tick) {
        seqs[i] = seq;
        writtenMillis[i] = wallMillis;
        writtenTicks[i] = tick;
        attempts[i]++;
    }

    /** Takes the message off the wire but keeps its place: the fetch that brings it again writes it again. */
    public void expectAgain(int i) {
        seqs[i] = 0;
    }

    public boolean expectedAgain(int i) {
        return seqs[i] == 0;
    }

    public void remove(int i) {
        session(i).inWindow(-1);
        int last = --count;
        ids[i] = ids[last];
        seqs[i] = seqs[last];
        routedMillis[i] = routedMillis[last];
        writtenMillis[i] = writtenMillis[last];
        writtenTicks[i] = writtenTicks[last];
        attempts[i] = attempts[last];
        revokes[i] = revokes[last];
        sessions[i] = sessions[last];
        sessions[last] = null;
    }

    public long id(int i) {
        return ids[i];
    }

    public long seq(int i) {
        return seqs[i];
    }

    public long routedMillis(int i) {
        return routedMillis[i];
    }

    public long writtenMillis(int i) {
        return writtenMillis[i];
    }

    public int writtenTick(int i) {
        return writtenTicks[i];
    }

    /** How often it was written on this connection. */
    public int attempts(int i) {
        return attempts[i];
    }

    public boolean isRevoke(int i) {
        return revokes[i];
    }

    public boolean isOf(int i, Session session) {
        return session.isSame(sessions[i]);
    }

    public Session session(int i) {
        Session session = sessions[i];
        if (session == null) {
            throw new IllegalStateException("window place: " + i + " (expected: below " + count + ")");
        }
        return session;
    }

    private void grow() {
        int size = Math.min(2 * ids.length, Limits.UNACKED_CONNECTION);
        ids = Arrays.copyOf(ids, size);
        seqs = Arrays.copyOf(seqs, size);
        routedMillis = Arrays.copyOf(routedMillis, size);
        writtenMillis = Arrays.copyOf(writtenMillis, size);
        writtenTicks = Arrays.copyOf(writtenTicks, size);
        attempts = Arrays.copyOf(attempts, size);
        revokes = Arrays.copyOf(revokes, size);
        sessions = Arrays.copyOf(sessions, size);
    }
}
