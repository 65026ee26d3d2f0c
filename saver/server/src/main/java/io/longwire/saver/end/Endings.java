package io.longwire.saver.end;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.ReceiptKind;
import io.longwire.saver.inbox.Collapse;
import io.longwire.saver.inbox.Inbox;
import io.longwire.saver.inbox.RedisNodes;
import io.longwire.saver.inbox.RedisSession;
import io.longwire.saver.inbox.SlotKeys;
import io.longwire.saver.ledger.BatchQueue;
import io.longwire.saver.ledger.Committed;
import io.longwire.saver.ledger.Concluded;
import io.longwire.saver.ledger.EndRow;
import io.longwire.saver.ledger.Ended;
import io.longwire.saver.ledger.IdAge;
import io.longwire.saver.ledger.InsertEnds;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.Owner;
import io.longwire.saver.ledger.ReadOwners;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.watch.HaltPoint;
import io.longwire.saver.watch.SaverMetric;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends messages, whoever asks: acks of rooms, and the saver itself for what expired, overflowed, was collapsed,
 * cancelled, refused or never acked. The order is the promise: the end is committed in the ledger, then the message
 * leaves the inbox, then the caller is told. What dies in between costs one more delivery, which the phone knows
 * already; a message never disappears without an end. A removal that Redis does not confirm is not waited for again.
 *
 * <p>Where the app wants receipts, an end is confirmed when its receipt is kept, too. A room that was not told acks
 * again, and what stands is told again. An end of the saver's own has nobody who asks again, so the message stays in
 * the inbox until its receipt is kept: whoever meets it there ends it again. Of an acked one that would be a delivery
 * more, so it leaves at once.
 */
public final class Endings implements AutoCloseable {
    private static final BatchQueue.Limits LIMITS = new BatchQueue.Limits(4, 40_000, 16 << 20, Duration.ofMillis(2),
            Duration.ofMillis(2_500));
    private static final BatchQueue.Limits OWNERS = new BatchQueue.Limits(1, 20_000, 4 << 20, Duration.ofMillis(2),
            Duration.ofMillis(2_500));

    /**
     * What an end goes through.
     *
     * @param committed rows that need no look-up
     */
    public record Parts(RedisNodes redis, Inbox inbox, Committed committed, EndEffects effects, Clock clock,
            HaltPoints halts) {
    }

    private final Shards.PerShard<EndRow, Concluded> ledger;
    private final Shards.PerShard<MessageKey, Owner> owners;
    private final ConcurrentHashMap<MessageKey, CompletableFuture<Concluded>> committing = new ConcurrentHashMap<>();
    private final Adoption adoption;
    private final SlotKeys slots;
    private final Parts parts;
    private final ReceiptLog receipts;
    private final Map<EndResult.Code, Metrics.Counter> counters = new EnumMap<>(EndResult.Code.class);
    private final Metrics metrics;

    public Endings(Shards shards, Parts parts, ReceiptLog receipts, Metrics metrics) {
        Metrics.Counter selected = metrics.counter(SaverMetric.END_LOOKUPS);
        this.ledger = shards.each(shard -> shard.inserts("end",
                new InsertEnds(new IdAge(parts.clock), parts.committed, selected::add), LIMITS));
        this.owners = shards.each(shard -> shard.queue("owner", new ReadOwners(), OWNERS));
        this.adoption = new Adoption(shards, parts, metrics);
        this.slots = new SlotKeys(parts.clock);
        this.parts = parts;
        this.receipts = receipts;
        this.metrics = metrics;
        for (EndResult.Code code : EndResult.Code.values()) {
            counters.put(code, metrics.counter(SaverMetric.ENDS, "result", code.name()));
        }
    }

    /** An ENDED or RECEIPT item of a room's ack stream. Never fails: what could not be done is UNAVAILABLE. */
    public CompletableFuture<EndResult> handle(EndItem item) {
        var key = new MessageKey(item.getEndpointId(), item.getMessageId());
        long at = item.getAtMs() == 0 ? parts.clock.wallMillis() : item.getAtMs();
        CompletableFuture<EndResult.Code> code = item.getKind() == EndItem.Kind.RECEIPT
                ? receipt(item, key, at)
                : end(new EndRow(key, item.getAppId(),
                        item.getHow() == How.NONE || item.getHow() == How.UNRECOGNIZED ? How.ACKED : item.getHow(),
                        item.getCode(), at, new EndRow.Course(item.getRoutedMs(), item.getWrittenMs(),
                                item.getAttempts(), item.getRoomIncarnation())))
                        .thenApply(Endings::code);
        return code.exceptionally(failed -> EndResult.Code.UNAVAILABLE).thenApply(this::counted);
    }

    // What the app did with a message of its own; one the ledger does not know is nobody's.
    private CompletableFuture<EndResult.Code> receipt(EndItem item, MessageKey key, long at) {
        ReceiptKind kind = item.getReceipt();
        if (kind == ReceiptKind.RECEIPT_NONE || kind == ReceiptKind.UNRECOGNIZED) {
            return CompletableFuture.completedFuture(EndResult.Code.NO_MESSAGE);
        }
        return owners.submit(key.slot(), key).thenCompose(owner -> {
            if (owner.app() == 0 || (item.getAppId() != 0 && item.getAppId() != owner.app())) {
                return CompletableFuture.completedFuture(EndResult.Code.NO_MESSAGE);
            }
            return receipts.add(owner.app(), key.endpoint(), key.message(), owner.trace(), kind, item.getCode(), at)
                    .thenApply(kept -> EndResult.Code.NOTED);
        });
    }

    /**
     * Ends a message. Completes when the end is committed, its receipt kept and the inbox told; fails with
     * StoreFailure, and may then have ended.
     */
    public CompletableFuture<Ended> end(EndRow row) {
        return conclude(row).thenApply(Concluded::ended);
    }

    /** Ends a message, and says what stands in the ledger now. As {@link #end}. */
    public CompletableFuture<Concluded> conclude(EndRow row) {
        return commit(row).thenCompose(concluded -> concluded.ended() == Ended.NO_MESSAGE
                ? unknown(row, concluded)
                : CompletableFuture.completedFuture(concluded)).thenCompose(concluded -> finish(row, concluded));
    }

    // Perhaps the ack was quicker than the row of a FAST message.
    private CompletableFuture<Concluded> unknown(EndRow row, Concluded concluded) {
        return adoption.adopt(row.key(), row.app()).exceptionally(later -> Adoption.Outcome.NOTHING)
                .thenCompose(outcome -> switch (outcome) {
                    case NOTHING -> CompletableFuture.completedFuture(concluded);
                    case WRITTEN -> commit(row);
                    case TOO_OLD -> takeOut(row, concluded);
                });
    }

    private CompletableFuture<Concluded> takeOut(EndRow row, Concluded concluded) {
        RedisSession session = parts.redis.session(row.key().slot());
        return session == null
                ? CompletableFuture.completedFuture(concluded)
                : parts.inbox.remove(session, row.key().endpoint(), List.of(row.key().message()), true)
                        .thenCompose(removed -> slots.written(session, row.key()))
                        .handle((forgotten, failure) -> concluded);
    }

    // One at a time for each message: of two that meet it expired in the same ms, the ledger cannot tell whose end it
    // has, and both would count it.
    private CompletableFuture<Concluded> commit(EndRow row) {
        var mine = new CompletableFuture<Concluded>();
        CompletableFuture<Concluded> before = committing.put(row.key(), mine);
        var committed = before == null
                ? ledger.submit(row.key().slot(), row)
                : before.handle((any, failure) -> any).thenCompose(over -> ledger.submit(row.key().slot(), row));
        committed.whenComplete((concluded, failure) -> {
            committing.remove(row.key(), mine);
            if (failure == null) {
                mine.complete(concluded);
            } else {
                mine.completeExceptionally(failure);
            }
        });
        return mine;
    }

    private CompletableFuture<Concluded> finish(EndRow row, Concluded concluded) {
        parts.halts.pass(HaltPoint.END_LOGGED);
        var told = parts.effects.of(row, concluded);
        return row.how() == How.ACKED
                ? remove(row, concluded).thenCombine(told, (removed, kept) -> removed)
                : told.thenCompose(kept -> remove(row, concluded));
    }

    private CompletableFuture<Concluded> remove(EndRow row, Concluded concluded) {
        RedisSession session = parts.redis.session(row.key().slot());
        if (session == null || concluded.ended() == Ended.NO_MESSAGE) {
            return CompletableFuture.completedFuture(concluded);
        }
        parts.halts.pass(HaltPoint.BEFORE_HDEL);
        return parts.inbox
                .remove(session, row.key().endpoint(), List.of(row.key().message()), row.how() == How.ACKED)
                .handle((removed, failure) -> concluded);
    }

    /** Ends messages of an endpoint for the saver's own reason; a failure is counted and tried again when met again. */
    public CompletableFuture<Void> endAll(long endpoint, List<Long> messages, How how) {
        if (messages.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        long now = parts.clock.wallMillis();
        return CompletableFuture.allOf(messages.stream()
                .map(message -> own(EndRow.own(new MessageKey(endpoint, message), how, 0, now)))
                .toArray(CompletableFuture[]::new));
    }

    /** Ends messages that a newer one with the same collapse key stands for. As {@link #endAll}. */
    public CompletableFuture<Void> collapse(long endpoint, List<Collapse> collapsed) {
        if (collapsed.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        long now = parts.clock.wallMillis();
        return CompletableFuture.allOf(collapsed.stream()
                .map(each -> own(EndRow.collapsed(new MessageKey(endpoint, each.message()), 0,
                        EndRow.COLLAPSED_BY_KEY, now, each.by())))
                .toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<Ended> own(EndRow row) {
        return end(row).handle((ended, failure) -> {
            if (ended == Ended.NOW) {
                metrics.counter(SaverMetric.OWN_ENDS, "how", row.how().name()).increment();
            }
            return ended == null ? Ended.NO_MESSAGE : ended;
        });
    }

    private static EndResult.Code code(Ended ended) {
        return switch (ended) {
            case NOW -> EndResult.Code.ENDED_NOW;
            case BEFORE -> EndResult.Code.ALREADY_ENDED;
            case NO_MESSAGE -> EndResult.Code.NO_MESSAGE;
        };
    }

    private EndResult counted(EndResult.Code code) {
        Metrics.Counter counter = counters.get(code);
        if (counter != null) {
            counter.increment();
        }
        return EndResult.newBuilder().setCode(code).build();
    }

    /** Writes the rows of FAST messages that have none. */
    public Adoption adoption() {
        return adoption;
    }

    /** Rows waiting to be sent. */
    public int queued() {
        return ledger.queued();
    }

    @Override
    public void close() {
        ledger.close();
        owners.close();
        adoption.close();
    }
}
