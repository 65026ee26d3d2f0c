package io.longwire.center.client;

import io.longwire.center.client.call.Times;
import io.longwire.rpc.center.BroadcastCanary;
import java.time.Duration;

/** A share of the audience that a broadcast goes to first. Immutable: each option gives a new one. */
public final class Canary {
    private final BroadcastCanary wire;

    private Canary(BroadcastCanary.Builder wire) {
        this.wire = wire.build();
    }

    /** A stable share: 0.01 to 99.99 percent. */
    public static Canary percent(double share) {
        return new Canary(BroadcastCanary.newBuilder().setPercent(share));
    }

    /** How long after the canary it goes on by itself. */
    public Canary hold(Duration time) {
        return new Canary(wire.toBuilder().setHold(Times.text("hold", time)));
    }

    /** It does not go on by itself: {@link Broadcasts#advance}. */
    public Canary untilAdvanced() {
        return new Canary(wire.toBuilder().setWait(true));
    }

    /** Pauses when more than this share of those written could not take it. */
    public Canary maxFailedPercent(double share) {
        return new Canary(wire.toBuilder().setMaxFailedPercent(share));
    }

    /** Pauses when more than this share of those written lost its connection within 10 s. */
    public Canary maxDroppedPercent(double share) {
        return new Canary(wire.toBuilder().setMaxDroppedPercent(share));
    }

    /** Pauses when more than this share of the app's callbacks failed since it began. */
    public Canary maxCallbackErrorPercent(double share) {
        return new Canary(wire.toBuilder().setMaxCallbackErrorPercent(share));
    }

    BroadcastCanary wire() {
        return wire;
    }
}
