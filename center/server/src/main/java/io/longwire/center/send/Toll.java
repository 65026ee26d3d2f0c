package io.longwire.center.send;

import io.longwire.center.CenterMetric;
import io.longwire.center.access.Quota;
import io.longwire.center.access.Quotas;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.AppRecord;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * What one request takes of its app's quota, in one step or in several: who does not know yet how many sends it will be
 * takes one, and the rest later. Used by one request, whose steps follow each other.
 */
final class Toll {
    private final Quotas quotas;
    private final AppRecord app;
    private final Consumer<Quota> used;
    private final Metrics metrics;
    private int taken;

    /** @param used is told what was taken, after each step */
    Toll(Quotas quotas, AppRecord app, Consumer<Quota> used, Metrics metrics) {
        this.quotas = quotas;
        this.app = app;
        this.used = used;
        this.metrics = metrics;
    }

    /**
     * Takes what is missing to so many in all; granted is what this request has then, at least one. Throws {@link
     * Refused} QUOTA_EXCEEDED if it has none.
     */
    Quota upTo(int wanted) {
        int missing = Math.max(0, wanted - taken);
        Quota step = quotas.take(app.getAppId(), app.getSendsPerSecond(), missing);
        taken += step.granted();
        var all = new Quota(taken, step.limit(), step.remaining(), step.resetSeconds(), step.retryAfterMillis());
        used.accept(all);
        if (step.granted() < missing) {
            metrics.counter(CenterMetric.QUOTA_EXCEEDED).add(missing - step.granted());
        }
        if (taken == 0) {
            throw exceeded(all);
        }
        return all;
    }

    static Refused exceeded(Quota quota) {
        return Refused.later(Why.QUOTA_EXCEEDED,
                "sends: above " + quota.limit() + " a second (expected: the app's quota)",
                Duration.ofMillis(Math.max(1, quota.retryAfterMillis())));
    }
}
