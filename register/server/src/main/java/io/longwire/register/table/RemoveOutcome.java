package io.longwire.register.table;

/** What a compare-and-remove did. */
public enum RemoveOutcome {
    /** This very session stood there and is gone. */
    REMOVED,
    /** Another live session stands there. */
    SUPERSEDED,
    /** Nothing stood there, or only the entry of a dead room. */
    ABSENT
}
