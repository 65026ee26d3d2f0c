package io.longwire.saver.end;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.How;
import io.longwire.saver.inbox.Inbox;
import io.longwire.saver.inbox.RedisNodes;
import io.longwire.saver.inbox.RedisSession;
import io.longwire.saver.ledger.BatchQueue;
import io.longwire.saver.ledger.EndRow;
import io.longwire.saver.ledger.Ended;
import io.longwire.saver.ledger.IdAge;
import io.longwire.saver.ledger.InsertEnds;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.watch.HaltPoint;
import io.longwire.saver.watch.SaverMetric;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Ends messages, whoever asks: acks of rooms, and the saver itself for what expired, overflowed, was cancelled or
 * refused. The order is the promise: the end is committed in the ledger, then the message leaves the inbox, then the
 * caller is told. What dies in between costs one more delivery, which the phone knows already; a message never
 * disappears without an end. A removal that Redis does not confirm is not waited for again.
 */
public final class Endings implements AutoCloseable {
    private static final BatchQueue.Limits LIMITS = new BatchQueue.Limits(4, 40_000, 16 << 20, Duration.ofMillis(2),
            Duration.ofMillis(2_500));

    private final Shards.PerShard<EndRow, Ended> ledger;
    private final RedisNodes redis;
    private final Inbox inbox;
    private final Clock clock;
    private final HaltPoints halts;
    private final Map<EndResult.Code, Metrics.Counter> counters = new EnumMap<>(EndResult.Code.class);
    private final Metrics metrics;

    public Endings(Shards shards, RedisNodes redis, Inbox inbox, Clock clock, HaltPoints halts, Metrics metrics) {
        this.ledger = shards.each(shard -> shard.queue("end", new InsertEnds(new IdAge(clock)), LIMITS));
        this.redis = redis;
        this.inbox = inbox;
        this.clock = clock;
        this.halts = halts;
        this.metrics = metrics;
        for (EndResult.Code code : EndResult.Code.values()) {
            counters.put(code, metrics.counter(SaverMetric.ENDS, "result", code.name()));
        }
    }

    /** One item of a room's ack stream. Never fails: what could not be done is UNAVAILABLE. */
    public CompletableFuture<EndResult> handle(EndItem item) {
        var key = new MessageKey(item.getEndpointId(), item.getMessageId());
        return switch (item.getKind()) {
            case UNACKED, DEFERRED -> note(item, key);
            case ENDED, RECEIPT, UNRECOGNIZED -> end(new EndRow(key, item.getAppId(),
                    item.getHow() == How.NONE || item.getHow() == How.UNRECOGNIZED ? How.ACKED : item.getHow(),
                    item.getCode(), item.getAtMs() == 0 ? clock.wallMillis() : item.getAtMs(),
                    new EndRow.Course(item.getRoutedMs(), item.getWrittenMs(), item.getAttempts(),
                            item.getRoomIncarnation())))
                    .handle(
                            (ended, failure) -> ended == null ? EndResult.Code.UNAVAILABLE : code(ended))
                    .thenApply(this::counted);
        };
    }

    /** Ends a message. Completes when the end is committed and the inbox was told; fails with StoreFailure. */
    public CompletableFuture<Ended> end(EndRow row) {
        int slot = row.key().slot();
        return ledger.submit(slot, row).thenCompose(ended -> {
            halts.pass(HaltPoint.END_LOGGED);
            RedisSession session = redis.session(slot);
            if (session == null || ended == Ended.NO_MESSAGE) {
                return CompletableFuture.completedFuture(ended);
            }
            halts.pass(HaltPoint.BEFORE_HDEL);
            return inbox.remove(session, row.key().endpoint(), List.of(row.key().message()), row.how() == How.ACKED)
                    .handle((removed, failure) -> ended);
        });
    }

    /** Ends messages of an endpoint for the saver's own reason; a failure is counted and tried again when met again. */
    public CompletableFuture<Void> endAll(long endpoint, List<Long> messages, How how) {
        if (messages.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        long now = clock.wallMillis();
        return CompletableFuture.allOf(messages.stream()
                .map(message -> end(EndRow.own(new MessageKey(endpoint, message), how, 0, now)).handle(
                        (ended, failure) -> {
                            if (ended == Ended.NOW) {
                                metrics.counter(SaverMetric.OWN_ENDS, "how", how.name()).increment();
                            }
                            return ended;
                        }))
                .toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<EndResult> note(EndItem item, MessageKey key) {
        RedisSession session = redis.session(key.slot());
        if (session == null) { // a count less; never a reason to keep the room waiting
            return CompletableFuture.completedFuture(counted(EndResult.Code.NOTED));
        }
        var noted = item.getKind() == EndItem.Kind.UNACKED
                ? inbox.unacked(session, key)
                : inbox.deferred(session, key, item.getAtMs());
        return noted.handle((attempts, failure) -> counted(EndResult.Code.NOTED));
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

    /** Rows waiting to be sent. */
    public int queued() {
        return ledger.queued();
    }

    @Override
    public void close() {
        ledger.close();
    }
}
