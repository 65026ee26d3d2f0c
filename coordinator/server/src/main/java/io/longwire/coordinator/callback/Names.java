package io.longwire.coordinator.callback;

import io.longwire.coordinator.callback.Outbound.NoConnection;
import io.longwire.keeper.clock.Clock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * Looks up names on threads of its own: a name server that hangs would otherwise hold the threads that carry virtual
 * ones, and with them the callbacks of every other app. A host is looked up once for all who wait for it, and an app
 * has few look-ups under way: so one whose name servers hang holds up few threads, and what finds none free waits for
 * one. Its bound: {@value #PER_APP} look-ups for each app that has callbacks. Thread-safe.
 */
final class Names implements AutoCloseable {
    private static final int MOST = 64;
    private static final int PER_APP = 4;

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(MOST, MOST, 10, TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), Thread.ofPlatform().daemon().name("callbacks-names-", 0).factory());
    private final Map<String, LookUp> underWay = new ConcurrentHashMap<>();
    private final Map<Integer, Semaphore> apps = new ConcurrentHashMap<>();
    private final Resolver resolver;
    private final Clock clock;

    /** Who knows the addresses; may block for long. */
    interface Resolver {
        InetAddress[] find(String host) throws UnknownHostException;
    }

    private static final class LookUp {
        private final CompletableFuture<InetAddress[]> found = new CompletableFuture<>();
        private volatile boolean begun;
    }

    Names(Resolver resolver, Clock clock) {
        this.resolver = resolver;
        this.clock = clock;
        threads.allowCoreThreadTimeOut(true);
    }

    /** Its addresses; none for a name that has none. Blocks for the time given at most. */
    InetAddress[] find(int app, String host, long nanos) throws NoConnection, InterruptedException {
        long end = clock.nanos() + nanos;
        LookUp lookUp = underWay.get(host);
        if (lookUp == null) {
            lookUp = begin(app, host, nanos);
        }
        if (lookUp == null) {
            throw busy(host);
        }
        try {
            return lookUp.found.get(Math.max(0, end - clock.nanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw lookUp.begun ? new NoConnection(Reason.TIMEOUT, host + ": not looked up in time") : busy(host);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof UnknownHostException) {
                return new InetAddress[0];
            }
            throw new IllegalStateException(failed.getCause());
        }
    }

    // Null = the app has too many under way, or the coordinator leaves.
    private @Nullable LookUp begin(int app, String host, long nanos) throws InterruptedException {
        Semaphore places = apps.computeIfAbsent(app, any -> new Semaphore(PER_APP));
        if (!places.tryAcquire(Math.max(0, nanos), TimeUnit.NANOSECONDS)) {
            return null;
        }
        var made = new LookUp();
        LookUp before = underWay.putIfAbsent(host, made);
        if (before != null) {
            places.release();
            return before;
        }
        try {
            threads.execute(() -> run(made, host, places));
            return made;
        } catch (RejectedExecutionException closed) {
            made.found.completeExceptionally(new UnknownHostException(host));
            return null;
        }
    }

    private void run(LookUp lookUp, String host, Semaphore places) {
        lookUp.begun = true;
        InetAddress[] addresses = {};
        Throwable failure = null;
        try {
            addresses = resolver.find(host);
        } catch (UnknownHostException | RuntimeException failed) {
            failure = failed;
        }
        underWay.remove(host, lookUp);
        places.release();
        if (failure == null) {
            lookUp.found.complete(addresses);
        } else {
            lookUp.found.completeExceptionally(failure);
        }
    }

    private static NoConnection busy(String host) {
        return new NoConnection(Reason.NAMES_BUSY, host + ": too many names being looked up (expected: fewer)");
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
