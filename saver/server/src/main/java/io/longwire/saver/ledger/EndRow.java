package io.longwire.saver.ledger;

import io.longwire.rpc.saver.How;

/**
 * The end of a message, as asked for. What stood first in the ledger counts.
 *
 * @param app whose message it must be; 0 = whoever's
 * @param code ack status, or reason
 * @param at unix ms of the end
 * @param by the message that stands for it now (COLLAPSED); 0 = none
 */
public record EndRow(MessageKey key, int app, How how, int code, long at, Course course, long by) {
    /** The code of a COLLAPSED end: a newer message with the same collapse key. */
    public static final int COLLAPSED_BY_KEY = 0;
    /** The code of a COLLAPSED end: a message that names it. */
    public static final int COLLAPSED_BY_REPLACE = 1;
    /** The code of a REJECTED end: the inbox was full. */
    public static final int REFUSED_FULL = 1;
    /** The code of a REJECTED end: the endpoint is gone. */
    public static final int REFUSED_GONE = 2;
    /** The code of a CANCELLED end: taken back for good. */
    public static final int REVOKED = 1;

    /**
     * What happened on the way, as the room tells it with an ack.
     *
     * @param routed unix ms, 0 = unknown
     * @param written unix ms, 0 = unknown
     * @param room incarnation of the room, 0 = none
     */
    public record Course(long routed, long written, int attempts, int room) {
        /** An end that no room reported. */
        public static final Course NONE = new Course(0, 0, 0, 0);
    }

    /** An end without another message. */
    public EndRow(MessageKey key, int app, How how, int code, long at, Course course) {
        this(key, app, how, code, at, course, 0);
    }

    /** An end that the saver itself decides. */
    public static EndRow own(MessageKey key, How how, int code, long at) {
        return new EndRow(key, 0, how, code, at, Course.NONE);
    }

    /** The end of a message that another one of its app stands for. */
    public static EndRow collapsed(MessageKey key, int app, int code, long at, long by) {
        return new EndRow(key, app, How.COLLAPSED, code, at, Course.NONE, by);
    }
}
