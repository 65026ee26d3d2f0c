package io.longwire.center.broadcast;

import io.longwire.room.client.LiveRoom;
import io.longwire.rpc.room.BroadcastOrder;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Pace;
import java.util.List;

/**
 * What one room writes a second, so that all together keep the pace: its share is that of the sessions that rooms
 * publish, exactly, so it may be far below one. A room that published none may have some by now: it counts as one
 * session. What the product's backend bears makes it less, never more, and all together never less than one a second.
 * Pure.
 */
final class PaceShares {
    /** What a broadcast without a pace is taken to last, where a share of its pace is to be had. */
    static final double UNPACED_SECONDS = 10;

    private PaceShares() {
    }

    /**
     * The broadcast as it is now, with what that room may write a second.
     *
     * @param total sessions of the app in that room; 0 = not known here: a pace by duration is left to the room then
     * @param limit by the product's backend
     */
    static BroadcastOrder.Builder order(Broadcast broadcast, List<LiveRoom> rooms, int room, long total,
            Limit limit) {
        double rate = of(broadcast.getPace(), rooms, room, total, limit);
        return BroadcastOrder.newBuilder().setBroadcast(broadcast).setRate(rate).setRatePerSecond(
                rate == 0 ? 0 : Math.clamp(Math.round(rate), 1, Integer.MAX_VALUE));
    }

    /** Writes a second; 0 = as fast as it can. */
    static double of(Pace pace, List<LiveRoom> rooms, int room, long total, Limit limit) {
        if (pace.getDurationS() > 0 && total == 0) {
            return 0;
        }
        long all = rooms.stream().mapToLong(one -> Math.max(1, one.sessions())).sum();
        double part = (double) Math.max(1, sessions(rooms, room)) / Math.max(1, all);
        double asked = pace.getDurationS() > 0
                ? (double) total / pace.getDurationS()
                : pace.getRatePerSecond() * part;
        return limit.limits() ? limited(asked, Math.max(1, sessions(rooms, room)), part, limit) : asked;
    }

    /**
     * Messages a second over all rooms as the product's backend has it; 0 = it does not make a difference.
     *
     * @param total sessions of the app in all rooms
     */
    static double whole(Pace pace, long total, Limit limit) {
        if (!limit.limits()) {
            return 0;
        }
        double asked = pace.getDurationS() > 0 ? (double) total / pace.getDurationS() : pace.getRatePerSecond();
        double limited = bound(asked, total, limit);
        return asked > 0 && limited >= asked ? 0 : limited;
    }

    /** Messages a second over all, of those that were asked for; 0 = as fast as it can, in both. */
    static double bound(double asked, long endpoints, Limit limit) {
        return limit.limits() ? limited(asked, Math.max(1, endpoints), 1, limit) : asked;
    }

    private static double limited(double asked, long sessions, double part, Limit limit) {
        double unpaced = asked > 0 ? asked : sessions / UNPACED_SECONDS;
        double rate = limit.share() < 1 || asked > 0 ? unpaced * limit.share() : Double.MAX_VALUE;
        if (limit.perSecond() > 0) {
            rate = Math.min(rate, limit.perSecond() * part);
        }
        double least = FollowedPace.LEAST_PER_SECOND * part;
        return Math.max(rate, asked > 0 ? Math.min(asked, least) : least);
    }

    private static long sessions(List<LiveRoom> rooms, int room) {
        return rooms.stream().filter(one -> one.incarnation() == room).mapToLong(LiveRoom::sessions).sum();
    }
}
