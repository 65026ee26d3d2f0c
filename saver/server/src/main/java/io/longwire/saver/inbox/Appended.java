package io.longwire.saver.inbox;

import java.util.List;

/**
 * What an append script answered.
 *
 * @param victims messages that overflow the inbox: to be ended, then removed, by the caller; who is not is named again
 *        by an append 2 s later
 * @param collapsed messages that a newer one stands for: to be ended, then removed, by the caller
 */
public record Appended(Verdict verdict, List<Long> victims, List<Collapse> collapsed) {
    /** What became of the message. */
    public enum Verdict {
        /** It was there already. */
        THERE,
        /** It is in the inbox now. */
        ADDED,
        /** The inbox is full and its app refuses new ones. */
        FULL,
        /** The endpoint is gone. */
        GONE,
        /** The inbox is at twice its cap: its victims are not ended as fast as new ones come. */
        TWICE_FULL,
        /** A newer message with its collapse key is there: it was not appended and is named as collapsed. */
        COLLAPSED;

        private static final Verdict[] ALL = values();

        static Verdict of(long code) {
            return ALL[(int) code];
        }
    }

    /** The message is in the inbox. */
    public boolean in() {
        return verdict == Verdict.ADDED || verdict == Verdict.THERE;
    }

    /** The message that this one collapsed, 0 = none. */
    public long collapsedBy(long message) {
        for (Collapse each : collapsed) {
            if (each.by() == message) {
                return each.message();
            }
        }
        return 0;
    }
}
