package io.longwire.coordinator.callback;

import io.longwire.coordinator.callback.Outbound.NoConnection;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks up names on threads of its own: a name server that hangs would otherwise hold the threads that carry virtual
 * ones, and with them the callbacks of every other app. Thread-safe.
 */
final class Names implements AutoCloseable {
    private static final int MOST = 64;

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(0, MOST, 10, TimeUnit.SECONDS,
            new SynchronousQueue<>(), Thread.ofPlatform().daemon().name("callbacks-names-", 0).factory());

    /** Its addresses; none for a name that has none. Blocks for the time given at most. */
    InetAddress[] find(String host, long nanos) throws NoConnection, InterruptedException {
        Future<InetAddress[]> found;
        try {
            found = threads.submit(() -> InetAddress.getAllByName(host));
        } catch (RejectedExecutionException full) {
            throw new NoConnection(Reason.ADDRESS, host + ": " + MOST + " names being looked up (expected: fewer)");
        }
        try {
            return found.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            found.cancel(true);
            throw new NoConnection(Reason.TIMEOUT, host + ": not looked up in time");
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof UnknownHostException) {
                return new InetAddress[0];
            }
            throw new IllegalStateException(failed.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
