package io.longwire.keeper.server.console.trail;

import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.keeper.server.console.metric.ConsoleMetric;
import io.longwire.keeper.server.console.web.Refusal;
import io.longwire.rpc.saver.AuditRecord;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit log as the console writes it, beside what center records itself: who signed in, users, drains. A change
 * is recorded before it is made; what cannot be recorded is not done. Thread-safe.
 */
public final class Trail {
    private static final Logger LOG = LoggerFactory.getLogger(Trail.class);

    private final Function<AuditRecord, CompletableFuture<AuditRecord>> store;
    private final Metrics metrics;

    /** @param store the savers; its futures fail within their deadline */
    public Trail(Function<AuditRecord, CompletableFuture<AuditRecord>> store, Metrics metrics) {
        this.store = store;
        this.metrics = metrics;
    }

    /** Returns when the change is recorded; throws {@link Refusal} UNAVAILABLE when it cannot be. Blocks for 3 s. */
    public void before(String origin, String action, String subject, String detail) throws InterruptedException {
        try {
            add(origin, action, subject, detail).get();
        } catch (ExecutionException failed) {
            metrics.counter(ConsoleMetric.TRAIL_FAILED).increment();
            String why = failed.getCause() instanceof RpcFailure rpc ? rpc.getMessage() : "no saver answers";
            throw Refusal.later(Refusal.Why.UNAVAILABLE, "audit log: " + why + " (expected: the record of the change)",
                    Duration.ofSeconds(2));
        }
    }

    /** Notes what has happened, as far as that can be done. Does not wait. */
    public void note(String origin, String action, String subject, String detail) {
        add(origin, action, subject, detail).whenComplete((_, lost) -> {
            if (lost != null) {
                LOG.warn("audit: {} of {} could not be recorded: {}", action, origin, lost.toString());
            }
        });
    }

    private CompletableFuture<AuditRecord> add(String origin, String action, String anySubject, String anyDetail) {
        int at = origin.indexOf('@');
        String subject = oneLine(anySubject);
        String detail = oneLine(anyDetail);
        LOG.info("audit: {} {} by {}: {}", action, subject, origin, detail);
        return store.apply(AuditRecord.newBuilder().setActor("admin/" + origin.substring(0, Math.max(0, at)))
                .setAction(action).setSubject(subject).setDetail(detail).setAddress(origin.substring(at + 1)).build());
    }

    // A line break would let whoever wrote it forge the lines behind it.
    private static String oneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]", "?");
    }
}
