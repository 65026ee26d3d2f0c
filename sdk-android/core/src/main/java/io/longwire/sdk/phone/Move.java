package io.longwire.sdk.phone;

import io.longwire.device.v1.GoAway;
import io.longwire.sdk.connection.Connection;
import io.longwire.sdk.loop.TimerSlot;
import io.longwire.sdk.policy.ConnectBudget;
import java.util.Random;

/**
 * A move from the live connection to another one, which is made before the first is left: to another room, because a
 * room asked for it, or over another network, where the same room will do. Networks that flap and rooms that send a
 * phone round must not cost a connection each time: one move in 30 s follows a network, and there is a budget for all.
 * While a move waits for its turn the live connection is asked whether it lives, for it may not. Belongs to the loop.
 */
final class Move {
    private static final long DELAY_MAX_MILLIS = 600_000;
    private static final long FOLLOW_PAUSE_MILLIS = 30_000;

    private final Parts parts;
    private final TimerSlot timer;
    private final Random random;
    private final ConnectBudget budget;
    private final Runnable begins;
    private boolean on;
    private boolean overNetwork;
    private boolean free; // to another app's connection, which costs none
    private long followsFrom; // not before, over another network

    Move(Parts parts, Random random, ConnectBudget budget, Runnable begins) {
        this.parts = parts;
        this.timer = new TimerSlot(parts.loop);
        this.random = random;
        this.budget = budget;
        this.begins = begins;
    }

    /** Whether it has begun, and not ended. */
    boolean isOn() { return on; }

    /** Whether it has begun, or will. */
    boolean isPlanned() { return on || timer.isSet(); }

    /** Whether it is over another network. */
    boolean isOverNetwork() { return overNetwork; }

    // Once it has settled.
    private void overNetwork(Connection from, long settleMillis) {
        overNetwork = true;
        free = false;
        long pause = followsFrom - parts.now();
        if (pause > settleMillis) {
            from.woke();
        }
        timer.set(Math.max(settleMillis, pause), () -> {
            followsFrom = parts.now() + FOLLOW_PAUSE_MILLIS;
            begin();
        });
    }

    /** Milliseconds until the budget lets it begin; 0 = now. */
    long waitMillis(Connection from) {
        long wait = free ? 0 : budget.moveWaitMillis(parts.now());
        if (wait > 0) {
            from.woke();
        }
        return wait;
    }

    /** The live connection goes over another network than the phone is on now, or no longer does. */
    void follow(Connection from, boolean elsewhere, long settleMillis, Greeting greeting) {
        if (!elsewhere) {
            if (overNetwork) {
                end();
            }
        } else if (!isPlanned()) {
            greeting.reason(Greeting.REASON_NETWORK);
            overNetwork(from, settleMillis);
        }
    }

    /** To whatever a dial reaches now: another app's connection, or away from one. */
    void now() {
        overNetwork = false;
        free = true;
        timer.cancel();
        begin();
    }

    /** To another room, within the time this one names, ten minutes at most. */
    void away(GoAway asked) {
        overNetwork = false;
        free = false;
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
