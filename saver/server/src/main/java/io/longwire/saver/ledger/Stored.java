package io.longwire.saver.ledger;

/** What became of a message row. */
public enum Stored {
    /** It is committed by this send. */
    COMMITTED,
    /** It was committed by an earlier send, and lives. */
    KNOWN,
    /** It was committed before, and has ended since: it must not be made visible again. */
    ENDED_BEFORE,
    /** As ENDED_BEFORE, and the end was a refusal: the inbox was full. */
    REFUSED_FULL,
    /** As ENDED_BEFORE, and the end was a refusal: the endpoint was gone. */
    REFUSED_GONE,
    /** Its id is too old or too far ahead; it was not stored by this send. */
    STALE
}
