package io.longwire.saver.ledger;

import io.longwire.rpc.saver.How;

/**
 * The end of a message, as asked for. What stood first in the ledger counts.
 *
 * @param app whose message it must be; 0 = whoever's
 * @param code ack status, or reason
 * @param at unix ms of the end
 */
public record EndRow(MessageKey key, int app, How how, int code, long at, Course course) {
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

    /** An end that the saver itself decides. */
    public static EndRow own(MessageKey key, How how, int code, long at) {
        return new EndRow(key, 0, how, code, at, Course.NONE);
    }
}
