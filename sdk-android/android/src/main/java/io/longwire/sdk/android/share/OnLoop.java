package io.longwire.sdk.android.share;

import android.os.Bundle;
import io.longwire.sdk.loop.Loop;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Questions of other threads to the loop, which never waits for them. Any thread but the loop's. */
final class OnLoop {
    private static final long WAIT_MILLIS = 2_000;

    private final Loop loop;

    OnLoop(Loop loop) {
        this.loop = loop;
    }

    /** Waits for what the loop answers; empty = it failed, has ended, or did not answer within two seconds. */
    Bundle ask(Callable<Bundle> task) {
        FutureTask<Bundle> future = new FutureTask<>(task);
        loop.execute(future);
        try {
            return future.get(WAIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException stopped) {
            return new Bundle();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Bundle();
        }
    }
}
