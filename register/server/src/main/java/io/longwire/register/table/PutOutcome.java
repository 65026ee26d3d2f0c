package io.longwire.register.table;

/** What a put did. */
public enum PutOutcome {
    /** Stored; no other live session stood there. */
    STORED,
    /** Stored in the place of a live session with a lower conn_seq. */
    DISPLACED,
    /** Not stored: a live session with a higher conn_seq, or an equal one of another room, stands there. */
    INCUMBENT,
    /** Not stored: the table is at its bound, or the machine has no memory left. */
    FULL
}
