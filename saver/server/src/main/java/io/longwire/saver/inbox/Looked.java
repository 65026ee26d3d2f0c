package io.longwire.saver.inbox;

import java.util.List;

/**
 * What an inbox answered to a look.
 *
 * @param messages by id
 * @param more there are more than the limits allow
 * @param notBefore unix ms before which nothing is given, 0 = now
 * @param expired ids that have expired: to be ended, then removed, by the caller
 * @param parked the inbox was parked: what was appended before that is in the ledger only
 */
public record Looked(List<Waiting> messages, boolean more, long notBefore, List<Long> expired, boolean parked) {
    /** An inbox without messages. */
    public static final Looked EMPTY = new Looked(List.of(), false, 0, List.of(), false);

    /** A message that waits. */
    public record Waiting(long message, long expireAt, int app, int attempts, byte[] envelope) {
    }
}
