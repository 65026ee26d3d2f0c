package io.longwire.center.broadcast;

import io.longwire.room.client.LiveRoom;
import io.longwire.rpc.saver.Pace;
import java.util.List;

/**
 * What one room writes a second, so that all together keep the pace: its share is that of the sessions that rooms
 * publish. Pure.
 */
final class PaceShares {
    private PaceShares() {
    }

    /**
     * Writes a second; 0 = as fast as it can.
     *
     * @param total sessions of the app in that room; 0 = not known yet
     */
    static int of(Pace pace, List<LiveRoom> rooms, int room, long total) {
        if (pace.getDurationS() > 0) {
            long sessions = total > 0 ? total : sessions(rooms, room);
            return Math.clamp(Math.ceilDiv(sessions, pace.getDurationS()), 1, Integer.MAX_VALUE);
        }
        if (pace.getRatePerSecond() == 0) {
            return 0;
        }
        long all = rooms.stream().mapToLong(LiveRoom::sessions).sum();
        double share = all == 0 ? 1.0 / Math.max(1, rooms.size()) : (double) sessions(rooms, room) / all;
        return (int) Math.max(1, Math.round(pace.getRatePerSecond() * share));
    }

    private static long sessions(List<LiveRoom> rooms, int room) {
        return rooms.stream().filter(one -> one.incarnation() == room).mapToLong(LiveRoom::sessions).sum();
    }
}
