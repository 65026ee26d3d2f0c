package io.longwire.sdk.phone;

import io.longwire.sdk.loop.Loop;
import io.longwire.sdk.loop.SdkClock;
import io.longwire.sdk.loop.VirtualLoop;

/**
 * The loop of a phone in deep sleep, before another one on which the world's time passes. What is due within ten
 * seconds, and what bounds a wait for the network, is on time, for the phone stays awake for it; anything else is an
 * alarm, and the system lets one ring in nine minutes.
 */
final class DozingLoop implements Loop {
    private static final long NEAR_MILLIS = 10_000;
    private static final long QUOTA_MILLIS = 540_000;

    private final VirtualLoop world;
    private final boolean staysAwake;
    private long rangAt = -QUOTA_MILLIS;

    /** @param staysAwake false: waits for the network are slept through like all else */
    DozingLoop(VirtualLoop world, boolean staysAwake) {
        this.world = world;
        this.staysAwake = staysAwake;
    }

    @Override
    public void execute(Runnable task) {
        world.execute(task);
    }

    @Override
    public Timer after(long delayMillis, Runnable task) {
        if (delayMillis <= NEAR_MILLIS) {
            return world.after(delayMillis, task);
        }
        return world.after(Math.max(delayMillis, rangAt + QUOTA_MILLIS - world.elapsedMillis()), () -> {
            rangAt = world.elapsedMillis();
            task.run();
        });
    }

    @Override
    public Timer await(long delayMillis, Runnable task) {
        return staysAwake ? world.await(delayMillis, task) : after(delayMillis, task);
    }

    @Override
    public boolean inLoop() {
        return true;
    }

    @Override
    public SdkClock clock() {
        return world;
    }
}
