package io.longwire.room.broadcast;

import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Metrics.Counter;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.metric.Tagged;
import io.longwire.room.session.Loop;

/** What the walks of one loop share. Owner: the loop. */
final class WalkTools {
    /** When a broadcast was written to a session. */
    enum When {
        WALK, LOGIN, READY
    }

    final Loop loop;
    final int loops;
    final BroadcastStore store;
    final Runnable wake;
    final Tagged<When> written;
    final Counter behind;
    final Counter left;
    final Counter seen;
    final Counter strange;
    final Counter questionsFailed;

    /**
     * @param loops of the room: each has an equal share of the pace
     * @param wake has the walks go on soon
     */
    WalkTools(Loop loop, int loops, BroadcastStore store, Runnable wake, Metrics metrics) {
        this.loop = loop;
        this.loops = loops;
        this.store = store;
        this.wake = wake;
        this.written = new Tagged<>(metrics, RoomMetric.BROADCAST_WRITTEN, "when", When.class);
        this.behind = metrics.counter(RoomMetric.BROADCAST_BEHIND);
        this.left = metrics.counter(RoomMetric.BROADCAST_LEFT);
        this.seen = metrics.counter(RoomMetric.BROADCAST_SEEN);
        this.strange = metrics.counter(RoomMetric.BROADCAST_STRANGE_ACKS);
        this.questionsFailed = metrics.counter(RoomMetric.PROFILE_QUESTIONS_FAILED);
    }
}
