package io.longwire.sdk.store;

import io.longwire.device.v1.AckStatus;
import io.longwire.sdk.policy.Dedupe;
import org.jspecify.annotations.Nullable;

/** What an app said became of one message. Immutable. */
public final class Report {
    private final long messageId;
    private final long broadcast;
    private final int flag;

    /**
     * @param broadcast its broadcast sequence; 0 = none
     * @param flag {@link Dedupe#SHOWN} or {@link Dedupe#CLICKED}
     */
    Report(long messageId, long broadcast, int flag) {
        this.messageId = messageId;
        this.broadcast = broadcast;
        this.flag = flag;
    }

    public long messageId() {
        return messageId;
    }

    public long broadcast() {
        return broadcast;
    }

    int flag() {
        return flag;
    }

    public AckStatus status() {
        return flag == Dedupe.CLICKED ? AckStatus.ACK_CLICKED : AckStatus.ACK_SHOWN;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Report && ((Report) other).messageId == messageId && ((Report) other).flag == flag;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(messageId) * 31 + flag;
    }
}
