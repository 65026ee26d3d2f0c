package io.longwire.center.status;

import io.longwire.register.client.Lookup;
import io.longwire.room.client.audience.Share;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.BroadcastEndpoint;
import io.longwire.rpc.saver.BroadcastProgress;
import io.longwire.rpc.saver.EndpointRecord;
import java.util.Locale;

/**
 * One word, one code and one sentence for where a broadcast is on its way to one endpoint, and why. What is not kept
 * for each endpoint is not guessed: when it was acked, and, of one that is online, whether its room has come to it.
 * Pure.
 */
final class BroadcastReason {
    private static final String OUTSIDE = "not_in_audience";

    private BroadcastReason() {
    }

    static Reason of(BroadcastEndpoint known, Reason.Now now) {
        Broadcast broadcast = known.getProgress().getBroadcast();
        EndpointRecord endpoint = known.getEndpoint();
        if (known.getClicked()) {
            return new Reason("clicked", "clicked", "clicked on the phone");
        }
        if (known.getShown()) {
            return new Reason("shown", "shown", "shown on the phone");
        }
        if (known.getAcked()) {
            return new Reason("acked", "acked", "acked by the phone; the time of each is not kept of a broadcast");
        }
        if (endpoint.getState() == EndpointRecord.State.GONE) {
            return new Reason("deleted", "endpoint_gone", "endpoint gone: the app was removed from the phone");
        }
        if (endpoint.getCreatedMs() > broadcast.getCreatedMs()) {
            return new Reason(OUTSIDE, "registered_later", "registered after the broadcast, at "
                    + Times.text(endpoint.getCreatedMs()) + ": an endpoint gets what is sent from then on");
        }
        if (known.getOutside()) {
            return new Reason(OUTSIDE, OUTSIDE, "not in the audience by what is known of it now: tags, topics, aliases,"
                    + " attributes, days away, its share");
        }
        if (broadcast.getState() == Broadcast.State.ENDED
                || (broadcast.getExpireAtMs() != 0 && broadcast.getExpireAtMs() <= now.millis())) {
            return new Reason("expired", "expired",
                    "expired at " + Times.text(broadcast.getExpireAtMs()) + " before the phone acked it");
        }
        return switch (broadcast.getState()) {
            case CANCELLED -> new Reason("cancelled", "cancelled", "cancelled" + why(broadcast)
                    + " before the phone acked it");
            case HELD -> waiting("held", "held" + why(broadcast) + "; it goes when the operator approves it");
            case PAUSED -> waiting("paused", "paused" + why(broadcast));
            default -> underWay(known.getProgress(), endpoint, now);
        };
    }

    private static String why(Broadcast broadcast) {
        return broadcast.getReason().isEmpty() ? "" : ": " + broadcast.getReason();
    }

    private static Reason underWay(BroadcastProgress progress, EndpointRecord endpoint, Reason.Now now) {
        Broadcast broadcast = progress.getBroadcast();
        double share = broadcast.getCanary().getPercent();
        if (broadcast.hasCanary() && broadcast.getStage() == 0
                && Share.of(endpoint.getEndpointId(), broadcast.getBroadcastId()) >= Share.below(share)) {
            return waiting("canary", String.format(Locale.ROOT,
                    "canary: endpoint is not in the %s %% that get it first", text(share)));
        }
        return switch (now.session()) {
            case Lookup.Online online -> online(progress, now);
            case Lookup.Offline offline -> waiting("offline", endpoint.getSeenMs() == 0
                    ? "endpoint offline: it has never connected"
                    : "endpoint offline since " + Times.text(endpoint.getSeenMs())
                            + " (last seen); delivered when it connects");
            case Lookup.Unknown unknown -> waiting("presence_unknown",
                    "whether the endpoint is online is not known at the moment");
        };
    }

    private static Reason online(BroadcastProgress progress, Reason.Now now) {
        Broadcast broadcast = progress.getBroadcast();
        if (now.told().getCode() == ControlResult.Code.NOT_READY) {
            return waiting("app_not_running", "app not running; the phone is connected, delivered when the app runs");
        }
        if (broadcast.getState() == Broadcast.State.RUNNING) {
            boolean paced = broadcast.getPace().getRatePerSecond() > 0 || broadcast.getPace().getDurationS() > 0;
            double percent = progress.getTotal() == 0
                    ? 0
                    : Math.min(100, Math.floor(1000.0 * progress.getVisited() / progress.getTotal()) / 10);
            return waiting("walking", (paced ? "paced: the walk is at " : "the walk is at ") + text(percent)
                    + " %; the endpoint is online at " + now.room());
        }
        return waiting("walked", "the endpoint is online at " + now.room() + ", and every room has walked: it has not"
                + " acked yet, or could not take it and gets it when it connects again"
                + (broadcast.getAudience().equals(Audience.getDefaultInstance())
                        ? ""
                        : ", or its phone is not in the audience"));
    }

    private static String text(double percent) {
        return percent == Math.rint(percent) ? Long.toString((long) percent) : Double.toString(percent);
    }

    private static Reason waiting(String code, String why) {
        return new Reason("waiting", code, why);
    }
}
