package io.longwire.sdk.policy;

import io.longwire.device.v1.NetType;

/**
 * How long things may take, by kind of network. A time-out grows with what is to be read or sent. Immutable.
 */
public enum Pace {
    /** Wifi, cable, and what nobody told. */
    FAST(6_000, 15_000, 15_000, 10_000, 10_000, 8_000, 12_000),
    /** 4G, 5G, a VPN over whatever. */
    CELL(8_000, 20_000, 20_000, 15_000, 15_000, 12_000, 4_000),
    /** 2G, 3G, roaming: round trips of seconds happen. */
    SLOW(15_000, 45_000, 30_000, 20_000, 30_000, 20_000, 1_000);

    /** A dial is given up after so long, however long the round may be. */
    public static final long DIAL_MILLIS = 10_000;

    private static final long FOREGROUND_MAX_MILLIS = 8_000;
    private static final long QUICK_MILLIS = 5_000;
    private static final long SLACK_MILLIS = 3_000;

    private final long pingMinMillis;
    private final long pingMaxMillis;
    private final long roundMillis;
    private final long connectAckMillis;
    private final long replyMillis;
    private final long gapMillis;
    private final long bytesPerSecond;

    Pace(long pingMinMillis, long pingMaxMillis, long roundMillis, long connectAckMillis, long replyMillis,
            long gapMillis, long bytesPerSecond) {
        this.pingMinMillis = pingMinMillis;
        this.pingMaxMillis = pingMaxMillis;
        this.roundMillis = roundMillis;
        this.connectAckMillis = connectAckMillis;
        this.replyMillis = replyMillis;
        this.gapMillis = gapMillis;
        this.bytesPerSecond = bytesPerSecond;
    }

    /** The pace of a network. */
    public static Pace of(Network network) {
        return of(network.type(), network.isRoaming());
    }

    private static Pace of(NetType type, boolean roaming) {
        if (roaming) {
            return SLOW;
        }
        switch (type) {
            case NET_CELL_2G :
            case NET_CELL_3G :
                return SLOW;
            case NET_CELL_4G :
            case NET_CELL_5G :
            case NET_VPN :
                return CELL;
            default :
                return FAST;
        }
    }

    /**
     * How long the answer to a ping may take: 4 round trips and 3 s, within the bounds of the network. While the user
     * looks 8 s at most, and 5 s for the ping that asks right after the app came to the front; but a slow network is
     * not called dead the sooner for being looked at.
     *
     * @param srttMillis 0 = not known
     */
    public long pingMillis(long srttMillis, boolean foreground, boolean quick) {
        long measured = srttMillis <= 0
                ? pingMaxMillis
                : Math.min(pingMaxMillis, Math.max(pingMinMillis, 4 * srttMillis + SLACK_MILLIS));
        if (this == SLOW) {
            return measured;
        }
        return quick ? QUICK_MILLIS : foreground ? Math.min(measured, FOREGROUND_MAX_MILLIS) : measured;
    }

    /** A whole round of dials. */
    public long roundMillis() {
        return roundMillis;
    }

    /** From CONNECT to its answer; also from a question to the dispatcher to its answer. */
    public long connectAckMillis() {
        return connectAckMillis;
    }

    /** From the last byte of an uplink or a profile to its answer. */
    public long replyMillis() {
        return replyMillis;
    }

    /** From the first of so many bytes to the last, either way, on a network of this kind that is slow. */
    public long sendMillis(long bytes) {
        return 1_000L * bytes / bytesPerSecond;
    }

    /** Between two bytes of one frame. */
    public long gapMillis() {
        return gapMillis;
    }

    /** From the first byte of a frame of this size to its last. */
    public long frameMillis(int bytes) {
        return gapMillis + sendMillis(bytes);
    }
}
