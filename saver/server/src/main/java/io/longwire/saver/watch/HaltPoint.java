package io.longwire.saver.watch;

/** The moments at which {@code --halt-at} can end a saver as {@code kill -9} would; what must hold after each. */
public final class HaltPoint {
    /** The caller's key stands for this message id, nothing is stored: a retry stores under the same id. */
    public static final String IDEM_INSERTED = "saver.idem-inserted";
    /** In the ledger, not in the inbox, not accepted: a retry finds it and goes on. */
    public static final String LEDGER_COMMITTED = "saver.ledger-committed";
    /** The slot is marked COLD, the caller does not know it yet: a fetch reads the ledger. */
    public static final String COLD_MARKED = "saver.cold-marked";
    /** In ledger and inbox, the caller does not know it yet: the due set finds it. */
    public static final String APPENDED = "saver.appended";
    /** A FAST message is in the inbox and with a replica; not in the ledger, not accepted: its row is written later. */
    public static final String FAST_CONFIRMED = "saver.fast-confirmed";
    /** An end is committed, the inbox still has the message: delivered once more, ended before. */
    public static final String END_LOGGED = "saver.end-logged";
    /** About to remove an ended message from the inbox: as END_LOGGED. */
    public static final String BEFORE_HDEL = "saver.before-hdel";
    /** Live rows of a partition are committed in msg_cold, the partition is not dropped: compacted again. */
    public static final String COPIED_TO_COLD = "saver.copied-to-cold";

    private HaltPoint() {
    }
}
