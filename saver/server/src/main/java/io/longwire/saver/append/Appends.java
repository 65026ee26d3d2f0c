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
import io.longwire.saver.end.Stock;
import io.longwire.saver.inbox.Appended;
import io.longwire.saver.inbox.Inbox;
import io.longwire.saver.inbox.RedisNodes;
import io.longwire.saver.inbox.RedisSession;
import io.longwire.saver.inbox.SlotKeys;
import io.longwire.saver.ledger.BatchQueue;
import io.longwire.saver.ledger.Committed;
import io.longwire.saver.ledger.EndRow;
import io.longwire.saver.ledger.Ended;
import io.longwire.saver.ledger.IdAge;
import io.longwire.saver.ledger.InsertMessages;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.MessageKind;
import io.longwire.saver.ledger.MessageRow;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.ledger.Stored;
import io.longwire.saver.watch.HaltPoint;
import io.longwire.saver.watch.SaverMetric;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Accepts DURABLE messages. In this order: the endpoint is the app's, the caller's key is claimed, the ledger has
 * committed, the inbox has confirmed. An inbox that does not confirm, or whose answer may not be believed, makes the
 * slot COLD (committed) instead. Only then the caller is told ACCEPTED; whoever dies before leaves something that a
 * retry with the same message id, or the same key, completes.
 *
 * <p>FAST: first the inbox with {@code WAIT 1}, so that a replica has it, then ACCEPTED, and the row follows (a few ms,
 * at most 1 s while the ledger answers). Without a replica, without its word in 100 ms, or when anything else is not as
 * usual, the message is taken as DURABLE. What a FAST message risks: it is lost if, before its row is written, its
 * Redis node and the replicas that have it lose their data, or a replica that does not have it is promoted. The death
 * of the saver alone loses nothing: the slot's worker writes the row from the inbox ({@code FastSweep}), within 25 s.
 *
 * <p>What the inbox's script names as overflowing or collapsed is ended and removed behind the answer; what the script
 * refuses is ended REJECTED before the answer, what is older than a message with its collapse key COLLAPSED. The
 * message that this one replaces by name is ended before the answer, wherever it stands. Cost: one group commit and
 * one pipelined script per message, nothing blocks, no thread per item.
 */
public final class Appends implements AutoCloseable {
    private static final BatchQueue.Limits DEFAULT = new BatchQueue.Limits(4, 20_000, 32 << 20, Duration.ofMillis(2),
            Duration.ofMillis(600));
    private static final Duration LONGEST_WAIT = Duration.ofHours(24);

    private final Shards.PerShard<MessageRow, Stored> ledger;
    private final IdemTable keys;
    private final Parts parts;
    private final Inbox inbox;
    private final SlotKeys slots;
    private final Metrics metrics;
    private final IdAge age;
    private final Map<AppendResult.Code, Metrics.Counter> counters = new EnumMap<>(AppendResult.Code.class);

    /** What an append goes through. */
    public record Parts(Endpoints endpoints, Apps apps, RedisNodes redis, ColdSlots cold, Endings endings,
            Committed committed, Stock stock, Clock clock, HaltPoints halts) {
    }

    /** A message to be stored, and what is to happen around it. */
    private record Wish(MessageRow row, Duration dueAfter, long replaces) {
        MessageKey key() {
            return row.key();
        }

        long message() {
            return row.message();
        }
    }

    /** @param writers message batches in flight on each shard */
    public Appends(Shards shards, int writers, Parts parts, Metrics metrics) {
        this.parts = parts;
        this.age = new IdAge(parts.clock);
        this.inbox = new Inbox(parts.clock);
        this.slots = new SlotKeys(parts.clock);
        this.metrics = metrics;
        this.ledger = shards.each(shard -> shard.inserts("message", new InsertMessages(age),
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
        if (item.getCollapseKey().size() > Envelope.MAX_COLLAPSE_KEY) {
            return Results.of(AppendResult.Code.REJECTED, message, "collapse_key: " + item.getCollapseKey().size()
                    + " bytes (expected: at most " + Envelope.MAX_COLLAPSE_KEY + ")");
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
        if (!parts.stock.admits(item.getAppId())) {
            return done(Results.of(AppendResult.Code.REJECTED, message,
                    "quota: stored_messages, stored_bytes (expected: room for one more message of the app)"));
        }
        return item.hasIdempotency() ? claim(item) : store(wish(item, message));
    }

    private CompletableFuture<AppendResult> claim(AppendItem item) {
        IdemKey key = IdemKey.of(item.getAppId(), item.getIdempotency());
        return keys.claim(key, new MessageKey(item.getEndpointId(), item.getMessageId()))
                .thenCompose(verdict -> claimed(item, key, verdict));
    }

    private CompletableFuture<AppendResult> claimed(AppendItem item, IdemKey key, IdemTable.Verdict verdict) {
        return switch (verdict) {
            case IdemTable.Verdict.Conflict other -> done(
                    Results.of(AppendResult.Code.KEY_CONFLICT, other.message(), "key: used for another request"));
            case IdemTable.Verdict.Duplicate same -> done(
                    Results.of(AppendResult.Code.DUPLICATE, same.message(), ""));
            case IdemTable.Verdict.Refused same -> done(refused(same.message(), same.gone()));
            case IdemTable.Verdict.Unconfirmed same -> confirm(item, key, same.message());
            case IdemTable.Verdict.Store ours when !item.getBlocked().isEmpty() -> blocked(item, key, ours.message());
            case IdemTable.Verdict.Store ours -> again(item, ours.message()).thenApply(result -> {
                if (result.getCode() == AppendResult.Code.ACCEPTED) {
                    keys.accepted(key, ours.message());
                }
                return result;
            });
        };
    }

    // Accepted means in the ledger, and in the inbox or in a COLD slot: the row alone is not enough.
    private CompletableFuture<AppendResult> confirm(AppendItem item, IdemKey key, long message) {
        return parts.cold.mark(new MessageKey(item.getEndpointId(), message)).thenApply(marked -> {
            keys.accepted(key, message);
            return Results.of(AppendResult.Code.DUPLICATE, message, "");
        });
    }

    // The key may stand for a message that was stored and not settled yet; what it claims now is claimed for later.
    private CompletableFuture<AppendResult> blocked(AppendItem item, IdemKey key, long message) {
        return keys.find(new MessageKey(item.getEndpointId(), message)).thenCompose(found -> found.isPresent()
                ? claimed(item, key, found.get())
                : done(Results.of(AppendResult.Code.REJECTED, message, item.getBlocked())));
    }

    // Another's id may have been refused: the ledger must say so before a FAST message is accepted.
    private CompletableFuture<AppendResult> again(AppendItem item, long message) {
        Wish wish = wish(item, message);
        return message != item.getMessageId() && MessageKind.fast(wish.row.kind())
                ? downgraded(wish, "retry")
                : store(wish);
    }

    private Wish wish(AppendItem item, long message) {
        long revoked = Envelope.revoked(item.getEnvelope());
        byte[] envelope = item.getEnvelope().toByteArray();
        var row = new MessageRow(new MessageKey(item.getEndpointId(), message), item.getAppId(),
                MessageKind.traced(MessageKind.of(item.getDeliveryClass(), item.getHeadless(), revoked != 0),
                        item.getTraced()),
                item.getExpireAtMs(), parts.clock.wallMillis(),
                message == item.getMessageId() ? envelope : Envelope.withId(envelope, message),
                revoked != 0 ? revoked : Envelope.collapse(item.getCollapseKey()));
        return new Wish(row, dueAfter(item), item.getReplaces());
    }

    private static Duration dueAfter(AppendItem item) {
        long seconds = Math.min(Integer.toUnsignedLong(item.getDueAfterS()), LONGEST_WAIT.toSeconds());
        return seconds <= Inbox.DUE_AFTER.toSeconds() ? Inbox.DUE_AFTER : Duration.ofSeconds(seconds);
    }

    private CompletableFuture<AppendResult> store(Wish wish) {
        return MessageKind.fast(wish.row.kind()) ? fast(wish) : durable(wish);
    }

    private CompletableFuture<AppendResult> fast(Wish wish) {
        int slot = wish.key().slot();
        RedisSession session = parts.redis.session(slot);
        if (session == null || !session.replicated()) {
            return downgraded(wish, "no-replica");
        }
        MessageRow row = wish.row;
        return inbox.appendFast(session, row, parts.apps.caps(row.app()), wish.dueAfter)
                .handle((appended, failure) -> {
                    if (appended == null || appended.isEmpty() || !appended.get().in()
                            || !parts.cold.confirms(slot, session)) {
                        return downgraded(wish, "not-confirmed");
                    }
                    parts.halts.pass(HaltPoint.FAST_CONFIRMED);
                    CompletableFuture<Stored> behind = ledger.submit(slot, row);
                    if (behind.isCompletedExceptionally()) { // full, or away: not as usual
                        return downgraded(wish, "ledger");
                    }
                    behind.thenAccept(stored -> written(session, row, stored));
                    return shown(wish, appended.get());
                }).thenCompose(answer -> answer);
    }

    private void written(RedisSession session, MessageRow row, Stored stored) {
        if (stored == Stored.STALE) {
            return; // accepted, without a row for ever: its note keeps it from being parked, FastSweep counts it
        }
        if (stored == Stored.COMMITTED) {
            parts.committed.add(row);
            parts.stock.stored(row.app(), row.body().length);
        } else if (stored == Stored.KNOWN) {
            parts.committed.add(row);
        } else { // a retry that comes after its end
            inbox.remove(session, row.endpoint(), List.of(row.message()), false);
        }
        slots.written(session, row.key());
    }

    private CompletableFuture<AppendResult> downgraded(Wish wish, String why) {
        metrics.counter(SaverMetric.FAST_DOWNGRADES, "why", why).increment();
        return durable(wish);
    }

    private CompletableFuture<AppendResult> durable(Wish wish) {
        return ledger.submit(wish.key().slot(), wish.row).thenCompose(stored -> switch (stored) {
            case STALE -> done(Results.of(AppendResult.Code.STALE_ID, wish.message(), ""));
            case ENDED_BEFORE -> done(Results.accepted(wish.message(), false)); // a retry that comes after its ack
            case REFUSED_FULL, REFUSED_GONE -> done(refused(wish.message(), stored == Stored.REFUSED_GONE));
            case COMMITTED, KNOWN -> {
                parts.committed.add(wish.row);
                if (stored == Stored.COMMITTED) {
                    parts.stock.stored(wish.row.app(), wish.row.body().length);
                }
                parts.halts.pass(HaltPoint.LEDGER_COMMITTED);
                yield show(wish);
            }
        }).exceptionally(failed -> Results.failed(wish.message(), failed));
    }

    private CompletableFuture<AppendResult> show(Wish wish) {
        int slot = wish.key().slot();
        RedisSession session = parts.redis.session(slot);
        if (session == null) {
            return markCold(wish);
        }
        MessageRow row = wish.row;
        return inbox.append(session, row, parts.apps.caps(row.app()), false, wish.dueAfter)
                .handle((appended, failure) -> appended == null || !parts.cold.confirms(slot, session)
                        ? markCold(wish)
                        : shown(wish, appended))
                .thenCompose(answer -> answer);
    }

    private CompletableFuture<AppendResult> shown(Wish wish, Appended appended) {
        long endpoint = wish.row.endpoint();
        CompletableFuture<Void> collapsed = parts.endings.collapse(endpoint, appended.collapsed());
        parts.endings.endAll(endpoint, appended.victims(), How.OVERFLOWED);
        if (appended.verdict() == Appended.Verdict.COLLAPSED) {
            return collapsed.thenApply(ended -> Results.accepted(wish.message(), false));
        }
        if (!appended.in()) {
            return reject(wish.row, appended.verdict());
        }
        parts.halts.pass(HaltPoint.APPENDED);
        return replaced(wish, Results.collapsed(Results.accepted(wish.message(), false),
                appended.collapsedBy(wish.message())));
    }

    private CompletableFuture<AppendResult> markCold(Wish wish) {
        return parts.cold.mark(wish.key()).thenCompose(marked -> {
            parts.halts.pass(HaltPoint.COLD_MARKED);
            return replaced(wish, Results.accepted(wish.message(), true));
        });
    }

    // The new message is in. A replaced one that cannot be ended now fails the append, so that it is asked for again.
    private CompletableFuture<AppendResult> replaced(Wish wish, AppendResult result) {
        if (wish.replaces == 0 || wish.replaces >= wish.message()) {
            return done(result);
        }
        return parts.endings
                .end(EndRow.collapsed(new MessageKey(wish.row.endpoint(), wish.replaces), wish.row.app(),
                        EndRow.COLLAPSED_BY_REPLACE, parts.clock.wallMillis(), wish.message()))
                .thenApply(ended -> ended == Ended.NOW ? Results.collapsed(result, wish.replaces) : result);
    }

    private CompletableFuture<AppendResult> reject(MessageRow row, Appended.Verdict verdict) {
        boolean gone = verdict == Appended.Verdict.GONE;
        int code = gone ? EndRow.REFUSED_GONE : EndRow.REFUSED_FULL;
        return parts.endings.end(EndRow.own(row.key(), How.REJECTED, code, parts.clock.wallMillis()))
                .thenApply(ended -> refused(row.message(), gone));
    }

    private static AppendResult refused(long message, boolean gone) {
        return Results.of(AppendResult.Code.REJECTED, message, gone ? "endpoint: gone" : "inbox: full");
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
