package io.longwire.register.table;

/** What a compare-and-remove did. */
public enum RemoveOutcome {
    /** This very session stood there and is gone. */
    REMOVED,
    /** A newer live session, one with a higher conn_seq, stands there. */
    SUPERSEDED,
    /**
     * Nothing stood there, or nothing that knows better: the entry of a dead room, an older session, or this one under
     * an earlier incarnation of its room. What stood there was not changed.
     */
    ABSENT
}
