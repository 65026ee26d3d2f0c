package io.longwire.saver.inbox;

/**
 * What an inbox may hold, by its app.
 *
 * @param overflow what goes when it is full
 */
public record Caps(int messages, int bytes, Overflow overflow) {
    /** The most bytes of any inbox. */
    public static final int MAX_BYTES = 256 << 10;
    /** The most messages of any inbox, and the default. */
    public static final int MAX_MESSAGES = 200;
    /** For an app that is not known (yet). */
    public static final Caps DEFAULT = new Caps(MAX_MESSAGES, MAX_BYTES, Overflow.DROP_OLDEST);

    /** What goes when an inbox is full; the numbers are those of AppRecord.overflow and of the append script. */
    public enum Overflow {
        /** The oldest messages end. */
        DROP_OLDEST(0),
        /** The new message is refused. */
        REJECT_NEW(1),
        /** Messages with a collapse key end, the oldest first; then others, the oldest first. */
        COLLAPSE(2);

        private final int number;

        Overflow(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }

        /** The policy of a number; an unknown one is the default. */
        public static Overflow of(int number) {
            return number == REJECT_NEW.number ? REJECT_NEW : number == COLLAPSE.number ? COLLAPSE : DROP_OLDEST;
        }
    }
}
