package io.longwire.sdk.policy;

import java.util.Random;

/**
 * How long to wait before the next connect.
 *
 * <p>The first try after a drop is spread over the window W that the server told beforehand (all phones of a dead room
 * come at once; the window decides alone how high the herd is). Later ones take decorrelated jitter, drawn after the
 * cap: {@code U(base, min(cap, 3 * previous))}. Only a connection that proved itself (60 s of life or an answered
 * ping) starts this over, so a room that drops phones right after login is not hammered. What a server asks for is
 * clamped: no hint makes a phone silent for more than an hour.
 */
public final class ReconnectPolicy {
    /** W while no server has told one. */
    public static final long WINDOW_DEFAULT_MILLIS = 15_000;
    /** W of a phone that its user looks at. */
    public static final long WINDOW_FOREGROUND_MILLIS = 2_000;
    /** A connection that lived so long was a good one. */
    public static final long STABLE_MILLIS = 60_000;
    /** The longest wait a server can ask for. */
    public static final long RETRY_AFTER_MAX_MILLIS = 3_600_000;

    /** Without internet (a captive portal) it is tried no more often. */
    public static final long PORTAL_MILLIS = 100_000;

    private static final long BYPASS_MILLIS = 30_000;
    private static final long SETTLE_FOREGROUND_MILLIS = 250;
    private static final long SETTLE_BACKGROUND_MILLIS = 500;
    private static final long WINDOW_MAX_MILLIS = 600_000;
    private static final long BASE_FOREGROUND_MILLIS = 1_000;
    private static final long CAP_FOREGROUND_MILLIS = 60_000;
    private static final long BASE_BACKGROUND_MILLIS = 5_000;
    private static final long CAP_BACKGROUND_MILLIS = 600_000;

    private final Random random;
    private boolean foreground;
    private long windowMillis = WINDOW_DEFAULT_MILLIS;
    private long toldBaseMillis;
    private long toldCapMillis;
    private long connectedAt = -1;
    private boolean proved;
    private int failures;
    private long previousMillis;
    private long bypassedAt = -1;

    public ReconnectPolicy(Random random) {
        this.random = random;
    }

    /** Whether the user looks at an app of this phone. */
    public void foreground(boolean looks) {
        foreground = looks;
    }

    /** W, as the room told it with CONNECT_ACK, or the dispatcher; 0 = unchanged. */
    public void window(long toldMillis) {
        if (toldMillis > 0) {
            windowMillis = Math.min(toldMillis, WINDOW_MAX_MILLIS);
        }
    }

    /** Base and cap, as the dispatcher told them; 0 = the SDK's own. */
    public void limits(long baseMillis, long capMillis) {
        toldBaseMillis = Math.min(Math.max(0, baseMillis), 60_000);
        toldCapMillis = Math.min(Math.max(0, capMillis), RETRY_AFTER_MAX_MILLIS);
    }

    /** A room accepted CONNECT. */
    public void connected(long nowMillis) {
        connectedAt = nowMillis;
        proved = false;
    }

    /** The room answered a ping on this connection. */
    public void answered() {
        proved = true;
    }

    /** The connection is gone; milliseconds to wait before the next try. */
    public long dropped(long nowMillis) {
        if (proved || (connectedAt >= 0 && nowMillis - connectedAt >= STABLE_MILLIS)) {
            reset();
        }
        connectedAt = -1;
        proved = false;
        return failures == 0 ? first() : again();
    }

    /**
     * A try failed; milliseconds to wait before the next one.
     *
     * @param retryAfterMillis what the server asked for; 0 = nothing
     */
    public long failed(long retryAfterMillis) {
        connectedAt = -1;
        proved = false;
        long own = failures == 0 ? first() : again();
        if (retryAfterMillis <= 0) {
            return own;
        }
        long asked = Math.min(retryAfterMillis, RETRY_AFTER_MAX_MILLIS);
        return Math.max(own, asked + uniform(0, Math.max(1_000, asked / 10)));
    }

    /**
     * The world changed, another network say: that bypasses the backoff, but once in 30 s, so that a network that flaps
     * is no way around it.
     *
     * @return milliseconds until the next try that goes around the backoff, with the time to let the network settle
     */
    public long bypass(long nowMillis) {
        if (bypassedAt < 0 || nowMillis - bypassedAt >= BYPASS_MILLIS) {
            bypassedAt = nowMillis;
        } else if (bypassedAt <= nowMillis) {
            bypassedAt += BYPASS_MILLIS; // taken now, due then
        }
        return bypassedAt - nowMillis + settleMillis();
    }

    /** How long a new network is left to settle, spread a little: many phones may leave one tunnel at once. */
    public long settleMillis() {
        long settle = foreground ? SETTLE_FOREGROUND_MILLIS : SETTLE_BACKGROUND_MILLIS;
        return settle + uniform(0, 2 * settle);
    }

    private void reset() {
        failures = 0;
        previousMillis = 0;
    }

    /** Tries that failed since the last good connection. */
    public int failures() {
        return failures;
    }

    /** The window the next first try is spread over. */
    public long windowMillis() {
        return foreground ? Math.min(windowMillis, WINDOW_FOREGROUND_MILLIS) : windowMillis;
    }

    private long first() {
        failures = 1;
        return uniform(0, windowMillis());
    }

    private long again() {
        failures++;
        long base = toldBaseMillis > 0 ? toldBaseMillis : foreground ? BASE_FOREGROUND_MILLIS : BASE_BACKGROUND_MILLIS;
        long cap = toldCapMillis > 0 ? toldCapMillis : foreground ? CAP_FOREGROUND_MILLIS : CAP_BACKGROUND_MILLIS;
        long top = Math.min(Math.max(base, cap), 3 * Math.max(base, previousMillis));
        previousMillis = uniform(base, top);
        return previousMillis;
    }

    private long uniform(long from, long to) {
        return from + (long) (random.nextDouble() * (to - from));
    }
}
