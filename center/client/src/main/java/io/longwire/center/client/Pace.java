package io.longwire.center.client;

import io.longwire.center.client.call.Times;
import io.longwire.rpc.center.BroadcastPace;
import java.time.Duration;

/** How fast a broadcast is written. */
public final class Pace {
    /** As fast as the rooms can. */
    public static final Pace FASTEST = new Pace(BroadcastPace.getDefaultInstance());

    private final BroadcastPace wire;

    private Pace(BroadcastPace wire) {
        this.wire = wire;
    }

    /** So many a second over all rooms; 1 to 10,000,000. */
    public static Pace perSecond(int rate) {
        return new Pace(BroadcastPace.newBuilder().setRatePerSecond(rate).build());
    }

    /** Everybody within that time; 1 s to 24 h. */
    public static Pace within(Duration time) {
        return new Pace(BroadcastPace.newBuilder().setDuration(Times.text("duration", time)).build());
    }

    BroadcastPace wire() {
        return wire;
    }
}
