package io.longwire.center.kick;

import java.util.Locale;

/** What became of a kick. */
enum Outcome {
    /** There was a session, and it is ended. */
    KICKED,
    /** There is no session. */
    OFFLINE,
    /** It is on another connection than the one that was meant. */
    MOVED,
    /** Nobody can say: it may be online, or may have been kicked. */
    UNKNOWN,
    /** The room did not get to it. */
    BUSY,
    /** The room that was asked has it no more: another one may. No caller is told this. */
    NOT_THERE;

    private final String label = name().toLowerCase(Locale.ROOT);

    String label() {
        return label;
    }
}
