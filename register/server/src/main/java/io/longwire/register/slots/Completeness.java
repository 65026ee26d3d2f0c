package io.longwire.register.slots;

/** How much the absence of an entry means. */
public enum Completeness {
    /** A room may not have told us yet: absence means nothing. */
    NONE,
    /** Long enough for every room that could: absence means offline, but is no ground to forget anything. */
    BY_TIME,
    /** Every live room has flushed the slot to us. */
    BY_FLUSH
}
