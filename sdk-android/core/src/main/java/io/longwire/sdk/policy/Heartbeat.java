package io.longwire.sdk.policy;

/**
 * When to ping, and when the connection counts as dead. Any byte sent or received restarts the interval; any byte
 * received answers the ping, because it proves the same. One instance per connection.
 *
 * <p>A check that comes much later than it was due means that the process was frozen: bytes may wait unread in the
 * socket, so it leads to a fresh ping and never to a verdict.
 */
public final class Heartbeat {
    /** What a check says. */
    public enum Verdict {
        /** Nothing to do before {@link #dueAt}. */
        QUIET,
        /** Send a ping now. */
        PING,
        /** No byte came in time: leave this connection. */
        DEAD
    }

    /** Interval while no server told one: nearly every NAT remembers that long. */
    public static final long INTERVAL_DEFAULT_MILLIS = 240_000;

    private static final long INTERVAL_MIN_MILLIS = 1_000;
    private static final long INTERVAL_MAX_MILLIS = 1_800_000;
    private static final long TIMEOUT_MIN_MILLIS = 6_000;
    private static final long TIMEOUT_MAX_MILLIS = 15_000;
    private static final long TIMEOUT_SLACK_MILLIS = 3_000;
    private static final long FROZEN_MILLIS = 10_000;

    private final long fixedTimeoutMillis;
    private long intervalMillis = INTERVAL_DEFAULT_MILLIS;
    private long minMillis = INTERVAL_MIN_MILLIS;
    private long maxMillis = INTERVAL_MAX_MILLIS;
    private long srttMillis;
    private long lastTraffic;
    private long pingedAt = -1;
    private boolean asked;

    /**
     * @param fixedTimeoutMillis wait so long for the answer to a ping; 0 = by the measured round trip time
     */
    public Heartbeat(long fixedTimeoutMillis, long nowMillis) {
        this.fixedTimeoutMillis = fixedTimeoutMillis;
        this.lastTraffic = nowMillis;
    }

    /** What CONNECT_ACK says, in seconds; 0 = not said. The interval stays within 2/3 of the server's patience. */
    public void hints(long minSeconds, long maxSeconds, long hintSeconds, long serverIdleSeconds) {
        minMillis = clamp(minSeconds * 1000, INTERVAL_MIN_MILLIS, INTERVAL_MAX_MILLIS);
        long most = maxSeconds > 0 ? maxSeconds * 1000 : INTERVAL_MAX_MILLIS;
        if (serverIdleSeconds > 0) {
            most = Math.min(most, serverIdleSeconds * 2000 / 3);
        }
        maxMillis = clamp(most, INTERVAL_MIN_MILLIS, INTERVAL_MAX_MILLIS);
        next(hintSeconds);
    }

    /** What PONG says: ping again after so many seconds; 0 = unchanged. */
    public void next(long seconds) {
        long wanted = seconds > 0 ? seconds * 1000 : intervalMillis;
        intervalMillis = Math.min(maxMillis, Math.max(minMillis, wanted));
    }

    /** Bytes were handed to the socket. */
    public void sent(long nowMillis) {
        lastTraffic = nowMillis;
    }

    /** Bytes came. Returns whether they answered a ping. */
    public boolean received(long nowMillis) {
        lastTraffic = nowMillis;
        asked = false;
        if (pingedAt < 0) {
            return false;
        }
        long rtt = Math.max(0, nowMillis - pingedAt);
        srttMillis = srttMillis == 0 ? rtt : (7 * srttMillis + rtt) / 8;
        pingedAt = -1;
        return true;
    }

    /** Makes the next check ping at once: the app came to the front, the network changed. */
    public void pingSoon() {
        asked = pingedAt < 0;
    }

    /** A ping is sent now for another reason; its answer proves as much. */
    public void pinged(long nowMillis) {
        if (pingedAt < 0) {
            pingedAt = nowMillis;
            lastTraffic = nowMillis;
            asked = false;
        }
    }

    /** To be called at {@link #dueAt}; the caller does what it says. */
    public Verdict check(long nowMillis) {
        if (nowMillis < dueAt()) {
            return Verdict.QUIET;
        }
        if (pingedAt >= 0 && nowMillis - dueAt() < FROZEN_MILLIS) {
            return Verdict.DEAD;
        }
        pingedAt = nowMillis;
        lastTraffic = nowMillis;
        asked = false;
        return Verdict.PING;
    }

    /** When {@link #check} has something to say; moves with the traffic. */
    public long dueAt() {
        if (pingedAt >= 0) {
            return pingedAt + timeoutMillis();
        }
        return asked ? lastTraffic : lastTraffic + intervalMillis;
    }

    /** How long an answer may take. */
    public long timeoutMillis() {
        if (fixedTimeoutMillis > 0) {
            return fixedTimeoutMillis;
        }
        return srttMillis == 0
                ? TIMEOUT_MAX_MILLIS
                : clamp(4 * srttMillis + TIMEOUT_SLACK_MILLIS, TIMEOUT_MIN_MILLIS, TIMEOUT_MAX_MILLIS);
    }

    /** The interval in use. */
    public long intervalMillis() {
        return intervalMillis;
    }

    /** The smoothed round trip time; 0 = no ping was answered yet. */
    public long srttMillis() {
        return srttMillis;
    }

    private static long clamp(long value, long min, long max) {
        return Math.min(max, Math.max(min, value));
    }
}
