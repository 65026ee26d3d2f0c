package io.longwire.center.status;

import io.longwire.device.id.MessageId;
import io.longwire.device.v1.AckStatus;
import io.longwire.register.client.Lookup;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.Timeline;
import org.jspecify.annotations.Nullable;

/**
 * One word, one code and one sentence for where a message is and why. docs/errors.md lists the codes; callers build on
 * them, so one never changes.
 *
 * @param state waiting, acked, expired, cancelled, revoked, collapsed, overflowed, dead, deleted or rejected
 */
record Reason(String state, String code, String why) {
    /** From so many deliveries without an ack on, the inbox backs off. */
    private static final int PARKED_FROM = 3;

    /**
     * What is known of a living message's endpoint at this moment.
     *
     * @param told what the room of the session answered; BUSY = nothing
     */
    record Now(Lookup session, EndpointRecord endpoint, ControlResult told, String room, long millis) {
    }

    static Reason of(Timeline timeline, Now now) {
        if (timeline.getState() == Timeline.State.ENDED) {
            return ended(timeline);
        }
        if (timeline.getExpireAtMs() != 0 && timeline.getExpireAtMs() <= now.millis()) {
            return new Reason("expired", "expired",
                    "expired at " + Times.text(timeline.getExpireAtMs()) + " before it was acked");
        }
        return waiting(timeline, now);
    }

    /** Of a message that has ended. */
    static Reason ended(Timeline timeline) {
        return End.of(timeline);
    }

    /**
     * The same, unless it is about an endpoint that is not there because it is kept out.
     *
     * @param why {@code banned until ...}; null = it is not
     */
    Reason orBanned(@Nullable String why) {
        return why != null && (code.equals("offline") || code.equals("never_connected"))
                ? because("banned", "endpoint " + why + "; delivered when it may connect again")
                : this;
    }

    private static Reason waiting(Timeline timeline, Now now) {
        if (now.endpoint().getState() == EndpointRecord.State.GONE) {
            return because("endpoint_gone",
                    "endpoint gone: the app was removed from the phone; the message ends with the endpoint");
        }
        return switch (now.session()) {
            case Lookup.Online online -> online(timeline, now);
            case Lookup.Offline offline -> now.endpoint().getSeenMs() == 0
                    ? because("never_connected",
                            "endpoint offline: it has never connected; delivered at its first connect")
                    : because("offline", "endpoint offline since " + Times.text(now.endpoint().getSeenMs())
                            + " (last seen); delivered when it connects" + cold(timeline));
            case Lookup.Unknown unknown -> because("presence_unknown",
                    "whether the endpoint is online is not known at the moment" + nextLook(timeline));
        };
    }

    private static Reason online(Timeline timeline, Now now) {
        ControlResult told = now.told();
        if (timeline.getDeferredMs() != 0 || told.getCode() == ControlResult.Code.NOT_READY) {
            return because("app_not_running", "app not running"
                    + (timeline.getDeferredMs() == 0 ? "" : " since " + Times.text(timeline.getDeferredMs()))
                    + "; the phone is connected, delivered when the app runs");
        }
        long written = told.getWrittenMs() == 0 ? timeline.getWrittenMs() : told.getWrittenMs();
        if (told.getWrittenMs() == 0 && (timeline.getAttempts() >= PARKED_FROM || timeline.getNotBeforeMs() != 0)) {
            return because("parked_no_ack", "parked: " + timeline.getAttempts() + " deliveries without ack"
                    + (timeline.getNotBeforeMs() > now.millis()
                            ? "; tried again at " + Times.text(timeline.getNotBeforeMs())
                            : nextLook(timeline)));
        }
        if (written != 0) {
            return because("in_flight", "in flight: written at " + Times.text(written) + " by " + now.room()
                    + ", waiting for the ack" + nextLook(timeline));
        }
        if (told.getCode() == ControlResult.Code.PARKED) {
            return because("connection_lost", "the phone's connection to " + now.room()
                    + " was lost a moment ago; delivered when it is back");
        }
        if (timeline.getSlotCold()) {
            return because("slot_cold", "the endpoint is online at " + now.room()
                    + ", and its inbox is being rebuilt from the ledger; delivered with the next fetch"
                    + nextLook(timeline));
        }
        if (timeline.getLow() && timeline.getDueMs() > now.millis() && timeline.getAttempts() == 0) {
            return because("held_low", "low priority: waits for the phone's next wake-up, at the latest until "
                    + Times.text(timeline.getDueMs()));
        }
        return because("routed", "in flight: the endpoint is online at " + now.room() + ", waiting for the ack"
                + window(told) + nextLook(timeline));
    }

    private static String window(ControlResult told) {
        return told.getWindow() == 0 ? "" : " behind " + told.getWindow() + " earlier messages";
    }

    private static String cold(Timeline timeline) {
        return timeline.getSlotCold() ? ", from the ledger: its inbox is being rebuilt" : "";
    }

    private static String nextLook(Timeline timeline) {
        return timeline.getDueMs() == 0 ? "" : "; looked at again at " + Times.text(timeline.getDueMs());
    }

    private static Reason because(String code, String why) {
        return new Reason("waiting", code, why);
    }

    /** What ended it. */
    private static final class End {
        private End() {
        }

        static Reason of(Timeline timeline) {
            String at = Times.text(timeline.getEndedMs());
            int code = timeline.getCode();
            return switch (timeline.getHow()) {
                case ACKED -> acked(timeline, at, AckStatus.forNumber(code));
                case EXPIRED -> new Reason("expired", "expired", "its time to live ended before the phone acked it");
                case CANCELLED -> code == 1
                        ? new Reason("revoked", "revoked", "revoked at " + at + " before it was delivered")
                        : new Reason("cancelled", "cancelled", "cancelled at " + at);
                case COLLAPSED -> new Reason("collapsed", code == 1 ? "replaced" : "collapsed", (code == 1
                        ? "replaced at " + at + " by a message that names it"
                        : "collapsed at " + at + " by a newer message with the same collapse key")
                        + (timeline.getReplacedBy() == 0 ? "" : ", " + MessageId.text(timeline.getReplacedBy())));
                case OVERFLOWED -> new Reason("overflowed", "inbox_full",
                        "pushed out at " + at + " because the endpoint's inbox was full");
                case DEAD -> new Reason("dead", code == 2 ? "dead_age" : "dead_attempts",
                        "given up at " + at + " after "
                                + timeline.getAttempts() + " deliveries without an ack" + (code == 2 ? " in a day" : "")
                                + "; kept 7 days among the dead letters");
                case DELETED -> new Reason("deleted", "endpoint_deleted", "the endpoint was deleted at " + at);
                case REJECTED -> rejected(at, code);
                case NONE, UNRECOGNIZED -> new Reason("ended", "ended", "ended at " + at);
            };
        }

        // With these the message was not shown, and never will be.
        private static Reason acked(Timeline timeline, String at, @Nullable AckStatus status) {
            return switch (status == null ? AckStatus.ACK_STORED : status) {
                case ACK_DECRYPT_FAILED -> new Reason("acked", "decrypt_failed", "not shown: at " + at
                        + " the phone said that it cannot open the payload: sealed with another key than the endpoint"
                        + " has now, for another endpoint, or changed on its way");
                case ACK_NOT_SEALED -> new Reason("acked", "not_sealed", "not delivered: at " + at
                        + " the endpoint was behind an app of another signer, where only sealed payloads go");
                default -> new Reason("acked", "acked", "acked by the phone at " + at + ", "
                        + Math.max(0, timeline.getEndedMs() - timeline.getAcceptedMs())
                        + " ms after it was accepted");
            };
        }

        private static Reason rejected(String at, int code) {
            String why = switch (code) {
                case 1 -> "the endpoint's inbox was full, and its app takes no new message then";
                case 2 -> "the endpoint was gone";
                case 3 -> "the app had as much stored as it may";
                default -> "code " + code;
            };
            String name = switch (code) {
                case 1 -> "rejected_full";
                case 2 -> "rejected_gone";
                case 3 -> "rejected_quota";
                default -> "rejected";
            };
            return new Reason("rejected", name, "refused at " + at + ": " + why);
        }
    }
}
