package io.longwire.saver.ledger;

import org.jspecify.annotations.Nullable;

/**
 * What the ledger holds of one message.
 *
 * @param row null: neither in msg_log nor in msg_cold
 * @param ended an end stands in end_log or msg_cold
 */
public record Recorded(MessageKey key, @Nullable MessageRow row, boolean ended) {
    /** It is to be delivered. */
    public boolean live() {
        return row != null && !ended;
    }
}
