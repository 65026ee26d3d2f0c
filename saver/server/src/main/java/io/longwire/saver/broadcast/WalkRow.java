package io.longwire.saver.broadcast;

import io.longwire.rpc.saver.Walk;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A walk as it stands in the table.
 *
 * @param walk without the broadcast
 * @param center who has the lease, empty = nobody had it yet
 * @param leasedUntil unix ms
 * @param firstWritten unix ms of the first report with something written; 0 = none yet
 * @param doneAt unix ms; 0 = it is neither finished nor its room gone
 */
record WalkRow(Walk walk, String center, long leasedUntil, long firstWritten, long doneAt) {
    static final int MAX_FAILED = 40;

    /** What names it. */
    record Key(long broadcast, int stage, int room) implements Comparable<Key> {
        static Key of(Walk walk) {
            return new Key(walk.getBroadcastId(), walk.getStage(), walk.getRoomIncarnation());
        }

        @Override
        public int compareTo(Key other) {
            int byBroadcast = Long.compare(broadcast, other.broadcast);
            int byStage = byBroadcast != 0 ? byBroadcast : Integer.compare(stage, other.stage);
            return byStage != 0 ? byStage : Integer.compareUnsigned(room, other.room);
        }
    }

    Key key() {
        return Key.of(walk);
    }

    boolean done() {
        return walk.getFinished() || walk.getGone();
    }

    /**
     * The room has walked a canary: it is asked on for as long as the canary lasts, since it is judged by what its
     * phones answer, and who hangs up, after they were written to.
     */
    boolean isAskedOn() { return walk.getFinished() && walk.getStage() == 0 && !ofList(); }

    /** The walk of a range of a list, with which no room has to do. */
    boolean ofList() {
        return walk.getChunks() != 0;
    }

    /**
     * A walk that is done and has to be looked at again, since its room lives: it was taken for gone, or its number may
     * be another room's by now (numbers are free again after a day). A room that has walked says so at once.
     */
    boolean mayBeAnothers(Set<Integer> living, long finishedBefore) {
        return done() && !ofList() && living.contains(walk.getRoomIncarnation())
                && (walk.getGone() || doneAt < finishedBefore);
    }

    WalkRow reopened() {
        return new WalkRow(walk.toBuilder().clearFinished().clearGone().build(), center, leasedUntil, firstWritten, 0);
    }

    /** With the lease of this center: the epoch grows unless it had it before. */
    WalkRow leased(String by, long until) {
        long epoch = by.equals(center) ? walk.getEpoch() : walk.getEpoch() + 1;
        return new WalkRow(walk.toBuilder().setEpoch(epoch).build(), by, until, firstWritten, doneAt);
    }

    /** Whether the report comes from who has the lease. */
    boolean leasedBy(String by, long epoch) {
        return by.equals(center) && epoch == walk.getEpoch();
    }

    /**
     * With what its owner reports, and its lease renewed. Counters only grow, except for two that tell how it is now:
     * the sessions there are, and those that are behind. What is done stays so. The walk of a list's range is never
     * gone, and finished only when all its chunks are through.
     */
    WalkRow reported(Walk now, long at, long until) {
        var merged = walk.toBuilder().setVisited(Math.max(walk.getVisited(), now.getVisited()))
                .setTotal(now.getTotal()).setBehind(now.getBehind())
                .setWritten(Math.max(walk.getWritten(), now.getWritten()))
                .setSeen(Math.max(walk.getSeen(), now.getSeen()))
                .setNotInAudience(Math.max(walk.getNotInAudience(), now.getNotInAudience()))
                .setDroppedAfter(Math.max(walk.getDroppedAfter(), now.getDroppedAfter()))
                .setAcked(Math.max(walk.getAcked(), now.getAcked())).clearFailed()
                .putAllFailed(most(walk.getFailedMap(), now.getFailedMap()));
        if (ofList()) {
            int cursor = Math.clamp(now.getCursor(), walk.getCursor(), walk.getChunks());
            merged.setTotal(walk.getTotal()).setCursor(cursor)
                    .setFinished(walk.getFinished() || (now.getFinished() && cursor == walk.getChunks()));
        } else if (!done()) {
            merged.setFinished(now.getFinished()).setGone(now.getGone() && !now.getFinished());
        }
        boolean first = firstWritten == 0 && merged.getWritten() > 0;
        boolean ends = !done() && (merged.getFinished() || merged.getGone());
        return new WalkRow(merged.build(), center, Math.max(leasedUntil, until), first ? at : firstWritten,
                ends ? at : doneAt);
    }

    private static Map<Integer, Long> most(Map<Integer, Long> before, Map<Integer, Long> now) {
        var most = new HashMap<>(before);
        now.forEach((status, count) -> {
            if (most.size() < MAX_FAILED || most.containsKey(status)) {
                most.merge(status, count, Math::max);
            }
        });
        return most;
    }
}
