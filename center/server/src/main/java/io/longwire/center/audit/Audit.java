package io.longwire.center.audit;

import io.longwire.center.CenterMetric;
import io.longwire.center.access.Cursor;
import io.longwire.center.refuse.Refused;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.center.AuditEntry;
import io.longwire.rpc.center.ListAuditReply;
import io.longwire.rpc.center.ListAuditRequest;
import io.longwire.rpc.saver.AuditRecord;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's changes, each recorded before it is done: what cannot be recorded does not happen. A change that then
 * fails is followed by a second record {@code <action>.failed}. Details name settings, never a key. Thread-safe, never
 * blocks.
 */
public final class Audit {
    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
    private static final String ADMIN = "admin";
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 1_000;
    private static final int DETAIL_CHARS = 400;

    private final AuditStore store;
    private final Metrics metrics;

    /**
     * What is to be done.
     *
     * @param action "app.update", "key.revoke", ...
     * @param appId 0 = none yet
     * @param subject what it is done to: an app's name, a key's id
     * @param detail one line, no secrets
     * @param address the operator's; "name@address" where the person is known
     */
    public record Change(String action, int appId, String subject, String detail, String address) {
        AuditRecord record(String suffix, String why) {
            int at = address.indexOf('@');
            String line = (why.isEmpty() ? detail : detail + "; " + why).replaceAll("\\p{Cntrl}", "?");
            return AuditRecord.newBuilder().setActor(at < 0 ? ADMIN : ADMIN + "/" + address.substring(0, at))
                    .setAction(action + suffix).setAppId(appId)
                    .setSubject(subject)
                    .setDetail(line.length() > DETAIL_CHARS ? line.substring(0, DETAIL_CHARS) : line)
                    .setAddress(address.substring(at + 1)).build();
        }
    }

    public Audit(AuditStore store, Metrics metrics) {
        this.store = store;
        this.metrics = metrics;
    }

    /** Does the work once the change is recorded; fails as the record or the work does. */
    public <A> CompletableFuture<A> recorded(Change change, Supplier<CompletableFuture<A>> work) {
        return add(change, "", "").thenCompose(record -> done(work).whenComplete((answer, failure) -> {
            if (failure != null) {
                failed(change, failure);
            }
        }));
    }

    private static <A> CompletableFuture<A> done(Supplier<CompletableFuture<A>> work) {
        try {
            return work.get();
        } catch (RuntimeException refusedOrBug) {
            return CompletableFuture.failedFuture(refusedOrBug);
        }
    }

    /** Records what is known of a change only when it was made; completes when it is recorded. */
    public CompletableFuture<AuditRecord> noted(Change change) {
        return add(change, "", "");
    }

    public CompletableFuture<ListAuditReply> list(ListAuditRequest request) {
        int limit = Cursor.limit(request.getLimit(), DEFAULT_PAGE, MAX_PAGE);
        long before = request.getCursor().isEmpty() ? 0 : cursor(request.getCursor());
        return store.audit(io.longwire.rpc.saver.ListAuditRequest.newBuilder().setAppId(request.getAppId())
                .setBeforeSeq(before).setLimit(limit).build()).thenApply(found -> {
                    var answer = ListAuditReply.newBuilder();
                    found.getRecordsList().forEach(record -> answer.addEntries(entry(record)));
                    if (found.getRecordsCount() == limit) {
                        answer.setCursor(Long.toUnsignedString(found.getRecords(limit - 1).getSeq()));
                    }
                    return answer.build();
                });
    }

    private CompletableFuture<AuditRecord> add(Change change, String suffix, String why) {
        LOG.info("audit: {}{} app {} {} by {} from {}", change.action(), suffix, change.appId(), change.subject(),
                ADMIN, change.address());
        return store.addAudit(change.record(suffix, why)).whenComplete((record, failure) -> {
            if (failure != null) {
                metrics.counter(CenterMetric.AUDIT_FAILED).increment();
            }
        });
    }

    private void failed(Change change, Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        add(change, ".failed", cause instanceof Refused refused ? refused.detail() : cause.getClass().getSimpleName())
                .exceptionally(lost -> {
                    LOG.warn("audit: the failure of {} could not be recorded", change.action(), lost);
                    return AuditRecord.getDefaultInstance();
                });
    }

    private static long cursor(String text) {
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException none) {
            throw Refused.invalid("cursor", text, "the cursor of an earlier answer, or none");
        }
    }

    private static AuditEntry entry(AuditRecord record) {
        return AuditEntry.newBuilder().setAtMs(record.getAtMs()).setActor(record.getActor())
                .setAction(record.getAction()).setAppId(record.getAppId()).setSubject(record.getSubject())
                .setDetail(record.getDetail()).setAddress(record.getAddress()).build();
    }
}
