package io.longwire.room.drain;

import io.longwire.device.FrameType;
import io.longwire.device.v1.GoAway;
import io.longwire.room.login.Alternates;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Loop;
import java.time.Duration;

/**
 * Sends GOAWAY to all connections of a loop, so many a tick that it takes about the time given. Each phone also gets
 * a delay of its own, connects one of the alternatives first and then leaves. Owner: the loop.
 */
public final class Farewell {
    private static final int ALTERNATIVES = 3;
    private static final int LONGEST_DELAY_MILLIS = 5_000;

    private final Loop loop;
    private final Alternates alternates;
    private int code;
    private int next = -1;
    private int perTick;
    private int drainMillis;

    public Farewell(Loop loop, Alternates alternates) {
        this.loop = loop;
        this.alternates = alternates;
    }

    /** Begins, once. Connections that come later are not asked. */
    public void begin(int why, Duration within) {
        if (next >= 0) {
            return;
        }
        code = why;
        next = 0;
        drainMillis = (int) Math.max(1_000, within.toMillis());
        perTick = Math.max(1, loop.table().placesUsed() / Math.max(1, Loop.ticks(within) / 2));
    }

    /** Asks those whose turn it is; called once a tick. */
    public void onTick() {
        if (next < 0) {
            return;
        }
        int end = Math.min(loop.table().placesUsed(), next + perTick);
        for (; next < end; next++) {
            Connection connection = loop.table().connectionAt(next);
            if (connection != null && connection.phase() == Connection.LIVE
                    && !connection.marked(Connection.LEAVING)) {
                connection.mark(Connection.LEAVING);
                loop.out().frame(connection, FrameType.GOAWAY, GoAway.newBuilder().setCode(code)
                        .setDelayMaxMs(Math.min(LONGEST_DELAY_MILLIS, drainMillis / 4))
                        .addAllTo(alternates.pick(ALTERNATIVES)).setAskDispatcher(true).setDrainMs(drainMillis)
                        .setAvoidS(Math.max(60, drainMillis / 500)).build());
            }
        }
    }

    /** Calls it off: phones that were asked may leave or stay. */
    public void cancel() {
        next = -1;
    }
}
