package io.longwire.center.client;

import io.longwire.center.client.call.Times;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.center.AudienceEstimate;
import io.longwire.rpc.center.BroadcastCounts;
import io.longwire.rpc.center.BroadcastInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a broadcast is.
 *
 * @param broadcastId empty of a dry run and of one that is to come
 * @param state held, running, paused, walked, cancelled, ended; scheduled, dry_run
 * @param stage canary, all
 * @param reason why it is held, paused or cancelled; empty = it is not
 * @param seq its number in the app
 * @param percent of the sessions to be visited
 * @param ratePerSecond written, of late
 * @param eta until every room has walked; null = not known, or done
 * @param rooms that walk
 * @param duplicate the idempotency key had been used with the same broadcast
 * @param estimate of a dry run
 * @param scheduleId of one that is to come; empty = it is not
 * @param revokes the broadcast that it takes back; empty = none
 * @param list that it goes to; empty = none
 * @param productPace while the product's own backend makes it slower; null = it does not
 */
public record BroadcastState(String broadcastId, String state, String stage, String reason, long seq, String label,
        Audience audience, @Nullable Instant created, @Nullable Instant expires, Counts counts, double percent,
        double ratePerSecond, @Nullable Duration eta, int rooms, int roomsFinished, boolean duplicate,
        @Nullable Estimate estimate, String scheduleId, String revokes, String list,
        @Nullable ProductPace productPace) {

    /**
     * What became of it so far.
     *
     * @param targeted sessions in the audience, as far as they were visited
     * @param written to sockets
     * @param acked endpoints, each once; so are shown and clicked
     * @param seen sessions that had it already
     * @param leftToCursor sessions that could not take it: they get it at their next login
     * @param failed by reason
     * @param droppedAfter connections that ended within 10 s of the write
     */
    public record Counts(long targeted, long written, long acked, long shown, long clicked, long seen,
            long notInAudience, long leftToCursor, Map<String, Long> failed, long droppedAfter) {

        static Counts of(BroadcastCounts counts) {
            return new Counts(counts.getTargeted(), counts.getWritten(), counts.getAcked(), counts.getShown(),
                    counts.getClicked(), counts.getSeen(), counts.getNotInAudience(), counts.getLeftToCursor(),
                    Map.copyOf(counts.getFailedMap()), counts.getDroppedAfter());
        }
    }

    /**
     * Whom it would reach.
     *
     * @param online sessions in the audience now: exact
     * @param onlineTotal sessions of the app now
     * @param endpoints in the audience, online or not: estimated, with its 95 % interval
     * @param walk how long the rooms would take at this pace
     * @param needsApproval more than the app may send without
     */
    public record Estimate(long online, long onlineTotal, long endpoints, long endpointsLow, long endpointsHigh,
            Duration walk, boolean needsApproval) {

        static Estimate of(AudienceEstimate estimate) {
            return new Estimate(estimate.getOnline(), estimate.getOnlineTotal(), estimate.getEndpoints(),
                    estimate.getEndpointsLow(), estimate.getEndpointsHigh(), Duration.ofMillis(estimate.getWalkMs()),
                    estimate.getNeedsApproval());
        }
    }

    /**
     * What the product's backend makes of the pace.
     *
     * @param perSecond messages over all rooms
     * @param reason push_pace: it asked for that; errors, slow, queue: of its callbacks
     */
    public record ProductPace(double perSecond, String reason) {
        static ProductPace of(io.longwire.rpc.center.ProductPace pace) {
            return new ProductPace(pace.getRatePerSecond(), pace.getReason());
        }
    }

    /** Every room has been through it, or nobody gets it any more. */
    public boolean over() {
        return state.equals("walked") || state.equals("cancelled") || state.equals("ended");
    }

    /** A stop condition of its canary paused it; {@code reason} names the condition and the share. */
    public boolean stopped() {
        return state.equals("paused") && reason.startsWith("canary: ");
    }

    static BroadcastState of(BroadcastInfo info) {
        return new BroadcastState(info.getBroadcastId(), info.getState(), info.getStage(), info.getReason(),
                info.getSeq(), info.getLabel(), info.getAudience(), Times.instant(info.getCreatedMs()),
                Times.instant(info.getExpiresMs()), Counts.of(info.getCounts()), info.getPercent(),
                info.getRatePerSecond(), info.getEtaMs() == 0 ? null : Duration.ofMillis(info.getEtaMs()),
                info.getRooms(), info.getRoomsFinished(), info.getDuplicate(),
                info.hasEstimate() ? Estimate.of(info.getEstimate()) : null, info.getScheduleId(), info.getRevokes(),
                info.getList(), info.hasProductPace() ? ProductPace.of(info.getProductPace()) : null);
    }
}
