package io.longwire.saver.partition;

import io.longwire.device.id.MessageId;

/**
 * A part of a table.
 *
 * @param upper the first message id that is not in it
 */
record Partition(LedgerTable table, String name, long upper) {
    /** The part that every table is made with; it holds nothing and stays. */
    static final String FIRST = "p0";

    /** Unix ms of the upper bound. */
    long upperMillis() {
        return MessageId.timeMs(upper);
    }

    /** Its time has come. */
    boolean old(long now) {
        return !name.equals(FIRST) && upperMillis() + table.keptMillis() <= now;
    }
}
