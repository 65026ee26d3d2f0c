package io.longwire.sdk.android.system;

/**
 * How well the app can be reached: a ladder, from top to bottom. Android lets a process live in the background only
 * with a right to it, and wakes a sleeping phone on time only with another. The room is told, so that the product may
 * choose another channel for whoever stands low.
 */
public enum Mode {
    /** The connection lives, and its pings go out when they are due. */
    LIVE_EXACT(1),
    /** The connection lives; in deep sleep pings go out up to nine minutes late, so long rungs do not hold. */
    LIVE_INEXACT(2),
    /** The connection lives while the user looks at the app; otherwise it is looked for messages now and then. */
    FOREGROUND_ONLY(3),
    /** The user has forbidden the app to run in the background: messages come when it is opened. */
    OTHER_CHANNEL(4);

    private static final long QUARTER_HOUR_MILLIS = 900_000;
    private static final long SIX_HOURS_MILLIS = 6 * 3_600_000L;

    private final int capability;

    Mode(int capability) {
        this.capability = capability;
    }

    /** What these rights allow. */
    public static Mode of(Rights rights) {
        boolean lives = rights.foregroundService() || rights.batteryExempt();
        if (rights.restricted() && !rights.foregroundService()) {
            return OTHER_CHANNEL;
        }
        if (!lives) {
            return FOREGROUND_ONLY;
        }
        return rights.exactAlarms() ? LIVE_EXACT : LIVE_INEXACT;
    }

    /** What CONNECT says of it. */
    public int capability() {
        return capability;
    }

    /** How often the system is asked to start the app, should it have been ended; milliseconds. */
    public long safetyCheckMillis() {
        return this == FOREGROUND_ONLY ? QUARTER_HOUR_MILLIS : SIX_HOURS_MILLIS;
    }
}
