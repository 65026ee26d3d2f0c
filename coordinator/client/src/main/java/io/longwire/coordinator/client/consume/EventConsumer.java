package io.longwire.coordinator.client.consume;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.longwire.rpc.coordinator.ConsumerGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Takes the events of a channel until it is closed: keeps its streams open, with pauses that grow from 0.1 to 10 s
 * while coordinators are away, and hands each event to the handler. An event comes at least once: after a break, or
 * when the handler took too long, again with a higher attempt. Thread-safe.
 *
 * <pre>{@code
 * var options = ConsumerOptions.of(List.of("localhost:8082"), key, "order", "billing");
 * try (var consumer = EventConsumer.start(options, event -> {
 *     book(event.endpoint(), event.body());
 *     return Verdict.FIN;
 * })) {
 *     consumer.ended().join();
 * }
 * }</pre>
 */
public final class EventConsumer implements AutoCloseable {
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long MOST_PAUSE_MILLIS = 10_000;

    private final ConsumerOptions options;
    private final EventHandler handler;
    private final Runnable subscribed;
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final List<ConsumerStream> streams = new ArrayList<>(); // guarded by this
    private final ScheduledExecutorService timer = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("event-consumer").factory());
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean closed;

    private EventConsumer(ConsumerOptions options, EventHandler handler, Runnable subscribed) {
        this.options = options;
        this.handler = handler;
        this.subscribed = subscribed;
        for (String address : options.addresses()) {
            channels.add(ApiCalls.channel(address));
        }
    }

    /** Begins to consume. */
    public static EventConsumer start(ConsumerOptions options, EventHandler handler) {
        return start(options, handler, () -> {
        });
    }

    /** @param subscribed called whenever a stream was: the channel is there in every partition; must not block */
    static EventConsumer start(ConsumerOptions options, EventHandler handler, Runnable subscribed) {
        var consumer = new EventConsumer(options, handler, subscribed);
        for (int i = 0; i < options.streams(); i++) {
            consumer.open(i, 0);
        }
        return consumer;
    }

    /**
     * Completes when it is closed; fails with StatusRuntimeException when the coordinators will never serve it: a key
     * that is not good, a name that breaks a rule.
     */
    public CompletableFuture<Void> ended() {
        return ended;
    }

    private void open(int turn, int failures) {
        synchronized (this) {
            if (!closed) {
                ManagedChannel to = channels.get(Math.floorMod(turn, channels.size()));
                streams.add(ConsumerStream.open(
                        ConsumerGrpc.newStub(to).withCallCredentials(ApiCalls.key(options.key())), options, handler,
                        subscribed, (stream, status) -> over(stream, status, turn, failures)));
            }
        }
    }

    private void over(ConsumerStream stream, Status status, int turn, int failures) {
        synchronized (this) {
            streams.remove(stream);
            if (closed) {
                return;
            }
            int now = stream.served() ? 0 : failures + 1;
            switch (status.getCode()) {
                case UNAUTHENTICATED, PERMISSION_DENIED, INVALID_ARGUMENT, FAILED_PRECONDITION, UNIMPLEMENTED ->
                    ended.completeExceptionally(status.asRuntimeException());
                default -> timer.schedule(() -> open(turn + 1, now), pause(now), TimeUnit.MILLISECONDS);
            }
        }
    }

    private static long pause(int failures) {
        long bound = Math.min(MOST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures, 10));
        return bound / 2 + ThreadLocalRandom.current().nextLong(bound / 2 + 1);
    }

    /** Ends the streams; what is in flight goes to others at once. */
    @Override
    public void close() {
        List<ConsumerStream> last;
        synchronized (this) {
            closed = true;
            last = List.copyOf(streams);
        }
        last.forEach(ConsumerStream::close);
        timer.shutdownNow();
        channels.forEach(ApiCalls::close);
        ended.complete(null);
    }
}
