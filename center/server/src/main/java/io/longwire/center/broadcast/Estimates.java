package io.longwire.center.broadcast;

import io.longwire.center.access.FairBound;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.room.client.LiveRoom;
import io.longwire.rpc.center.AudienceEstimate;
import io.longwire.rpc.room.CountReply;
import io.longwire.rpc.room.WalkStatus;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.EstimateReply;
import io.longwire.rpc.saver.EstimateRequest;
import io.longwire.rpc.saver.Pace;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * How large an audience is: who is online, exactly, by asking every room; who there is at all, estimated from a sample
 * of slots. Never blocks; fails with {@link Refused} when a room does not answer.
 */
public final class Estimates {
    /** Dry runs at once: each has every room look at all of its sessions. */
    static final int MOST = 8;

    private static final int SLOTS = 4096;
    private static final double Z95 = 1.96;
    /** Writes a second of one room, unpaced: a careful figure for how long it takes. */
    private static final double ROOM_RATE = 50_000;

    private final BroadcastStore store;
    private final BroadcastRooms rooms;
    private final FairBound looking = new FairBound(MOST);

    public Estimates(BroadcastStore store, BroadcastRooms rooms) {
        this.store = store;
        this.rooms = rooms;
    }

    /** Endpoints in the audience, about. */
    CompletableFuture<Long> size(Broadcast broadcast) {
        return sample(broadcast).thenApply(sample -> Math.round(total(sample)));
    }

    CompletableFuture<AudienceEstimate> look(Broadcast broadcast, AppRecord app) {
        if (!looking.enter(app.getAppId())) {
            throw Refused.later(Why.BUSY, "dry runs: " + looking.inside() + " under way (expected: fewer)",
                    Duration.ofSeconds(2));
        }
        try {
            return count(broadcast, app).whenComplete((done, failure) -> looking.leave(app.getAppId()));
        } catch (RuntimeException bug) {
            looking.leave(app.getAppId());
            throw bug;
        }
    }

    /** Of a list: what is in it, at that pace and within what the app may send a second. */
    AudienceEstimate ofList(Broadcast broadcast, long endpoints, AppRecord app) {
        long walk = broadcast.getPace().getDurationS() > 0
                ? 1000L * broadcast.getPace().getDurationS()
                : 1000 * endpoints / Math.max(1, listRate(broadcast.getPace(), app));
        return AudienceEstimate.newBuilder().setEndpoints(endpoints).setEndpointsLow(endpoints)
                .setEndpointsHigh(endpoints).setWalkMs(walk)
                .setNeedsApproval(app.getBroadcastSize() > 0 && endpoints > app.getBroadcastSize()).build();
    }

    private static long listRate(Pace pace, AppRecord app) {
        return pace.getRatePerSecond() == 0
                ? app.getSendsPerSecond()
                : Math.min(pace.getRatePerSecond(), app.getSendsPerSecond());
    }

    private CompletableFuture<AudienceEstimate> count(Broadcast broadcast, AppRecord app) {
        List<LiveRoom> live = rooms.rooms();
        List<CompletableFuture<CountReply>> counts = live.stream()
                .map(room -> rooms.count(room.incarnation(), app.getAppId(), broadcast.getAudience())).toList();
        var all = CompletableFuture.allOf(counts.toArray(CompletableFuture[]::new)).handle((done, failure) -> {
            long total = 0;
            long matching = 0;
            for (CompletableFuture<CountReply> count : counts) {
                if (count.isCompletedExceptionally() || count.join().getCode() == WalkStatus.Code.LOADING) {
                    throw Refused.later(Why.UNAVAILABLE, "room: did not count (expected: an answer of every room)",
                            Duration.ofSeconds(1));
                }
                total += count.join().getSessions();
                matching += count.join().getMatching();
            }
            return AudienceEstimate.newBuilder().setOnline(matching).setOnlineTotal(total);
        });
        return all.thenCombine(sample(broadcast), (online, sample) -> {
            double endpoints = total(sample);
            double half = halfInterval(sample);
            return online.setEndpoints(Math.round(endpoints)).setEndpointsLow(Math.round(Math.max(0, endpoints - half)))
                    .setEndpointsHigh(Math.round(endpoints + half))
                    .setWalkMs(walkMillis(broadcast.getPace(), online.getOnline(), live.size()))
                    .setNeedsApproval(app.getBroadcastSize() > 0 && endpoints > app.getBroadcastSize()).build();
        });
    }

    private CompletableFuture<EstimateReply> sample(Broadcast broadcast) {
        return store.estimate(EstimateRequest.newBuilder().setAppId(broadcast.getAppId())
                .setAudience(broadcast.getAudience()).build());
    }

    private static double total(EstimateReply sample) {
        return sample.getSlots() == 0 ? 0 : (double) sample.getMatching() * SLOTS / sample.getSlots();
    }

    // Slots are a simple random sample of clusters without replacement (Cochran, Sampling Techniques, section 9A.2).
    private static double halfInterval(EstimateReply sample) {
        int n = sample.getMatchingBySlotCount();
        if (n < 2) {
            return 0;
        }
        double mean = sample.getMatchingBySlotList().stream().mapToLong(Long::longValue).average().orElse(0);
        double squares = sample.getMatchingBySlotList().stream().mapToDouble(count -> (count - mean) * (count - mean))
                .sum();
        double variance = squares / (n - 1) / n * (1 - (double) n / SLOTS);
        return Z95 * SLOTS * Math.sqrt(variance);
    }

    private static long walkMillis(Pace pace, long online, int rooms) {
        if (pace.getDurationS() > 0) {
            return 1000L * pace.getDurationS();
        }
        double rate = pace.getRatePerSecond() > 0 ? pace.getRatePerSecond() : ROOM_RATE * Math.max(1, rooms);
        return Math.round(1000 * online / rate);
    }
}
