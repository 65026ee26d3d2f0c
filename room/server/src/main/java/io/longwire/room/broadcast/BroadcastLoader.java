package io.longwire.room.broadcast;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Metrics.Counter;
import io.longwire.room.metric.RoomMetric;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.ListActiveReply;
import io.longwire.rpc.saver.ListActiveRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the board as the savers have it: the first list as soon as one answers, tried again after 0.1, 0.2 ... 5 s,
 * then one every 5 s. One list at a time. Thread-safe.
 */
public final class BroadcastLoader implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final long STALE_MILLIS = Duration.ofSeconds(60).toMillis();

    private final BroadcastBoard board;
    private final BroadcastStore store;
    private final Clock clock;
    private final Runnable onLoaded;
    private final Counter failed;
    private final CountDownLatch first = new CountDownLatch(1);
    private volatile long listedMillis;
    private volatile boolean closed;

    /** @param onLoaded runs after each list */
    public BroadcastLoader(BroadcastBoard board, BroadcastStore store, Clock clock, Runnable onLoaded,
            Metrics metrics) {
        this.board = board;
        this.store = store;
        this.clock = clock;
        this.onLoaded = onLoaded;
        this.failed = metrics.counter(RoomMetric.BROADCAST_LISTS_FAILED);
    }

    /** Begins. The room must be a published member by now: who sees it from now on tells it what is new. */
    public void start() {
        list(FIRST_PAUSE);
    }

    /** Waits so long for the first list at most, so that whoever starts a room finds it serving. Blocks. */
    public void await(Duration atMost) {
        try {
            first.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is wrong, in one sentence. */
    public Optional<String> complaint() {
        if (!board.loaded()) {
            return Optional.of("no saver has listed the broadcasts yet: no logins are taken");
        }
        long age = clock.millis() - listedMillis;
        return age > STALE_MILLIS
                ? Optional.of("the list of broadcasts is " + age / 1000 + " s old (expected: below 60)")
                : Optional.empty();
    }

    @Override
    public void close() {
        closed = true;
    }

    private void list(Duration pauseOnFailure) {
        if (!closed) {
            page(ListActiveRequest.getDefaultInstance(), board.listing(), new ArrayList<>(), pauseOnFailure);
        }
    }

    private void page(ListActiveRequest request, long asked, List<Broadcast> gathered, Duration pauseOnFailure) {
        store.listActive(request).whenComplete((reply, failure) -> {
            if (failure != null) {
                failed.increment();
                Duration next = pauseOnFailure.multipliedBy(2);
                clock.schedule(pauseOnFailure, () -> list(next.compareTo(PERIOD) < 0 ? next : PERIOD));
            } else {
                gathered.addAll(reply.getBroadcastsList());
                if (reply.getMore() && reply.getBroadcastsCount() > 0) {
                    Broadcast last = reply.getBroadcasts(reply.getBroadcastsCount() - 1);
                    page(ListActiveRequest.newBuilder().setAfterApp(last.getAppId()).setAfterSeq(last.getSeq())
                            .build(), asked, gathered, pauseOnFailure);
                } else {
                    listed(asked, gathered, reply);
                }
            }
        });
    }

    private void listed(long asked, List<Broadcast> gathered, ListActiveReply last) {
        board.replace(asked, gathered, last.getFloorsList());
        listedMillis = clock.millis();
        onLoaded.run();
        first.countDown();
        clock.schedule(PERIOD, () -> list(FIRST_PAUSE));
    }
}
