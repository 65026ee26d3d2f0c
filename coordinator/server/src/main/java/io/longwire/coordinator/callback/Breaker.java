package io.longwire.coordinator.callback;

import io.longwire.coordinator.callback.CallbackConfig.BreakerConfig;
import java.util.function.Supplier;

/**
 * Leaves an app's backend alone that fails again and again: open for a while, then one request tries it (half open),
 * whose failure opens it for twice as long and whose success closes it. What was sent before the last change of state
 * says nothing about the backend as it is now and is not counted. Owned by the loop.
 */
final class Breaker {
    /** What may be sent. */
    enum State {
        /** Everything. */
        CLOSED,
        /** Nothing. */
        OPEN,
        /** One request, to try. */
        DUE,
        /** Nothing: one is trying. */
        HALF_OPEN
    }

    private static final int NOT_COUNTED = -1;

    private final Supplier<BreakerConfig> config;
    private boolean open;
    private boolean trying;
    private int inARow;
    private int era;
    private long until;
    private long pause;

    /** @param config asked at each failure */
    Breaker(Supplier<BreakerConfig> config) {
        this.config = config;
    }

    State state(long now) {
        if (!open) {
            return State.CLOSED;
        }
        return trying ? State.HALF_OPEN : now - until >= 0 ? State.DUE : State.OPEN;
    }

    /**
     * A request begins; what it answers comes back with its result. One that was on its way when this opened begins
     * nevertheless, and is not counted.
     */
    int begin(long now) {
        return switch (state(now)) {
            case CLOSED -> era;
            case OPEN, HALF_OPEN -> NOT_COUNTED;
            case DUE -> {
                trying = true;
                yield ++era;
            }
        };
    }

    /** A request has ended that says nothing of the backend: if it was the one that tries, another one may. */
    void forget(int begun) {
        if (begun == era) {
            trying = false;
        }
    }

    /** True if it closes by that. */
    boolean success(int begun) {
        if (begun != era) {
            return false;
        }
        boolean closes = open;
        open = false;
        trying = false;
        inARow = 0;
        pause = 0;
        return closes;
    }

    /** True if it opens by that, from closed. */
    boolean failure(int begun, long now) {
        BreakerConfig rules = config.get();
        if (begun != era || (!open && ++inARow < rules.failures())) {
            return false;
        }
        boolean opens = !open;
        pause = opens ? rules.open().toNanos() : Math.min(pause * 2, rules.mostOpen().toNanos());
        until = now + pause;
        open = true;
        trying = false;
        inARow = 0;
        era++;
        return opens;
    }

    /** How long it was opened for the last time, nanoseconds. */
    long pause() {
        return pause;
    }
}
