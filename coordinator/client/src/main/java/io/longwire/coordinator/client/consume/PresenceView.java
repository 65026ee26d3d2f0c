package io.longwire.coordinator.client.consume;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longwire.coordinator.client.Partitions;
import io.longwire.rpc.coordinator.ChannelUpdate;
import io.longwire.rpc.coordinator.ConsumerGrpc;
import io.longwire.rpc.coordinator.OnlineEndpoint;
import io.longwire.rpc.coordinator.PresenceGrpc;
import io.longwire.rpc.coordinator.SnapshotReply;
import io.longwire.rpc.coordinator.SnapshotRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Which endpoints of an app are online, in memory, kept up to date through a channel of its own: of each partition
 * first the snapshot, then what the channel gives behind the snapshot's cursor. While a partition's snapshot is being
 * taken its events wait in the channel. It is taken again after RESYNC, and whenever the stream had to be opened anew.
 * About 150 bytes for each endpoint online. Thread-safe.
 *
 * <pre>{@code
 * var options = ConsumerOptions.of(List.of("localhost:8082"), key, PresenceView.TYPE, "presence-of-billing");
 * try (var view = PresenceView.start(options, news -> log(news))) {
 *     view.ready().join();
 *     view.online().forEach((endpoint, session) -> ...);
 * }
 * }</pre>
 */
public final class PresenceView implements AutoCloseable {
    /** Of the events. */
    public static final String TYPE = "$presence";

    private static final Duration CALL = Duration.ofSeconds(5);
    private static final Duration AGAIN = Duration.ofMillis(200);
    private static final int PAGE = 1_000;

    private final ConsumerOptions options;
    private final Consumer<PresenceNews> listener;
    private final List<ManagedChannel> channels;
    private final PartitionView[] views = new PartitionView[Partitions.COUNT];
    private final ReentrantLock[] locks = new ReentrantLock[Partitions.COUNT]; // one for each of the views
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> closing = new CompletableFuture<>();
    private final EventConsumer consumer;
    private int turn;

    /** A session of an endpoint that is online, and the incarnation of its room. */
    public record Online(long connSeq, int via) {
    }

    private PresenceView(ConsumerOptions options, Consumer<PresenceNews> listener) {
        this.options = options;
        this.listener = listener;
        this.channels = options.addresses().stream().map(ApiCalls::channel).toList();
        for (int p = 0; p < views.length; p++) {
            views[p] = new PartitionView();
            locks[p] = new ReentrantLock();
        }
        this.consumer = EventConsumer.start(options, this::take, this::begin);
        consumer.ended().whenComplete((done, failure) -> {
            if (failure != null) {
                closing.complete(null);
                ready.completeExceptionally(failure);
            }
        });
    }

    /**
     * Begins; makes the channel.
     *
     * @param options of type {@link #TYPE}, with a channel that nobody else consumes
     * @param listener told what changes, behind the first snapshot, one event of a partition after the other; may block
     */
    public static PresenceView start(ConsumerOptions options, Consumer<PresenceNews> listener) {
        if (!options.type().equals(TYPE)) {
            throw new IllegalArgumentException("type: " + options.type() + " (expected: " + TYPE + ")");
        }
        return new PresenceView(options, listener);
    }

    /** Completes when the snapshot of every partition was taken; fails when the coordinators will never serve it. */
    public CompletableFuture<Void> ready() {
        return ready;
    }

    /** As {@link EventConsumer#ended}. */
    public CompletableFuture<Void> ended() {
        return consumer.ended();
    }

    /** The endpoints that are online now, as a copy; waits while a snapshot is being taken. */
    public Map<String, Online> online() {
        var all = new HashMap<String, Online>();
        for (int p = 0; p < views.length; p++) {
            locks[p].lock();
            try {
                all.putAll(views[p].online());
            } finally {
                locks[p].unlock();
            }
        }
        return all;
    }

    /** Ends it and takes the channel away, so that nothing is kept for it any more. */
    public void closeAndForget() {
        consumer.close(); // first: its streams would make the channel again
        try {
            ConsumerGrpc.newBlockingStub(next()).withCallCredentials(ApiCalls.key(options.key()))
                    .withDeadlineAfter(CALL).updateChannel(ChannelUpdate.newBuilder().setType(TYPE)
                            .setChannel(options.channel()).setDelete(true).build());
        } finally {
            close();
        }
    }

    @Override
    public void close() {
        closing.complete(null);
        consumer.close();
        channels.forEach(ApiCalls::close);
        ready.completeExceptionally(Status.CANCELLED.withDescription("view: closed").asRuntimeException());
    }

    // The channel is there: what happens from now on comes through it, what happened before is in the snapshots. After
    // a break it may be another one, made again after somebody took it away or its store was lost.
    private void begin() {
        Thread.ofVirtual().name("presence-snapshot").start(() -> {
            for (int p = 0; p < views.length; p++) {
                locks[p].lock();
                try {
                    views[p].unload();
                } finally {
                    locks[p].unlock();
                }
            }
            loadAll();
        });
    }

    private void loadAll() {
        for (int p = 0; p < views.length && !closing.isDone(); p++) {
            locks[p].lock();
            try {
                if (!views[p].loaded()) {
                    load(p);
                }
            } catch (StatusRuntimeException refused) {
                ready.completeExceptionally(refused);
                return;
            } finally {
                locks[p].unlock();
            }
        }
        if (!closing.isDone()) {
            ready.complete(null);
        }
    }

    private Verdict take(UplinkEvent event) {
        PresenceNews news = PresenceNews.of(event);
        int partition = event.partition();
        boolean told;
        locks[partition].lock();
        try {
            PartitionView view = views[partition];
            if (!view.loaded()) {
                load(partition);
            }
            told = view.apply(news, event.eventId());
            if (!view.loaded()) { // a RESYNC that the snapshot did not know
                load(partition);
            }
        } finally {
            locks[partition].unlock();
        }
        if (told) {
            listener.accept(news);
        }
        return Verdict.FIN;
    }

    // Until it has a whole one, or is closed; with the partition's lock. What never will be served is thrown.
    private void load(int partition) {
        var found = new ArrayList<OnlineEndpoint>();
        String cursor = "";
        String page = "";
        do {
            SnapshotReply reply = page(partition, page);
            if (reply == null) {
                return;
            }
            cursor = cursor.isEmpty() ? reply.getCursor() : cursor;
            found.addAll(reply.getOnlineList());
            page = reply.getNext();
        } while (!page.isEmpty());
        views[partition].load(found, cursor);
    }

    private @Nullable SnapshotReply page(int partition, String page) {
        while (!closing.isDone()) {
            try {
                return PresenceGrpc.newBlockingStub(next()).withCallCredentials(ApiCalls.key(options.key()))
                        .withDeadlineAfter(CALL).snapshot(SnapshotRequest.newBuilder().setPartition(partition)
                                .setPage(page).setLimit(PAGE).build());
            } catch (StatusRuntimeException failed) {
                switch (failed.getStatus().getCode()) {
                    case UNAUTHENTICATED, PERMISSION_DENIED, INVALID_ARGUMENT, UNIMPLEMENTED -> throw failed;
                    default -> pause(); // a room or the store is away, or the channel is not made yet
                }
            }
        }
        return null;
    }

    private void pause() {
        closing.copy().completeOnTimeout(null, AGAIN.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    private synchronized ManagedChannel next() {
        return channels.get(Math.floorMod(turn++, channels.size()));
    }
}
