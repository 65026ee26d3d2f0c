package io.longwire.coordinator.receipt;

import com.google.protobuf.ByteString;
import io.longwire.coordinator.CoordinatorMetric;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.PullReceiptsRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntPredicate;

/**
 * Once a second, for each app that is this coordinator's and has a channel of receipts: reads what came into the
 * savers' ledger since the app's cursor, puts it into the streams, and moves the cursor when a page is there whole. Who
 * dies in between leaves the cursor behind, and what is read again is known by its number. So there is no lease: two
 * that both think an app is theirs keep each receipt once, and in its order.
 *
 * <p>Full is waited for: while an app has no room for the next receipt of a page its cursor stays, the ledger keeps the
 * rest, for 7 days. At most {@link #AT_ONCE} apps at once, a page of {@link #PAGE} each. Thread-safe, never blocks.
 */
public final class Forwarding implements AutoCloseable {
    static final int PAGE = 500;
    static final int AT_ONCE = 16;

    private static final Duration ROUND = Duration.ofSeconds(1);
    private static final int IN_A_ROW = 100;

    private final ReceiptStore store;
    private final ReceiptFeed feed;
    private final IntPredicate mine;
    private final Metrics metrics;
    private final Set<Integer> busy = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final Clock.Cancellable rounds;

    /** @param mine whether what belongs to a partition, as an app does, is this coordinator's to do */
    public Forwarding(ReceiptStore store, ReceiptFeed feed, IntPredicate mine, Clock clock, Metrics metrics) {
        this.store = store;
        this.feed = feed;
        this.mine = mine;
        this.metrics = metrics;
        this.rounds = clock.every(ROUND, this::round);
    }

    // More apps than may be done at once take turns by lot.
    private void round() {
        if (!looking.compareAndSet(false, true)) {
            return;
        }
        store.apps().whenComplete((apps, failure) -> {
            looking.set(false);
            if (failure != null) {
                metrics.counter(CoordinatorMetric.RECEIPT_LOOKS_FAILED).increment();
                return;
            }
            List<Integer> some = new ArrayList<>(apps);
            Collections.shuffle(some);
            for (int app : some) {
                if (mine.test(ReceiptStore.home(app)) && busy.size() < AT_ONCE && busy.add(app)) {
                    forward(app);
                }
            }
        });
    }

    private void forward(int app) {
        store.cursor(app).thenCompose(cursor -> pages(app, cursor, IN_A_ROW)).whenComplete((done, failure) -> {
            busy.remove(app);
            if (failure != null) {
                metrics.counter(CoordinatorMetric.RECEIPT_LOOKS_FAILED).increment();
            }
        });
    }

    private CompletableFuture<Void> pages(int app, ByteString cursor, int left) {
        return feed.pull(PullReceiptsRequest.newBuilder().setAppId(app).setCursor(cursor).setLimit(PAGE).build())
                .thenCompose(page -> page.getReceiptsCount() == 0
                        ? CompletableFuture.<Void>completedFuture(null)
                        : store.keep(app, page.getReceiptsList()).thenCompose(all -> all
                                ? store.cursor(app, page.getCursor()).thenCompose(saved -> page.getMore() && left > 1
                                        ? pages(app, page.getCursor(), left - 1)
                                        : CompletableFuture.<Void>completedFuture(null))
                                : CompletableFuture.<Void>completedFuture(null)));
    }

    /** Begins nothing more. */
    @Override
    public void close() {
        rounds.cancel();
    }
}
