package io.longwire.saver.ledger;

import io.longwire.device.id.MessageId;
import io.longwire.keeper.clock.Clock;

/**
 * Which message ids may still be written. The ledger's partitions are ranges of ids: an id that could fall into a
 * partition already compacted must never be inserted.
 */
public final class IdAge {
    /** An older id is refused: mint anew. */
    public static final long STALE_MILLIS = 10 * 60_000;
    /** An id from further in the future is refused. */
    public static final long AHEAD_MILLIS = 60_000;
    /** Ends of younger messages go to end_log, of older ones to msg_cold. */
    public static final long END_LOG_MILLIS = 24 * 3_600_000L;

    private final Clock clock;

    public IdAge(Clock clock) {
        this.clock = clock;
    }

    /** Too old, or too far ahead, to be appended. */
    public boolean stale(long messageId) {
        long age = clock.wallMillis() - MessageId.timeMs(messageId);
        return messageId <= 0 || age > STALE_MILLIS || age < -AHEAD_MILLIS;
    }

    /** Its end belongs into msg_cold. */
    boolean endsInCold(long messageId) {
        return clock.wallMillis() - MessageId.timeMs(messageId) >= END_LOG_MILLIS;
    }

    long now() {
        return clock.wallMillis();
    }
}
