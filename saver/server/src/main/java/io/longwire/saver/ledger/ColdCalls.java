package io.longwire.saver.ledger;

import io.longwire.keeper.config.Live;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs the blocking statements of cold calls: a few at once, a bounded queue before them, BUSY when it is full. */
public final class ColdCalls implements AutoCloseable {
    private static final int QUEUE = 2_000;

    private final ThreadPoolExecutor threads;

    /** @param threads calls at once; each may hold a connection */
    public ColdCalls(int threads) {
        this.threads = new ThreadPoolExecutor(threads, threads, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE),
                Thread.ofVirtual().name("cold-", 0).factory());
    }

    /** @param threads calls at once; when it changes, those under way end as they are */
    public ColdCalls(Live<Integer> threads) {
        this(threads.get());
        threads.onChange(this::resize);
    }

    private void resize(int now) {
        if (now > threads.getMaximumPoolSize()) { // the core may never be above the most
            threads.setMaximumPoolSize(now);
            threads.setCorePoolSize(now);
        } else {
            threads.setCorePoolSize(now);
            threads.setMaximumPoolSize(now);
        }
    }

    /** A blocking piece of work. */
    public interface Work<T> {
        T run() throws SQLException;
    }

    /** Completes with what the work gives, or exceptionally with {@link StoreFailure} or its own exception. */
    public <T> CompletableFuture<T> call(Work<T> work) {
        var answer = new CompletableFuture<T>();
        try {
            threads.execute(() -> {
                try {
                    answer.complete(work.run());
                } catch (SQLException failed) {
                    answer.completeExceptionally(
                            new StoreFailure(StoreFailure.Kind.UNAVAILABLE, "ledger: " + failed.getMessage()));
                } catch (RuntimeException failed) {
                    answer.completeExceptionally(failed);
                }
            });
        } catch (RejectedExecutionException full) {
            answer.completeExceptionally(new StoreFailure(
                    threads.isShutdown() ? StoreFailure.Kind.CLOSED : StoreFailure.Kind.BUSY,
                    "cold calls: queue full"));
        }
        return answer;
    }

    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(Duration.ofSeconds(3).toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException stopped) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
