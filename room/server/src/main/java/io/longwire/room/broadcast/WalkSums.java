package io.longwire.room.broadcast;

import io.longwire.rpc.room.CountReply;
import io.longwire.rpc.room.WalkStatus;

/** What loops have come to, added up. Static. */
public final class WalkSums {
    private WalkSums() {
    }

    /** The two together; finished if both are. */
    public static WalkStatus sum(WalkStatus one, WalkStatus other) {
        WalkStatus.Builder sum = one.toBuilder().setWalking(one.getWalking() || other.getWalking())
                .setFinished(one.getFinished() && other.getFinished())
                .setVersion(Math.min(one.getVersion(), other.getVersion()))
                .setVisited(one.getVisited() + other.getVisited()).setTotal(one.getTotal() + other.getTotal())
                .setWritten(one.getWritten() + other.getWritten())
                .setLoginWritten(one.getLoginWritten() + other.getLoginWritten())
                .setSeen(one.getSeen() + other.getSeen())
                .setNotInAudience(one.getNotInAudience() + other.getNotInAudience())
                .setBehind(one.getBehind() + other.getBehind()).setAcked(one.getAcked() + other.getAcked())
                .setDroppedAfter(one.getDroppedAfter() + other.getDroppedAfter());
        other.getFailedMap()
                .forEach((status, count) -> sum.putFailed(status, sum.getFailedOrDefault(status, 0) + count));
        return sum.build();
    }

    public static CountReply sum(CountReply one, CountReply other) {
        return one.toBuilder().setSessions(one.getSessions() + other.getSessions())
                .setMatching(one.getMatching() + other.getMatching()).build();
    }
}
