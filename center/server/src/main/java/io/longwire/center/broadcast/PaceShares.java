package io.longwire.center.broadcast;

import io.longwire.room.client.LiveRoom;
import io.longwire.rpc.room.BroadcastOrder;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Pace;
import java.util.List;

/**
 * What one room writes a second, so that all together keep the pace: its share is that of the sessions that rooms
 * publish, exactly, so it may be far below one. A room that published none may have some by now: it counts as one
 * session. Pure.
 */
final class PaceShares {
    private PaceShares() {
    }

    /**
     * The broadcast as it is now, with what that room may write a second.
     *
     * @param total sessions of the app in that room; 0 = not known here: a pace by duration is left to the room then
     */
    static BroadcastOrder.Builder order(Broadcast broadcast, List<LiveRoom> rooms, int room, long total) {
        double rate = of(broadcast.getPace(), rooms, room, total);
        return BroadcastOrder.newBuilder().setBroadcast(broadcast).setRate(rate).setRatePerSecond(
                rate == 0 ? 0 : Math.clamp(Math.round(rate), 1, Integer.MAX_VALUE));
    }

    /** Writes a second; 0 = as fast as it can. */
    static double of(Pace pace, List<LiveRoom> rooms, int room, long total) {
        if (pace.getDurationS() > 0) {
            return (double) total / pace.getDurationS();
        }
        if (pace.getRatePerSecond() == 0) {
            return 0;
        }
        long all = rooms.stream().mapToLong(one -> Math.max(1, one.sessions())).sum();
        return (double) pace.getRatePerSecond() * Math.max(1, sessions(rooms, room)) / Math.max(1, all);
    }

    private static long sessions(List<LiveRoom> rooms, int room) {
        return rooms.stream().filter(one -> one.incarnation() == room).mapToLong(LiveRoom::sessions).sum();
    }
}
