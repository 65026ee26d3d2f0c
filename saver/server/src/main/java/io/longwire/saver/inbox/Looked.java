package io.longwire.saver.inbox;

import java.util.List;

/**
 * What an inbox answered to a look.
 *
 * @param messages by id
 * @param more there are more than the limits allow
 * @param notBefore unix ms before which nothing more is given, 0 = now
 * @param expired ids that have expired: to be ended, then removed, by the caller
 * @param parked the inbox was parked: what was appended before that is in the ledger only
 * @param collapsed messages that a newer one stands for: to be ended, then removed, by the caller
 */
public record Looked(List<Waiting> messages, boolean more, long notBefore, List<Long> expired, boolean parked,
        List<Collapse> collapsed) {
    /** An inbox without messages. */
    public static final Looked EMPTY = new Looked(List.of(), false, 0, List.of(), false, List.of());

    /**
     * A message that waits.
     *
     * @param headless its payload stands in the head of its id
     * @param collapse hash of its collapse key, 0 = none
     * @param fast it may not be in the ledger yet
     * @param revoke it takes back another message
     */
    public record Waiting(long message, long expireAt, int app, int attempts, byte[] envelope, boolean headless,
            long collapse, boolean fast, boolean revoke) {
        /** The same with its payload. */
        public Waiting with(byte[] whole) {
            return new Waiting(message, expireAt, app, attempts, whole, false, collapse, fast, revoke);
        }
    }
}
