package io.longwire.room.broadcast;

import io.longwire.device.v1.AckStatus;
import io.longwire.rpc.room.WalkStatus;

/** What one stage of a broadcast has come to on one loop. Owner: the loop. */
final class WalkCounts {
    private static final int STATUSES = AckStatus.ACK_REVOKE_LATE_VALUE + 1;

    long visited;
    long total;
    long written;
    long writtenAtLogin;
    long seen;
    long notInAudience;
    long left;
    long acked;
    long droppedAfter;
    final long[] failed = new long[STATUSES];

    /** @param waiting who is behind and will be visited again */
    WalkStatus.Builder status(long waiting) {
        WalkStatus.Builder status = WalkStatus.newBuilder().setVisited(visited).setTotal(Math.max(total, visited))
                .setWritten(written).setLoginWritten(writtenAtLogin).setSeen(seen).setNotInAudience(notInAudience)
                .setBehind(left + waiting).setAcked(acked).setDroppedAfter(droppedAfter);
        for (int i = 0; i < failed.length; i++) {
            if (failed[i] != 0) {
                status.putFailed(i, failed[i]);
            }
        }
        return status;
    }
}
