package io.longwire.coordinator.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.longwire.keeper.metrics.Metrics.Counter;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * One TCP connection to one checked Redis node, from connect to break: it never reconnects, a new one is a new session.
 *
 * <p>Commands are pipelined: written by any thread into one buffer, which is flushed once for all that were written in
 * the meantime.
 */
public final class RedisSession {
    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final RedisAsyncCommands<byte[], byte[]> commands;
    private final String replicationId;
    private final Map<Script, String> digests = new EnumMap<>(Script.class);
    private final Executor flusher;
    private final Counter failures;
    private final AtomicBoolean flushing = new AtomicBoolean();
    private final CompletableFuture<String> broken = new CompletableFuture<>();

    RedisSession(StatefulRedisConnection<byte[], byte[]> connection, String replicationId,
            Map<Script, String> digests, Executor flusher, Counter failures) {
        this.connection = connection;
        this.commands = connection.async();
        this.replicationId = replicationId;
        this.digests.putAll(digests);
        this.flusher = flusher;
        this.failures = failures;
        connection.setAutoFlushCommands(false);
        connection.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> gone) {
                broken.complete("the connection broke");
            }
        });
        if (!connection.isOpen()) {
            broken.complete("the connection broke");
        }
    }

    String replicationId() {
        return replicationId;
    }

    /** The connection is there, as far as known. */
    boolean open() {
        return !broken.isDone();
    }

    /** Completes, with the reason, when the connection breaks or is given up. */
    CompletableFuture<String> broken() {
        return broken;
    }

    /** Gives the session up: everything pending fails, a new session is made. */
    void giveUp(String reason) {
        if (broken.complete(reason)) {
            connection.closeAsync();
        }
    }

    void close() {
        broken.complete("closed");
        if (connection.isOpen()) {
            connection.closeAsync();
        }
    }

    /** Calls a script. The future fails with StoreFailure when there is no answer; it may have run. */
    public <T> CompletableFuture<T> run(Script script, byte[][] keys, byte[]... arguments) {
        String digest = digests.get(script);
        if (digest == null) {
            throw new IllegalStateException("script: " + script + " (expected: loaded)");
        }
        return command(redis -> redis.<T>evalsha(digest, script.output(), keys, arguments));
    }

    /** Writes any command. The future fails with StoreFailure when there is no answer; it may have run. */
    public <T> CompletableFuture<T> command(
            Function<RedisAsyncCommands<byte[], byte[]>, ? extends CompletionStage<T>> command) {
        var answered = new CompletableFuture<T>();
        if (broken.isDone()) {
            failures.increment();
            answered.completeExceptionally(
                    new StoreFailure(StoreFailure.Kind.UNAVAILABLE, "redis: " + broken.getNow("")));
            return answered;
        }
        try {
            command.apply(commands).whenComplete((answer, failure) -> {
                if (failure == null) {
                    answered.complete(answer);
                } else {
                    answered.completeExceptionally(failed(failure));
                }
            });
            flush();
        } catch (RedisException refused) { // the bounded queue is full
            failures.increment();
            answered.completeExceptionally(new StoreFailure(StoreFailure.Kind.BUSY, "redis: " + refused.getMessage()));
        }
        return answered;
    }

    // One flush for all commands written since the last one began.
    private void flush() {
        if (flushing.compareAndSet(false, true)) {
            flusher.execute(() -> {
                flushing.set(false);
                connection.flushCommands();
            });
        }
    }

    private StoreFailure failed(Throwable failure) {
        failures.increment();
        String text = String.valueOf(failure.getMessage());
        if (text.startsWith("READONLY") || text.startsWith("NOSCRIPT") || text.startsWith("LOADING")) {
            giveUp(text);
        }
        return new StoreFailure(StoreFailure.Kind.UNAVAILABLE, "redis: " + text);
    }
}
