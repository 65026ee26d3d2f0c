package io.longwire.coordinator.pace;

import io.longwire.coordinator.CoordinatorMetric;
import io.longwire.coordinator.callback.CallbackObserver;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.coordinator.AppFeedback;
import io.longwire.rpc.coordinator.FeedbackReply;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * How the backend of each app with callbacks here bears them: an {@link AppPace} for each, looked at once a second.
 * There are as many as apps with callbacks, which are bounded. Owned by the channels' loop; {@link #feedback} may be
 * called by any thread.
 */
public final class Paces implements CallbackObserver, AutoCloseable {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration TTL = Duration.ofSeconds(5);
    private static final int MOST_PACE = 10_000_000;
    private static final int MOST_DIGITS = 9;

    private final Supplier<PaceConfig> config;
    private final Executor loop;
    private final Clock clock;
    private final Metrics metrics;
    private final Clock.Cancellable looks;
    private final Map<Integer, AppPace> apps = new HashMap<>();
    private volatile int slowed;

    /**
     * Begins to look.
     *
     * @param config asked at each look
     * @param loop on which it hears of requests
     */
    public Paces(Supplier<PaceConfig> config, Executor loop, Clock clock, Metrics metrics) {
        this.config = config;
        this.loop = loop;
        this.clock = clock;
        this.metrics = metrics;
        metrics.gauge(CoordinatorMetric.PACE_APPS_SLOWED, () -> slowed);
        this.looks = clock.every(LOOK, () -> loop.execute(this::look));
    }

    @Override
    public void began(int app, Object request) {
        app(app).began(request, clock.nanos());
    }

    @Override
    public void ended(int app, Object request, Ended how) {
        AppPace pace = app(app);
        pace.ended(request, how, clock.nanos());
        if (!how.pushPace().isEmpty()) {
            int asked = read(how.pushPace());
            metrics.counter(CoordinatorMetric.PUSH_PACES, "outcome", asked < 0 ? "unreadable" : "followed").increment();
            if (asked >= 0) {
                pace.pushPace(asked, clock.nanos());
            }
        }
    }

    private AppPace app(int app) {
        return apps.computeIfAbsent(app, first -> new AppPace(config, clock.nanos()));
    }

    /** Messages a second; negative = it is no whole number of at most 9 digits. */
    static int read(String header) {
        String text = header.strip();
        return text.isEmpty() || text.length() > MOST_DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')
                ? -1
                : Math.min(Integer.parseInt(text), MOST_PACE);
    }

    private void look() {
        long now = clock.nanos();
        apps.values().removeIf(pace -> pace.isForgotten(now));
        int less = 0;
        for (AppPace pace : apps.values()) {
            if (pace.look(now)) {
                metrics.counter(CoordinatorMetric.PACE_CUTS, "why", pace.why()).increment();
            }
            less += pace.share() < 1 || pace.pushPace(now).isPresent() ? 1 : 0;
        }
        slowed = less;
    }

    /** What centers hear of these apps; those without callbacks here of late are left out. */
    public CompletableFuture<FeedbackReply> feedback(List<Integer> asked) {
        return CompletableFuture.supplyAsync(() -> {
            var reply = FeedbackReply.newBuilder();
            long now = clock.nanos();
            for (int app : asked) {
                AppPace pace = apps.get(app);
                if (pace != null) {
                    reply.addApps(feedback(app, pace, now));
                }
            }
            return reply.build();
        }, loop);
    }

    private static AppFeedback feedback(int app, AppPace pace, long now) {
        var feedback = AppFeedback.newBuilder().setAppId(app).setShare(pace.share()).setWhy(pace.why())
                .setTtlMs((int) TTL.toMillis());
        pace.pushPace(now).ifPresent(feedback::setPushPace);
        for (int ago = 0; ago < AppPace.SECONDS; ago++) {
            feedback.addRequests(pace.requests(now, ago)).addFailed(pace.failed(now, ago));
        }
        return feedback.build();
    }

    @Override
    public void close() {
        looks.cancel();
    }
}
