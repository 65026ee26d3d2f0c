package io.longwire.center.status;

import io.longwire.register.client.Lookup;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.Timeline;
import java.util.Locale;

/**
 * One word and one sentence for where a message is and why.
 *
 * @param state waiting, acked, expired, cancelled, collapsed, overflowed, dead, deleted or rejected
 */
record Reason(String state, String why) {
    /** From so many deliveries without an ack on, the inbox backs off. */
    private static final int PARKED_FROM = 3;

    /** What is known of a living message's endpoint at this moment. */
    record Now(Lookup session, EndpointRecord endpoint, String room, long millis) {
    }

    static Reason of(Timeline timeline, Now now) {
        if (timeline.getState() == Timeline.State.ENDED) {
            return ended(timeline);
        }
        if (timeline.getExpireAtMs() != 0 && timeline.getExpireAtMs() <= now.millis()) {
            return new Reason("expired", "expired at " + Times.text(timeline.getExpireAtMs()) + " before it was acked");
        }
        return new Reason("waiting", waiting(timeline, now));
    }

    private static Reason ended(Timeline timeline) {
        String at = Times.text(timeline.getEndedMs());
        String state = timeline.getHow().name().toLowerCase(Locale.ROOT);
        String why = switch (timeline.getHow()) {
            case ACKED -> "acked by the phone at " + at + ", "
                    + Math.max(0, timeline.getEndedMs() - timeline.getAcceptedMs()) + " ms after it was accepted";
            case EXPIRED -> "its time to live ended before the phone acked it";
            case CANCELLED -> "cancelled at " + at;
            case COLLAPSED -> "replaced at " + at + " by a newer message with the same collapse key";
            case OVERFLOWED -> "pushed out at " + at + " because the endpoint's inbox was full";
            case DEAD -> "given up at " + at + " after " + timeline.getAttempts() + " deliveries without an ack";
            case DELETED -> "the endpoint was deleted at " + at;
            case REJECTED -> "refused at " + at + " by the endpoint's policy (code " + timeline.getCode() + ")";
            case NONE, UNRECOGNIZED -> "ended at " + at;
        };
        return new Reason(timeline.getHow() == How.NONE ? "ended" : state, why);
    }

    private static String waiting(Timeline timeline, Now now) {
        if (now.endpoint().getState() == EndpointRecord.State.GONE) {
            return "endpoint gone: the app was removed from the phone; the message ends with the endpoint";
        }
        return switch (now.session()) {
            case Lookup.Online online -> online(timeline, now);
            case Lookup.Offline offline -> now.endpoint().getSeenMs() == 0
                    ? "endpoint offline: it has never connected; delivered at its first connect"
                    : "endpoint offline since " + Times.text(now.endpoint().getSeenMs())
                            + " (last seen); delivered when it connects";
            case Lookup.Unknown unknown -> "whether the endpoint is online is not known at the moment"
                    + nextLook(timeline);
        };
    }

    private static String online(Timeline timeline, Now now) {
        if (timeline.getDeferredMs() != 0) {
            return "app not running since " + Times.text(timeline.getDeferredMs())
                    + "; the phone is connected, delivered when the app runs";
        }
        if (timeline.getAttempts() >= PARKED_FROM) {
            return "parked: " + timeline.getAttempts() + " deliveries without ack" + nextLook(timeline);
        }
        if (timeline.getWrittenMs() != 0) {
            return "in flight: written at " + Times.text(timeline.getWrittenMs()) + " by " + now.room()
                    + ", waiting for the ack" + nextLook(timeline);
        }
        return "in flight: the endpoint is online at " + now.room() + ", waiting for the ack" + nextLook(timeline);
    }

    private static String nextLook(Timeline timeline) {
        return timeline.getDueMs() == 0 ? "" : "; looked at again at " + Times.text(timeline.getDueMs());
    }
}
