package io.longwire.saver.inbox;

/**
 * What an inbox may hold, by its app.
 *
 * @param rejectNew when it is full: refuse the new message instead of ending the oldest
 */
public record Caps(int messages, int bytes, boolean rejectNew) {
    /** The most bytes of any inbox. */
    public static final int MAX_BYTES = 256 << 10;
    /** The most messages of any inbox, and the default. */
    public static final int MAX_MESSAGES = 200;
    /** For an app that is not known (yet). */
    public static final Caps DEFAULT = new Caps(MAX_MESSAGES, MAX_BYTES, false);
}
