package io.longwire.sdk.phone;

import io.longwire.device.v1.GoAway;
import io.longwire.sdk.loop.TimerSlot;
import java.util.Random;

/**
 * A move from the live connection to another one, which is made before the first is left: to another room, because a
 * room asked for it, or over another network, where the same room will do. Belongs to the loop.
 */
final class Move {
    private static final long DELAY_MAX_MILLIS = 600_000;

    private final TimerSlot timer;
    private final Random random;
    private final Runnable begins;
    private boolean on;
    private boolean overNetwork;

    Move(Parts parts, Random random, Runnable begins) {
        this.timer = new TimerSlot(parts.loop);
        this.random = random;
        this.begins = begins;
    }

    /** Whether it has begun, and not ended. */
    boolean isOn() { return on; }

    /** Whether it has begun, or will. */
    boolean isPlanned() { return on || timer.isSet(); }

    /** Whether it is over another network. */
    boolean isOverNetwork() { return overNetwork; }

    // Once it has settled.
    private void overNetwork(long settleMillis) {
        overNetwork = true;
        timer.set(settleMillis, this::begin);
    }

    /** The live connection goes over another network than the phone is on now, or no longer does. */
    void follow(boolean elsewhere, long settleMillis, Greeting greeting) {
        if (!elsewhere) {
            if (overNetwork) {
                end();
            }
        } else if (!isPlanned()) {
            greeting.reason(Greeting.REASON_NETWORK);
            overNetwork(settleMillis);
        }
    }

    /** To whatever a dial reaches now. */
    void now() {
        overNetwork = false;
        timer.cancel();
        begin();
    }

    /** To another room, within the time this one names, ten minutes at most. */
    void away(GoAway asked) {
        overNetwork = false;
        long from = Math.min(DELAY_MAX_MILLIS, asked.getDelayMinMs() & 0xFFFFFFFFL);
        long to = Math.max(from, Math.min(DELAY_MAX_MILLIS, asked.getDelayMaxMs() & 0xFFFFFFFFL));
        timer.set(from + (long) (random.nextDouble() * (to - from)), this::begin);
    }

    /** It is done, or there is nothing left to move from. */
    void end() {
        on = false;
        timer.cancel();
    }

    private void begin() {
        on = true;
        begins.run();
    }
}
