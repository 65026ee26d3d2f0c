package io.longwire.center.list;

import io.longwire.keeper.clock.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntUnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * How fast one broadcast goes at this center: all its ranges ask here, in turn, before each endpoint. A permit needs a
 * token of the pace, with a burst of 0.1 s, and one of the app's quota. Who asks is either answered at once or waits in
 * a queue, which is as long as the sends that its ranges have under way; a stop answers all of them no. Thread-safe;
 * permits are given on the caller's thread or the clock's.
 */
final class Pacer {
    /** As fast as the quota allows. */
    static final double UNLIMITED = 0;

    private static final double NOT_KNOWN = -1;
    private static final double BURST_SECONDS = 0.1;
    private static final double SECOND = 1e9;
    private static final Duration LEAST_WAIT = Duration.ofMillis(10);
    private static final Duration QUOTA_WAIT = Duration.ofMillis(50);

    private final Clock clock;
    private final IntUnaryOperator quota;
    private final Deque<CompletableFuture<Boolean>> waiting = new ArrayDeque<>(); // guarded by this, as what follows
    private boolean goes;
    private Clock.@Nullable Cancellable ticking;
    private boolean starved;
    private double rate = NOT_KNOWN;
    private double tokens = 1;
    private long filledNanos;

    /** @param quota takes so many of the app's sends, or fewer */
    Pacer(Clock clock, IntUnaryOperator quota) {
        this.clock = clock;
        this.quota = quota;
        this.filledNanos = clock.nanos();
    }

    /** Permits are given from now on, once the rate is known, or no more. */
    void goes(boolean now) {
        List<CompletableFuture<Boolean>> refused = new ArrayList<>();
        synchronized (this) {
            goes = now;
            if (!now) {
                refused.addAll(waiting);
                waiting.clear();
            }
        }
        refused.forEach(each -> each.complete(false));
    }

    /** Permits a second from now on; {@link #UNLIMITED} = no bound but the quota. */
    void rate(double perSecond) {
        synchronized (this) {
            fill();
            rate = perSecond;
            tokens = Math.min(tokens, burst());
            if (ticking != null) { // at the pace of before
                ticking.cancel();
                ticking = null;
            }
        }
        tick();
    }

    /** Whether sends wait for the app's quota at the moment. */
    synchronized boolean starved() {
        return starved && !waiting.isEmpty();
    }

    synchronized int waiting() {
        return waiting.size();
    }

    /** True = send one now; false = it is stopped. */
    CompletableFuture<Boolean> permit() {
        synchronized (this) {
            if (!goes) {
                return CompletableFuture.completedFuture(false);
            }
            if (!waiting.isEmpty() || take(1) == 0) {
                var asked = new CompletableFuture<Boolean>();
                waiting.add(asked);
                later();
                return asked;
            }
        }
        return CompletableFuture.completedFuture(true);
    }

    private void tick() {
        List<CompletableFuture<Boolean>> permitted = new ArrayList<>();
        synchronized (this) {
            for (int left = take(waiting.size()); left > 0; left--) {
                permitted.add(waiting.remove());
            }
            if (!waiting.isEmpty()) {
                later();
            }
        }
        permitted.forEach(each -> each.complete(true));
    }

    private void later() {
        if (ticking == null && rate != NOT_KNOWN) {
            double missing = rate == UNLIMITED ? 0 : Math.max(0, 1 - tokens) / rate;
            Duration forToken = Duration.ofNanos((long) (missing * SECOND) + 1_000);
            Duration least = starved ? QUOTA_WAIT : LEAST_WAIT;
            ticking = clock.schedule(forToken.compareTo(least) > 0 ? forToken : least, () -> {
                synchronized (this) {
                    ticking = null;
                }
                tick();
            });
        }
    }

    private int take(int wanted) {
        if (wanted == 0 || rate == NOT_KNOWN) {
            return 0;
        }
        fill();
        int paced = rate == UNLIMITED ? wanted : (int) Math.min(wanted, Math.floor(tokens));
        int granted = paced == 0 ? 0 : quota.applyAsInt(paced);
        starved = granted < paced;
        tokens -= rate == UNLIMITED ? 0 : granted;
        return granted;
    }

    private void fill() {
        long now = clock.nanos();
        if (rate > 0) {
            tokens = Math.min(burst(), tokens + (now - filledNanos) / SECOND * rate);
        }
        filledNanos = now;
    }

    private double burst() {
        return Math.max(1, rate * BURST_SECONDS);
    }
}
