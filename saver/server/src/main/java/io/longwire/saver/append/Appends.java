package io.longwire.saver.append;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.DeliveryClass;
import io.longwire.rpc.saver.How;
import io.longwire.saver.account.Apps;
import io.longwire.saver.account.Endpoints;
import io.longwire.saver.account.Standing;
import io.longwire.saver.cold.ColdSlots;
import io.longwire.saver.end.Endings;
import io.longwire.saver.inbox.Appended;
import io.longwire.saver.inbox.Inbox;
import io.longwire.saver.inbox.RedisNodes;
import io.longwire.saver.inbox.RedisSession;
import io.longwire.saver.ledger.BatchQueue;
import io.longwire.saver.ledger.EndRow;
import io.longwire.saver.ledger.IdAge;
import io.longwire.saver.ledger.InsertMessages;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.MessageRow;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.ledger.Stored;
import io.longwire.saver.watch.HaltPoint;
import io.longwire.saver.watch.SaverMetric;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Accepts DURABLE messages. In this order: the endpoint is the app's, the caller's key is claimed, the ledger has
 * committed, the inbox has confirmed. An inbox that does not confirm, or whose answer may not be believed, makes the
 * slot COLD (committed) instead. Only then the caller is told ACCEPTED; whoever dies before leaves something that a
 * retry with the same message id, or the same key, completes. FAST is taken as DURABLE, which promises more.
 *
 * <p>What the inbox's script names as overflowing is ended and removed behind the answer; what the script refuses is
 * ended REJECTED before the answer. Cost: one group commit and one pipelined script per message, nothing blocks, no
 * thread per item.
 */
public final class Appends implements AutoCloseable {
    private static final BatchQueue.Limits DEFAULT = new BatchQueue.Limits(4, 20_000, 32 << 20, Duration.ofMillis(2),
            Duration.ofMillis(600));

    /** The code of a REJECTED end: the inbox was full. */
    public static final int REASON_FULL = 1;
    /** The code of a REJECTED end: the endpoint is gone. */
    public static final int REASON_GONE = 2;

    private final Shards.PerShard<MessageRow, Stored> ledger;
    private final IdemTable keys;
    private final Parts parts;
    private final Inbox inbox;
    private final IdAge age;
    private final Map<AppendResult.Code, Metrics.Counter> counters = new EnumMap<>(AppendResult.Code.class);

    /** What an append goes through. */
    public record Parts(Endpoints endpoints, Apps apps, RedisNodes redis, ColdSlots cold, Endings endings, Clock clock,
            HaltPoints halts) {
    }

    /** @param writers message batches in flight on each shard */
    public Appends(Shards shards, int writers, Parts parts, Metrics metrics) {
        this.parts = parts;
        this.age = new IdAge(parts.clock);
        this.inbox = new Inbox(parts.clock);
        this.ledger = shards.each(shard -> shard.queue("message", new InsertMessages(age),
                new BatchQueue.Limits(writers, DEFAULT.rows(), DEFAULT.bytes(), DEFAULT.linger(),
                        DEFAULT.deadline())));
        this.keys = new IdemTable(shards, parts.clock, parts.halts);
        for (AppendResult.Code code : AppendResult.Code.values()) {
            counters.put(code, metrics.counter(SaverMetric.APPENDS, "code", code.name()));
        }
    }

    /** Never fails and never blocks: what could not be done is in the result's code. */
    public CompletableFuture<AppendResult> append(AppendItem item) {
        AppendResult refused = refuse(item);
        CompletableFuture<AppendResult> answer = refused != null
                ? CompletableFuture.completedFuture(refused)
                : parts.endpoints.standing(item.getEndpointId()).thenCompose(standing -> stand(item, standing))
                        .exceptionally(failed -> Results.failed(item.getMessageId(), failed));
        return answer.thenApply(result -> {
            Metrics.Counter counter = counters.get(result.getCode());
            if (counter != null) {
                counter.increment();
            }
            return result;
        });
    }

    private @Nullable AppendResult refuse(AppendItem item) {
        long message = item.getMessageId();
        int size = item.getEnvelope().size();
        if (item.getDeliveryClass() == DeliveryClass.TRANSIENT) {
            return Results.of(AppendResult.Code.REJECTED, message, "class: TRANSIENT (expected: one that is stored)");
        }
        if (size == 0 || size > Envelope.MAX_BYTES) {
            return Results.of(AppendResult.Code.REJECTED, message,
                    "envelope: " + size + " bytes (expected: 1 to " + Envelope.MAX_BYTES + ")");
        }
        if (item.getExpireAtMs() <= parts.clock.wallMillis()) {
            return Results.of(AppendResult.Code.REJECTED, message,
                    "expire_at_ms: " + item.getExpireAtMs() + " (expected: in the future)");
        }
        if (item.hasIdempotency() && !IdemKey.of(item.getAppId(), item.getIdempotency()).valid()) {
            return Results.of(AppendResult.Code.REJECTED, message,
                    "idempotency: (expected: two hashes of " + IdemKey.HASH_BYTES + " bytes)");
        }
        return age.stale(message) ? Results.of(AppendResult.Code.STALE_ID, message, "") : null;
    }

    private CompletableFuture<AppendResult> stand(AppendItem item, Standing standing) {
        long message = item.getMessageId();
        switch (standing.state()) {
            case ACTIVE -> {
                if (standing.app() != item.getAppId()) {
                    return done(Results.of(AppendResult.Code.NO_ENDPOINT, message, "endpoint: another app's"));
                }
            }
            case GONE -> {
                return done(Results.of(AppendResult.Code.REJECTED, message, "endpoint: gone"));
            }
            default -> {
                return done(Results.of(AppendResult.Code.NO_ENDPOINT, message, "endpoint: never registered"));
            }
        }
        return item.hasIdempotency() ? claim(item) : store(row(item, message));
    }

    private CompletableFuture<AppendResult> claim(AppendItem item) {
        IdemKey key = IdemKey.of(item.getAppId(), item.getIdempotency());
        return keys.claim(key, new MessageKey(item.getEndpointId(), item.getMessageId()))
                .thenCompose(verdict -> switch (verdict) {
                    case IdemTable.Verdict.Conflict other -> done(
                            Results.of(AppendResult.Code.KEY_CONFLICT, other.message(),
                                    "key: used for another request"));
                    case IdemTable.Verdict.Duplicate same -> done(
                            Results.of(AppendResult.Code.DUPLICATE, same.message(), ""));
                    case IdemTable.Verdict.Store ours -> store(row(item, ours.message())).thenApply(result -> {
                        if (result.getCode() == AppendResult.Code.ACCEPTED) {
                            keys.accepted(key, ours.message());
                        }
                        return result;
                    });
                });
    }

    private MessageRow row(AppendItem item, long message) {
        byte[] envelope = item.getEnvelope().toByteArray();
        return new MessageRow(new MessageKey(item.getEndpointId(), message), item.getAppId(),
                item.getDeliveryClassValue(), item.getExpireAtMs(), parts.clock.wallMillis(),
                message == item.getMessageId() ? envelope : Envelope.withId(envelope, message));
    }

    private CompletableFuture<AppendResult> store(MessageRow row) {
        return ledger.submit(row.key().slot(), row).thenCompose(stored -> switch (stored) {
            case STALE -> done(Results.of(AppendResult.Code.STALE_ID, row.message(), ""));
            case ENDED_BEFORE -> done(Results.accepted(row.message(), false)); // a retry that comes after its ack
            case COMMITTED -> {
                parts.halts.pass(HaltPoint.LEDGER_COMMITTED);
                yield show(row);
            }
        }).exceptionally(failed -> Results.failed(row.message(), failed));
    }

    private CompletableFuture<AppendResult> show(MessageRow row) {
        int slot = row.key().slot();
        RedisSession session = parts.redis.session(slot);
        if (session == null) {
            return markCold(row);
        }
        return inbox.append(session, row, parts.apps.caps(row.app()), false).handle((appended, failure) -> {
            if (appended == null || !parts.cold.confirms(slot, session)) {
                return markCold(row);
            }
            if (!appended.in()) {
                return reject(row, appended.verdict());
            }
            parts.endings.endAll(row.endpoint(), appended.victims(), How.OVERFLOWED);
            parts.halts.pass(HaltPoint.APPENDED);
            return done(Results.accepted(row.message(), false));
        }).thenCompose(answer -> answer);
    }

    private CompletableFuture<AppendResult> markCold(MessageRow row) {
        return parts.cold.mark(row.key()).thenApply(marked -> {
            parts.halts.pass(HaltPoint.COLD_MARKED);
            return Results.accepted(row.message(), true);
        });
    }

    private CompletableFuture<AppendResult> reject(MessageRow row, Appended.Verdict verdict) {
        String reason = verdict == Appended.Verdict.GONE ? "endpoint: gone" : "inbox: full";
        int code = verdict == Appended.Verdict.GONE ? REASON_GONE : REASON_FULL;
        return parts.endings.end(EndRow.own(row.key(), How.REJECTED, code, parts.clock.wallMillis()))
                .thenApply(ended -> Results.of(AppendResult.Code.REJECTED, row.message(), reason));
    }

    private static CompletableFuture<AppendResult> done(AppendResult result) {
        return CompletableFuture.completedFuture(result);
    }

    /** Rows waiting to be sent to the ledger. */
    public int queued() {
        return ledger.queued();
    }

    @Override
    public void close() {
        ledger.close();
        keys.close();
    }
}
