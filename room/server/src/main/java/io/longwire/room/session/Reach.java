package io.longwire.room.session;

/** How well a phone says it can be woken for what comes: the field {@code capability} of CONNECT and PING. */
public enum Reach {
    /** It did not say. */
    UNTOLD(0),
    /** Its timers are on time, in deep sleep too. */
    EXACT(1),
    /** In deep sleep its pings go out late. */
    INEXACT(2),
    /** It lives while its user looks. */
    FOREGROUND_ONLY(3),
    /** Messages reach its user by another channel only. */
    OTHER_CHANNEL(4);

    private static final Reach[] ALL = values();

    private final int capability;

    Reach(int capability) {
        this.capability = capability;
    }

    /** The number that stands for it. */
    int capability() {
        return capability;
    }

    /** What the number stands for; one of a later version is {@link #UNTOLD}. */
    public static Reach of(int capability) {
        for (Reach one : ALL) {
            if (one.capability == capability) {
                return one;
            }
        }
        return UNTOLD;
    }
}
