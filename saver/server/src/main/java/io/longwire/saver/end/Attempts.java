package io.longwire.saver.end;

import io.longwire.device.id.MessageId;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.How;
import io.longwire.saver.inbox.Inbox;
import io.longwire.saver.inbox.RedisNodes;
import io.longwire.saver.inbox.RedisSession;
import io.longwire.saver.ledger.BatchQueue;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.Concluded;
import io.longwire.saver.ledger.EndRow;
import io.longwire.saver.ledger.Ended;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.MessageKind;
import io.longwire.saver.ledger.MessageRow;
import io.longwire.saver.ledger.Payloads;
import io.longwire.saver.ledger.ReadMessages;
import io.longwire.saver.ledger.Recorded;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.ledger.StoreFailure;
import io.longwire.saver.watch.SaverMetric;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Deliveries that went un-acked. The inbox counts them and holds its endpoint back from the third on (note.lua); a
 * message that was tried {@value #MOST} times, or {@value #MOST_OF_OLD} times and is older than 24 h, is given up: its
 * letter is committed in dead_letter first, then it ends DEAD. Whoever dies in between leaves both to the next attempt.
 * Thread-safe; nothing blocks.
 */
public final class Attempts implements AutoCloseable {
    /** The code of a DEAD end: tried ten times. */
    public static final int CODE_ATTEMPTS = 1;
    /** The code of a DEAD end: tried five times, in more than a day. */
    public static final int CODE_OLD = 2;
    static final int MOST = 10;
    static final int MOST_OF_OLD = 5;
    private static final Duration OLD = Duration.ofHours(24);
    private static final BatchQueue.Limits READS = new BatchQueue.Limits(1, 1_000, 1L << 30, Duration.ofMillis(2),
            Duration.ofMillis(2_000));
    private static final BatchQueue.Limits LETTERS = new BatchQueue.Limits(1, 1_000, 8 << 20, Duration.ofMillis(2),
            Duration.ofMillis(2_000));

    private final Shards.PerShard<MessageKey, Recorded> reads;
    private final Shards.PerShard<InsertDead.Dead, Boolean> letters;
    private final RedisNodes redis;
    private final Inbox inbox;
    private final Endings endings;
    private final Dead dead;
    private final Clock clock;
    private final Metrics metrics;

    /** Where letters go, and what they may need. */
    public record Dead(DeadLetters letters, ColdCalls calls, Payloads payloads) {
    }

    public Attempts(Shards shards, RedisNodes redis, Endings endings, Dead dead, Clock clock, Metrics metrics) {
        this.reads = shards.each(shard -> shard.queue("dead-read", new ReadMessages(), READS));
        this.letters = shards.each(shard -> shard.queue("dead-letter", new InsertDead(), LETTERS));
        this.redis = redis;
        this.inbox = new Inbox(clock);
        this.endings = endings;
        this.dead = dead;
        this.clock = clock;
        this.metrics = metrics;
    }

    /**
     * An UNACKED or DEFERRED item of a room's ack stream. Never fails; a count less is never a reason to wait. But a
     * message that is to be given up is given up wholly, or UNAVAILABLE has the room tell it again.
     */
    public CompletableFuture<EndResult> note(EndItem item) {
        var key = new MessageKey(item.getEndpointId(), item.getMessageId());
        RedisSession session = redis.session(key.slot());
        CompletableFuture<EndResult.Code> noted = CompletableFuture.completedFuture(EndResult.Code.NOTED);
        if (session != null && item.getKind() == EndItem.Kind.UNACKED) {
            noted = inbox.unacked(session, key, item.getAtMs()).exceptionally(silent -> 0L)
                    .thenCompose(attempts -> unacked(key, attempts.intValue()))
                    .handle((done, failure) -> failure == null ? EndResult.Code.NOTED : EndResult.Code.UNAVAILABLE);
        } else if (session != null) {
            noted = inbox.deferred(session, key, item.getAtMs()).handle((done, silent) -> EndResult.Code.NOTED);
        }
        return noted.thenApply(code -> {
            metrics.counter(SaverMetric.ENDS, "result", code.name()).increment();
            return EndResult.newBuilder().setCode(code).build();
        });
    }

    private CompletableFuture<Void> unacked(MessageKey key, int attempts) {
        metrics.counter(SaverMetric.UNACKED, "kind", attempts < Inbox.FREE_ATTEMPTS ? "free" : "backoff").increment();
        boolean old = clock.wallMillis() - MessageId.timeMs(key.message()) > OLD.toMillis();
        if (attempts < MOST && !(old && attempts >= MOST_OF_OLD)) {
            return CompletableFuture.completedFuture(null);
        }
        int code = attempts >= MOST ? CODE_ATTEMPTS : CODE_OLD;
        return reads.submit(key.slot(), key).thenCompose(found -> {
            MessageRow row = found.row();
            if (row == null) {
                return CompletableFuture.<Void>completedFuture(null);
            }
            return found.ended()
                    ? conclude(row, code, attempts)
                    : whole(row).thenCompose(letter -> bury(letter, code, attempts));
        });
    }

    private CompletableFuture<MessageRow> whole(MessageRow row) {
        if (!MessageKind.headless(row.kind())) {
            return CompletableFuture.completedFuture(row);
        }
        return dead.payloads.payload(row.app(), row.message())
                .thenApply(payload -> new MessageRow(row.key(), row.app(), row.kind(), row.expireAt(), row.storedAt(),
                        Payloads.whole(row.body(), payload), row.ref()));
    }

    private CompletableFuture<Void> bury(MessageRow row, int code, int attempts) {
        return letters.submit(row.key().slot(), new InsertDead.Dead(row, clock.wallMillis(), code, attempts))
                .thenCompose(done -> conclude(row, code, attempts));
    }

    // Of a message that has another end, no letter may stay. Whose end was a moment earlier does not say which.
    private CompletableFuture<Void> conclude(MessageRow row, int code, int attempts) {
        var dies = new EndRow(row.key(), row.app(), How.DEAD, code, clock.wallMillis(),
                new EndRow.Course(0, 0, attempts, 0));
        return endings.conclude(dies).thenCompose(concluded -> unsaid(concluded)
                ? endings.conclude(dies)
                : CompletableFuture.completedFuture(concluded)).thenCompose(concluded -> {
                    if (concluded.ended() == Ended.NOW) {
                        metrics.counter(SaverMetric.OWN_ENDS, "how", How.DEAD.name()).increment();
                    }
                    if (unsaid(concluded)) {
                        return CompletableFuture.failedFuture(new StoreFailure(StoreFailure.Kind.UNAVAILABLE,
                                "end: nobody says which"));
                    }
                    return concluded.how() == How.DEAD || concluded.ended() == Ended.NOW
                            ? CompletableFuture.completedFuture(null)
                            : retract(row);
                });
    }

    private static boolean unsaid(Concluded concluded) {
        return concluded.ended() == Ended.BEFORE && concluded.how() == How.NONE;
    }

    private CompletableFuture<Void> retract(MessageRow row) {
        return dead.calls.call(() -> {
            dead.letters.retract(row.app(), row.key());
            return true;
        }).thenAccept(done -> { // it is not dead
        });
    }

    @Override
    public void close() {
        reads.close();
        letters.close();
    }
}
