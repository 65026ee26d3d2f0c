package io.longwire.sdk.connection;

import io.longwire.device.FrameReader;
import io.longwire.device.ProtocolError;
import io.longwire.sdk.policy.Pace;

/** How long the rest of a frame may take: one that stalls is a dead link, one that trickles a hostile peer. */
final class HalfFrame {
    private static final long NEVER = Long.MAX_VALUE;

    private final Pace pace;
    private long since;
    private long wholeBy = NEVER;

    HalfFrame(Pace pace) {
        this.pace = pace;
    }

    /**
     * Bytes came.
     *
     * @param reader what they went to
     * @param anyWhole whether a frame became whole by them
     */
    void read(FrameReader reader, boolean anyWhole, long nowMillis) throws ProtocolError {
        int size = reader.partialSize();
        if (size == 0) {
            wholeBy = NEVER;
            return;
        }
        if (anyWhole || wholeBy == NEVER) {
            since = nowMillis;
        }
        wholeBy = Math.min(nowMillis + pace.gapMillis(), since + pace.frameMillis(size));
    }

    /** When more must have come; far away while there is no half frame. */
    long dueAt() {
        return wholeBy;
    }

    /** How long it has been half. */
    long ageMillis(long nowMillis) {
        return nowMillis - since;
    }
}
