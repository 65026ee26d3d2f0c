package io.longwire.saver.due;

import io.longwire.keeper.cluster.Slots;
import java.time.Duration;
import java.util.function.IntConsumer;

/**
 * Goes round all slots again and again, a few of them at each of many short steps. What is done for 4096 slots at once,
 * every second, holds up a Redis for tens of milliseconds, and with it everybody's messages. Owned by one thread at a
 * time.
 */
public final class SlotLap {
    private final Duration step;
    private final int perStep;
    private int next;

    /**
     * @param lap every slot is met at least once in it
     * @param step between two calls of {@link #step}
     */
    public SlotLap(Duration lap, Duration step) {
        this.step = step;
        this.perStep = (int) Math.ceilDiv(Slots.COUNT * step.toNanos(), lap.toNanos());
    }

    public Duration period() {
        return step;
    }

    /** Hands over the next few slots, each once. */
    public void step(IntConsumer slot) {
        for (int i = 0; i < perStep; i++) {
            slot.accept(next);
            next = (next + 1) % Slots.COUNT;
        }
    }
}
