package io.longwire.saver.ledger;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Metrics.Counter;
import io.longwire.saver.watch.SaverMetric;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit. Rows from any thread are gathered into batches of at most 200 rows or 256 KB, and each batch is one
 * statement on one connection; as many batches are in flight as there are workers. An idle queue sends at once; while
 * a batch is in flight the next one waits up to the linger time for company (so one caller pays one round trip, and
 * many callers share one fsync).
 *
 * <p>A lost connection, a deadlock or an unknown commit sends the same batch again until the deadline of its rows; an
 * error of a row halves the batch until the row stands alone, and only that row fails. {@link SqlBatch#refuse} is
 * asked before each of these sends. A full queue refuses at once with BUSY; while the store cannot be reached, rows
 * are refused with UNAVAILABLE without queueing. Every future completes: with its result, its failure, or CLOSED.
 */
public final class BatchQueue<T, R> implements AutoCloseable {
    /** The most rows of one batch. */
    public static final int MAX_ROWS = 200;
    /** A batch of so many bytes takes no further row. */
    public static final int MAX_BYTES = 256 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(BatchQueue.class);
    private static final long IDLE_MILLIS = 200;
    private static final long AGAIN_MILLIS = 20;

    /**
     * @param workers batches in flight, each on a connection of its own
     * @param rows rows waiting at most
     * @param bytes bytes waiting at most
     * @param linger how long a batch waits for company while another is in flight
     * @param deadline how long a row may wait and be retried in all
     */
    public record Limits(int workers, int rows, long bytes, Duration linger, Duration deadline) {
    }

    private static final class Pending<T, R> extends CompletableFuture<R> {
        final T row;
        final int bytes;
        final long deadlineNanos;

        Pending(T row, int bytes, long deadlineNanos) {
            this.row = row;
            this.bytes = bytes;
            this.deadlineNanos = deadlineNanos;
        }
    }

    private final String name;
    private final Shard shard;
    private final DataSource pool;
    private final SqlBatch<T, R> work;
    private final Limits limits;
    private final Clock clock;
    private final ArrayBlockingQueue<Pending<T, R>> queue;
    private final AtomicLong queuedBytes = new AtomicLong();
    private final ReentrantLock gathering = new ReentrantLock();
    private final ReentrantLock resting = new ReentrantLock(); // guards idle; taken inside gathering
    private @Nullable Thread idle;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<Thread> workers = new ArrayList<>();
    private final Counter batches;
    private final Counter rows;
    private final Counter retries;
    private final Counter bisected;
    private final Counter failed;
    private final Counter full;

    BatchQueue(String name, Shard shard, DataSource pool, SqlBatch<T, R> work, Limits limits, Clock clock,
            Metrics metrics) {
        this.name = name;
        this.shard = shard;
        this.pool = pool;
        this.work = work;
        this.limits = limits;
        this.clock = clock;
        this.queue = new ArrayBlockingQueue<>(limits.rows());
        this.batches = metrics.counter(SaverMetric.LEDGER_BATCHES, "queue", name);
        this.rows = metrics.counter(SaverMetric.LEDGER_ROWS, "queue", name);
        this.retries = metrics.counter(SaverMetric.LEDGER_RETRIES, "queue", name);
        this.bisected = metrics.counter(SaverMetric.LEDGER_BISECTED, "queue", name);
        this.failed = metrics.counter(SaverMetric.LEDGER_FAILED_ROWS, "queue", name);
        this.full = metrics.counter(SaverMetric.LEDGER_QUEUE_FULL, "queue", name);
        for (int i = 0; i < limits.workers(); i++) {
            workers.add(Thread.ofVirtual().name("ledger-" + shard.number() + "-" + name + "-" + i).start(this::work));
        }
    }

    /** Never blocks. Completes with the row's result, or exceptionally with {@link StoreFailure}. */
    public CompletableFuture<R> submit(T row) {
        int bytes = work.sizeOf(row);
        var pending = new Pending<T, R>(row, bytes, clock.nanos() + limits.deadline().toNanos());
        if (closed()) {
            pending.completeExceptionally(new StoreFailure(StoreFailure.Kind.CLOSED, name + ": closing"));
        } else if (!shard.reachable()) {
            failed.increment();
            pending.completeExceptionally(shard.unreachable());
        } else if (queuedBytes.addAndGet(bytes) > limits.bytes() || !queue.offer(pending)) {
            queuedBytes.addAndGet(-bytes);
            full.increment();
            pending.completeExceptionally(new StoreFailure(StoreFailure.Kind.BUSY, name + ": queue full"));
        } else if (closed()) {
            failRest(); // offered behind the workers' last look
        }
        return pending;
    }

    /** Rows waiting to be sent. */
    public int queued() {
        return queue.size();
    }

    private boolean closed() {
        return closing.getCount() == 0;
    }

    private void work() {
        try {
            while (!closed() || !queue.isEmpty()) {
                List<Pending<T, R>> batch = gather();
                if (!batch.isEmpty()) {
                    inFlight.incrementAndGet();
                    try {
                        send(batch);
                    } finally {
                        inFlight.decrementAndGet();
                    }
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Pending<T, R>> gather() throws InterruptedException {
        var batch = new ArrayList<Pending<T, R>>();
        gathering.lockInterruptibly();
        try {
            Pending<T, R> next = first();
            long until = clock.nanos() + limits.linger().toNanos();
            int bytes = 0;
            while (next != null) {
                batch.add(next);
                bytes += next.bytes;
                if (batch.size() == MAX_ROWS || bytes >= MAX_BYTES) {
                    break;
                }
                next = queue.poll();
                if (next == null && inFlight.get() > 0) {
                    next = queue.poll(Math.max(0, until - clock.nanos()), TimeUnit.NANOSECONDS);
                }
            }
            queuedBytes.addAndGet(-bytes);
        } finally {
            gathering.unlock();
        }
        return batch;
    }

    // Only here a worker may be interrupted by close: an interrupt inside a statement would break its connection.
    private @Nullable Pending<T, R> first() {
        rest(Thread.currentThread());
        try {
            return closed() ? queue.poll() : queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException closing) {
            return queue.poll();
        } finally {
            rest(null);
        }
    }

    private void rest(@Nullable Thread worker) {
        resting.lock();
        try {
            idle = worker;
            if (worker == null) {
                Thread.interrupted(); // one that came too late to wake anybody
            }
        } finally {
            resting.unlock();
        }
    }

    private void wake() {
        resting.lock();
        try {
            if (idle != null) {
                idle.interrupt();
            }
        } finally {
            resting.unlock();
        }
    }

    private void send(List<Pending<T, R>> batch) throws InterruptedException {
        List<Pending<T, R>> due = batch;
        while (true) {
            due = stillDue(due);
            if (due.isEmpty()) {
                return;
            }
            try {
                attempt(due);
                return;
            } catch (SQLException failure) {
                if (SqlError.of(failure) == SqlError.ROW) {
                    apart(due, failure);
                    return;
                }
                retries.increment();
                shard.failed(failure);
                closing.await(AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            } catch (RuntimeException bug) {
                LOG.error("ledger {} queue {}: a batch of {} rows failed", shard.number(), name, due.size(), bug);
                fail(due, new StoreFailure(StoreFailure.Kind.UNAVAILABLE, name + ": " + bug));
                return;
            }
        }
    }

    private void attempt(List<Pending<T, R>> due) throws SQLException {
        List<T> plain = new ArrayList<>(due.size());
        due.forEach(pending -> plain.add(pending.row));
        List<R> results;
        try (Connection connection = pool.getConnection()) {
            results = work.run(connection, plain);
        }
        shard.worked();
        batches.increment();
        rows.add(due.size());
        for (int i = 0; i < due.size(); i++) {
            due.get(i).complete(results.get(i));
        }
    }

    private void apart(List<Pending<T, R>> due, SQLException failure) throws InterruptedException {
        if (due.size() == 1) {
            LOG.warn("ledger {} queue {}: a row was refused: {}", shard.number(), name, failure.getMessage());
            fail(due, new StoreFailure(StoreFailure.Kind.REFUSED, name + ": " + failure.getMessage()));
            return;
        }
        bisected.increment();
        int middle = due.size() / 2;
        send(new ArrayList<>(due.subList(0, middle)));
        send(new ArrayList<>(due.subList(middle, due.size())));
    }

    private List<Pending<T, R>> stillDue(List<Pending<T, R>> batch) {
        long now = clock.nanos();
        var due = new ArrayList<Pending<T, R>>(batch.size());
        for (Pending<T, R> pending : batch) {
            @Nullable
            R refused = work.refuse(pending.row);
            if (refused != null) {
                pending.complete(refused);
            } else if (now - pending.deadlineNanos > 0) {
                fail(List.of(pending), shard.unreachable());
            } else {
                due.add(pending);
            }
        }
        return due;
    }

    private void fail(List<Pending<T, R>> batch, StoreFailure failure) {
        failed.add(batch.size());
        batch.forEach(pending -> pending.completeExceptionally(failure));
    }

    private void failRest() {
        var rest = new ArrayList<Pending<T, R>>();
        queue.drainTo(rest);
        fail(rest, new StoreFailure(StoreFailure.Kind.CLOSED, name + ": closing"));
    }

    /** Takes nothing new, sends what waits, for at most the deadline of a row, and fails the rest with CLOSED. */
    @Override
    public void close() {
        closing.countDown();
        wake();
        long until = clock.nanos() + limits.deadline().toNanos();
        try {
            for (Thread worker : workers) {
                if (!worker.join(Duration.ofNanos(Math.max(1, until - clock.nanos())))) {
                    worker.interrupt();
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            workers.forEach(Thread::interrupt);
        }
        failRest();
    }
}
