package io.longwire.saver.head;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.protobuf.ByteString;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.MessageHead;
import io.longwire.saver.ledger.BatchQueue;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.ledger.StoreFailure;
import io.longwire.saver.watch.SaverMetric;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Heads in the ledger, sharded by a hash of the message id, never changed once written. Payloads are cached for as
 * long as there is room: {@value #CACHED_BYTES} bytes; callers that miss the same one share one read.
 */
public final class Heads implements AutoCloseable {
    /** The most targets of a request. */
    public static final int MAX_TARGETS = 1_000;
    /** The most bytes of a payload, with what an envelope adds. */
    public static final int MAX_PAYLOAD = 6_144;
    static final long CACHED_BYTES = 32L << 20;
    private static final int ENTRY_BYTES = 120; // of the cache, beside the payload
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;
    private static final BatchQueue.Limits PUTS = new BatchQueue.Limits(1, 4_000, 16 << 20, Duration.ofMillis(2),
            Duration.ofMillis(2_000));
    private static final BatchQueue.Limits READS = new BatchQueue.Limits(2, 20_000, 256L << 20, Duration.ofMillis(1),
            Duration.ofMillis(400));

    private record Payload(int app, ByteString bytes) {
    }

    private final Shards.PerShard<MessageHead, MessageHead> puts;
    private final Shards.PerShard<Long, MessageHead> reads;
    private final AsyncCache<Long, Payload> payloads;
    private final Metrics.Counter misses;

    public Heads(Shards shards, Clock clock, Metrics metrics) {
        this.puts = shards.each(shard -> shard.queue("head", new InsertHeads(), PUTS));
        this.reads = shards.each(shard -> shard.queue("head-read", new ReadHeads(), READS));
        this.payloads = Caffeine.newBuilder().maximumWeight(CACHED_BYTES)
                .<Long, Payload>weigher((id, payload) -> ENTRY_BYTES + payload.bytes.size())
                .expireAfterAccess(Duration.ofHours(1)).ticker(clock::nanos).buildAsync();
        this.misses = metrics.counter(SaverMetric.HEAD_READS);
    }

    /** The shard of a head is that of this slot. */
    static int slot(long message) {
        return Slots.of((message * GOLDEN) >>> (Long.SIZE - 12));
    }

    /**
     * The payload that the messages of this id share. Fails with StoreFailure: UNAVAILABLE when the ledger cannot
     * say, REFUSED when there is no such head of the app, or it has no payload.
     */
    public CompletableFuture<ByteString> payload(int app, long message) {
        return payloads.get(message, (id, executor) -> {
            misses.increment();
            return reads.submit(slot(id), id).thenApply(Heads::payload);
        }).thenApply(payload -> {
            if (payload.app != app) {
                throw none(message);
            }
            return payload.bytes;
        });
    }

    private static Payload payload(MessageHead head) {
        if (head.getPayload().isEmpty()) {
            throw none(head.getMessageId());
        }
        return new Payload(head.getAppId(), head.getPayload());
    }

    private static StoreFailure none(long message) {
        return new StoreFailure(StoreFailure.Kind.REFUSED,
                "head: " + Long.toUnsignedString(message) + " (expected: one with a payload)");
    }

    /** Keeps a head; answers the one that stands, which an earlier attempt may have written. */
    public CompletableFuture<MessageHead> put(MessageHead head) {
        int targets = head.getEndpoints().size();
        if (head.getAppId() == 0 || head.getMessageId() == 0) {
            return refused("app_id, message_id: " + head.getAppId() + ", " + head.getMessageId()
                    + " (expected: not 0)");
        }
        if (targets % Long.BYTES != 0 || targets / Long.BYTES > MAX_TARGETS) {
            return refused("endpoints: " + targets + " bytes (expected: 8 for each of at most " + MAX_TARGETS + ")");
        }
        if (head.getPayload().size() > MAX_PAYLOAD) {
            return refused("payload: " + head.getPayload().size() + " bytes (expected: at most " + MAX_PAYLOAD + ")");
        }
        return puts.submit(slot(head.getMessageId()), head).thenApply(stands -> {
            if (!stands.getPayload().isEmpty()) {
                payloads.put(stands.getMessageId(), CompletableFuture
                        .completedFuture(new Payload(stands.getAppId(), stands.getPayload())));
            }
            return stands;
        });
    }

    /** The head, or one with app_id 0; app 0 = whichever app's. */
    public CompletableFuture<MessageHead> get(int app, long message) {
        return reads.submit(slot(message), message)
                .thenApply(head -> app == 0 || head.getAppId() == app ? head : MessageHead.getDefaultInstance());
    }

    private static CompletableFuture<MessageHead> refused(String text) {
        return CompletableFuture.failedFuture(new IllegalArgumentException(text));
    }

    @Override
    public void close() {
        puts.close();
        reads.close();
    }
}
