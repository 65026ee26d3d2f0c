package io.longwire.saver.ledger;

/** What became of a message row. */
public enum Stored {
    /** It is committed, now or by an earlier send. */
    COMMITTED,
    /** It was committed before, and has ended since: it must not be made visible again. */
    ENDED_BEFORE,
    /** Its id is too old or too far ahead; it was not stored by this send. */
    STALE
}
