package io.longwire.center.broadcast;

import io.longwire.center.CenterMetric;
import io.longwire.center.list.BackendPace;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.coordinator.AppFeedback;
import io.longwire.rpc.saver.Broadcast;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

/**
 * How fast running broadcasts may go for the sake of their products' backends. The coordinators are asked once a second
 * about the apps that were asked about here within the last {@link #WANTED}: those with a broadcast that this center
 * has walked, or whose progress it shows. Every center asks the same coordinators, and so comes to the same limit; of
 * several coordinators, which send different callbacks of an app, the lowest counts. Thread-safe, never blocks.
 */
public final class ProductPaces implements BackendPace, AutoCloseable {
    static final Duration WANTED = Duration.ofSeconds(10);
    /** How long the first order of a broadcast waits for what coordinators say. */
    static final Duration PATIENCE = Duration.ofMillis(500);
    static final int MOST = 1_000;

    private static final Duration EVERY = Duration.ofSeconds(1);

    private final BackendFeedback feedback;
    private final Clock clock;
    private final Metrics metrics;
    private final AtomicBoolean asking = new AtomicBoolean();
    private final Map<Integer, App> apps = new LinkedHashMap<>(); // guarded by this
    private Clock.@Nullable Cancellable looks;
    private volatile int limited;

    /** What is known of one; guarded by its owner. */
    private static final class App {
        private final FollowedPace pace = new FollowedPace();
        private long wantedNanos;
        private boolean known;
        private List<AppFeedback> said = List.of();
        private long saidNanos;

        private App(long nanos) {
            wantedNanos = nanos;
        }
    }

    /** Requests to a backend, and those of them whose events it did not take. */
    record Errors(long requests, long failed) {
    }

    public ProductPaces(BackendFeedback feedback, Clock clock, Metrics metrics) {
        this.feedback = feedback;
        this.clock = clock;
        this.metrics = metrics;
        metrics.gauge(CenterMetric.PRODUCT_PACES, () -> limited);
    }

    /** Asks from now on, until it is closed. Once. */
    public ProductPaces start() {
        looks = clock.every(EVERY, this::look);
        return this;
    }

    @Override
    public void close() {
        if (looks != null) {
            looks.cancel();
        }
    }

    /** What holds for the broadcast now; its app is followed from now on. What takes one back is not slowed down. */
    synchronized Limit of(Broadcast broadcast) {
        App known = broadcast.getReplaces() == 0 ? wanted(broadcast.getAppId()) : null;
        return known == null ? Limit.NONE : known.pace.limit(clock.nanos());
    }

    @Override
    public double bound(Broadcast broadcast, double asked, long endpoints) {
        return PaceShares.bound(asked, endpoints, of(broadcast));
    }

    /** Completes when the coordinators have been asked about each of these, or did not answer in time. Never fails. */
    CompletableFuture<?> know(Collection<Integer> wanted) {
        var unknown = new ArrayList<Integer>();
        synchronized (this) {
            for (int app : wanted) {
                App known = wanted(app);
                if (known != null && !known.known) {
                    unknown.add(app);
                }
            }
        }
        return unknown.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : ask(unknown).completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** How requests to the app's backend ended within that time, a minute at most. */
    synchronized Errors errors(int app, Duration within) {
        App known = wanted(app);
        if (known == null) {
            return new Errors(0, 0);
        }
        long second = TimeUnit.SECONDS.toNanos(1);
        int late = (int) Math.min(Integer.MAX_VALUE, (clock.nanos() - known.saidNanos) / second);
        long seconds = within.toSeconds() - late;
        long requests = 0;
        long failed = 0;
        for (AppFeedback one : known.said) {
            for (int ago = 0; ago < Math.min(seconds, one.getRequestsCount()); ago++) {
                requests += Integer.toUnsignedLong(one.getRequests(ago));
                failed += ago < one.getFailedCount() ? Integer.toUnsignedLong(one.getFailed(ago)) : 0;
            }
        }
        return new Errors(requests, failed);
    }

    // Null: too many are followed, and this one goes as its operator says.
    private @Nullable App wanted(int app) {
        App known = apps.get(app);
        if (known == null && apps.size() >= MOST) {
            metrics.counter(CenterMetric.PRODUCT_PACES_FULL).increment();
            return null;
        }
        if (known == null) {
            known = new App(clock.nanos());
            apps.put(app, known);
        }
        known.wantedNanos = clock.nanos();
        return known;
    }

    private void look() {
        List<Integer> followed;
        synchronized (this) {
            long now = clock.nanos();
            apps.values().removeIf(app -> now - app.wantedNanos > WANTED.toNanos());
            limited = (int) apps.values().stream().filter(app -> app.pace.limit(now).limits()).count();
            followed = List.copyOf(apps.keySet());
        }
        if (!followed.isEmpty() && asking.compareAndSet(false, true)) {
            ask(followed).whenComplete((done, failure) -> asking.set(false));
        }
    }

    private CompletableFuture<Object> ask(List<Integer> asked) {
        return feedback.of(asked).handle((said, _) -> {
            hear(asked, said == null ? List.of() : said);
            return asked;
        });
    }

    private synchronized void hear(List<Integer> asked, List<AppFeedback> said) {
        var byApp = new HashMap<Integer, List<AppFeedback>>();
        said.forEach(one -> byApp.computeIfAbsent(one.getAppId(), first -> new ArrayList<>()).add(one));
        long now = clock.nanos();
        for (int app : asked) {
            App known = apps.get(app);
            if (known == null) {
                continue;
            }
            known.known = true;
            List<AppFeedback> of = byApp.getOrDefault(app, List.of());
            if (!of.isEmpty()) {
                known.said = of;
                known.saidNanos = now;
                hear(known.pace, of, now);
            }
        }
    }

    private static void hear(FollowedPace pace, List<AppFeedback> said, long now) {
        AppFeedback least = said.getFirst();
        OptionalInt push = OptionalInt.empty();
        for (AppFeedback one : said) {
            least = one.getShare() < least.getShare() ? one : least;
            if (one.hasPushPace() && (push.isEmpty() || one.getPushPace() < push.getAsInt())) {
                push = OptionalInt.of(one.getPushPace());
            }
        }
        pace.hear(now, least.getShare(), push, least.getWhy(), Duration.ofMillis(least.getTtlMs()));
    }
}
