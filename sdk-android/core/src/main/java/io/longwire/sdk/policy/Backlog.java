package io.longwire.sdk.policy;

/**
 * What one connection has handed to its socket and has not sent yet, as far as can be told: bytes leave at the rate of
 * the {@link Pace} at worst, and what an answer shows to have been read has left. Belongs to the loop.
 */
public final class Backlog {
    private final Pace pace;
    private long written;
    private long goneAt;

    Backlog(Pace pace) {
        this.pace = pace;
    }

    void sent(int bytes, long nowMillis) {
        written += bytes;
        goneAt = goneAt(nowMillis) + pace.sendMillis(bytes);
    }

    /** Bytes of the connection so far: the mark of what was sent last. */
    public long written() {
        return written;
    }

    /** The room has read all up to a mark. */
    public void read(long mark, long nowMillis) {
        goneAt = Math.min(goneAt, nowMillis + pace.sendMillis(written - mark));
    }

    /** When the last byte is on its way, at the latest; now when nothing waits. */
    public long goneAt(long nowMillis) {
        return Math.max(goneAt, nowMillis);
    }
}
