package io.longwire.saver.inbox;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.longwire.saver.ledger.StoreFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

/**
 * Scripts whose answer counts only when a replica has it too: a connection of its own, on which a batch of scripts is
 * followed by one {@code WAIT 1}; the next batch is gathered meanwhile, one is in flight at a time. The connection
 * ends with the session it belongs to. Thread-safe, nothing blocks.
 */
final class FastLane {
    private static final int QUEUE = 5_000;
    private static final int BATCH = 500;
    /** How long a batch waits for a replica. */
    static final long WAIT_MILLIS = 100;

    /** What a script answered, and whether a replica has it. */
    record Confirmed<T>(T answer, boolean replicated) {
    }

    private static final class Call extends CompletableFuture<Confirmed<List<Object>>> {
        private final byte[][] keys;
        private final byte[][] arguments;
        private @Nullable RedisFuture<List<Object>> answer;

        Call(byte[][] keys, byte[][] arguments) {
            this.keys = keys;
            this.arguments = arguments;
        }
    }

    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final RedisAsyncCommands<byte[], byte[]> commands;
    private final String digest;
    private final ArrayBlockingQueue<Call> queue = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicBoolean inFlight = new AtomicBoolean();

    FastLane(StatefulRedisConnection<byte[], byte[]> connection, String digest) {
        this.connection = connection;
        this.commands = connection.async();
        this.digest = digest;
        connection.setAutoFlushCommands(false);
    }

    boolean open() {
        return connection.isOpen();
    }

    void close() {
        connection.closeAsync();
    }

    /** Fails with StoreFailure when there is no answer, or the queue is full; it may have run. */
    CompletableFuture<Confirmed<List<Object>>> run(byte[][] keys, byte[]... arguments) {
        var call = new Call(keys, arguments);
        if (!queue.offer(call)) {
            call.completeExceptionally(new StoreFailure(StoreFailure.Kind.BUSY, "redis: fast lane full"));
        } else {
            pump();
        }
        return call;
    }

    private void pump() {
        while (!queue.isEmpty() && inFlight.compareAndSet(false, true)) {
            var batch = new ArrayList<Call>(Math.min(BATCH, queue.size()));
            queue.drainTo(batch, BATCH);
            if (!batch.isEmpty()) {
                send(batch);
                return; // goes on when the batch is answered
            }
            inFlight.set(false);
        }
    }

    private void send(List<Call> batch) {
        RedisFuture<Long> replicas;
        try {
            for (Call call : batch) {
                call.answer = commands.evalsha(digest, ScriptOutputType.MULTI, call.keys, call.arguments);
            }
            replicas = commands.waitForReplication(1, WAIT_MILLIS);
            connection.flushCommands();
        } catch (RedisException refused) {
            done(batch, 0);
            return;
        }
        replicas.whenComplete((count, failure) -> done(batch, failure == null && count != null ? count : 0));
    }

    // The connection answers in order: when WAIT is answered, all before it are.
    private void done(List<Call> batch, long replicas) {
        for (Call call : batch) {
            List<Object> answer = answered(call);
            if (answer == null) {
                call.completeExceptionally(
                        new StoreFailure(StoreFailure.Kind.UNAVAILABLE, "redis: no answer on the fast lane"));
            } else {
                call.complete(new Confirmed<>(answer, replicas > 0));
            }
        }
        inFlight.set(false);
        pump();
    }

    private static @Nullable List<Object> answered(Call call) {
        RedisFuture<List<Object>> answer = call.answer;
        CompletableFuture<List<Object>> future = answer == null ? null : answer.toCompletableFuture();
        return future == null || !future.isDone() || future.isCompletedExceptionally() ? null : future.join();
    }
}
