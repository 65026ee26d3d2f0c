package io.longwire.saver.fetch;

import com.google.protobuf.UnsafeByteOperations;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.FetchItem;
import io.longwire.rpc.saver.FetchResult;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.StoredMessage;
import io.longwire.saver.cold.ColdSlots;
import io.longwire.saver.end.Endings;
import io.longwire.saver.inbox.Inbox;
import io.longwire.saver.inbox.Looked;
import io.longwire.saver.inbox.Looked.Waiting;
import io.longwire.saver.inbox.RedisNodes;
import io.longwire.saver.inbox.RedisSession;
import io.longwire.saver.ledger.Payloads;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.ledger.StoreFailure;
import io.longwire.saver.watch.SaverMetric;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Answers what waits. A warm slot is answered by its inbox alone, and empty means empty, if the session could be
 * believed both before the question and after the answer. Everything else (a COLD slot, an unchecked or silent Redis,
 * a copy of the COLD set older than 2 s) is answered from Redis and ledger together; if the ledger cannot be read,
 * what Redis has, marked PARTIAL. What is found expired is ended EXPIRED, never given.
 */
public final class Fetches implements AutoCloseable {
    // Together below the 500 ms of one try of the caller, so that a silent Redis, or a silent ledger, still leaves an
    // answer. All that a fetch asks the ledger for is within the one time.
    private static final long REDIS_MILLIS = 200;
    private static final long LEDGER_MILLIS = 250;

    private final RedisNodes redis;
    private final Inbox inbox;
    private final ColdSlots cold;
    private final Endings endings;
    private final LedgerFetch ledger;
    private final Payloads payloads;
    private final Map<From, Metrics.Counter> counters = new EnumMap<>(From.class);

    private enum From {
        INBOX, LEDGER, PARTIAL, UNAVAILABLE
    }

    public Fetches(Shards shards, RedisNodes redis, ColdSlots cold, Endings endings, Payloads payloads, Clock clock,
            Metrics metrics) {
        this.redis = redis;
        this.inbox = new Inbox(clock);
        this.cold = cold;
        this.endings = endings;
        this.payloads = payloads;
        this.ledger = new LedgerFetch(shards, clock);
        for (From from : From.values()) {
            counters.put(from, metrics.counter(SaverMetric.FETCHES, "from", from.name()));
        }
    }

    /** Never fails and never blocks: what could not be read is in the result's code. */
    public CompletableFuture<FetchResult> fetch(FetchItem item) {
        Wanted wanted = Wanted.of(item);
        int slot = Slots.of(wanted.endpoint());
        RedisSession session = redis.session(slot);
        if (session == null) {
            return union(wanted, Looked.EMPTY, false);
        }
        boolean warm = cold.warm(slot, session);
        return inbox.fetch(session, wanted.endpoint(), wanted.skip(), wanted.messages(), wanted.bytes())
                .orTimeout(REDIS_MILLIS, TimeUnit.MILLISECONDS).handle((looked, failure) -> {
                    if (looked == null) {
                        return union(wanted, Looked.EMPTY, false);
                    }
                    if (looked.parked()) {
                        return unpark(wanted, looked, session);
                    }
                    if (warm && cold.warm(slot, session)) {
                        return answer(wanted, looked, FetchResult.Code.OK, From.INBOX, Fetches::ledgerTime);
                    }
                    return union(wanted, looked, true);
                }).thenCompose(answer -> answer);
    }

    private CompletableFuture<FetchResult> union(Wanted wanted, Looked fromRedis, boolean redisAnswered) {
        if (fromRedis.notBefore() > 0) { // it does not ack: it gets nothing, or one message, whatever waits
            return answer(wanted, fromRedis, FetchResult.Code.OK, From.INBOX, Fetches::ledgerTime);
        }
        CompletableFuture<Boolean> over = ledgerTime();
        return ledger.fetch(wanted, fromRedis).orTimeout(LEDGER_MILLIS, TimeUnit.MILLISECONDS)
                .handle((looked, failure) -> {
                    if (looked != null) {
                        return answer(wanted, looked, FetchResult.Code.OK, From.LEDGER, () -> over);
                    }
                    if (redisAnswered) {
                        return answer(wanted, fromRedis, FetchResult.Code.PARTIAL, From.PARTIAL, () -> over);
                    }
                    boolean busy = StoreFailure.of(failure).kind() == StoreFailure.Kind.BUSY;
                    return answer(wanted, Looked.EMPTY, busy ? FetchResult.Code.BUSY : FetchResult.Code.UNAVAILABLE,
                            From.UNAVAILABLE, () -> over);
                }).thenCompose(answer -> answer);
    }

    // Read with the ledger; once that has nothing more than the inbox, the inbox answers alone again.
    private CompletableFuture<FetchResult> unpark(Wanted wanted, Looked fromRedis, RedisSession session) {
        CompletableFuture<Boolean> over = ledgerTime();
        return ledger.fetch(wanted, fromRedis).orTimeout(LEDGER_MILLIS, TimeUnit.MILLISECONDS)
                .handle((looked, failure) -> {
                    if (looked == null) {
                        return answer(wanted, fromRedis, FetchResult.Code.PARTIAL, From.PARTIAL, () -> over);
                    }
                    if (!looked.parked()) {
                        inbox.unpark(session, wanted.endpoint());
                    }
                    return answer(wanted, looked, FetchResult.Code.OK, From.LEDGER, () -> over);
                }).thenCompose(answer -> answer);
    }

    // Completes when a fetch waits for the ledger no more.
    private static CompletableFuture<Boolean> ledgerTime() {
        return new CompletableFuture<Boolean>().completeOnTimeout(true, LEDGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    private CompletableFuture<FetchResult> answer(Wanted wanted, Looked looked, FetchResult.Code code, From from,
            Supplier<CompletableFuture<Boolean>> time) {
        if (!looked.expired().isEmpty()) {
            endings.endAll(wanted.endpoint(), looked.expired(), How.EXPIRED);
        }
        if (!looked.collapsed().isEmpty()) {
            endings.collapse(wanted.endpoint(), looked.collapsed());
        }
        if (looked.messages().stream().noneMatch(Waiting::headless)) {
            return CompletableFuture.completedFuture(result(wanted, looked, looked.messages(), code, from));
        }
        CompletableFuture<Boolean> over = time.get();
        List<CompletableFuture<@Nullable Waiting>> whole = looked.messages().stream()
                .map(message -> whole(message, over)).toList();
        return CompletableFuture.allOf(whole.toArray(CompletableFuture[]::new)).thenApply(done -> {
            List<Waiting> there = whole.stream().map(CompletableFuture::join).filter(Objects::nonNull).toList();
            boolean all = there.size() == whole.size();
            return result(wanted, looked, there, all ? code : FetchResult.Code.PARTIAL, all ? from : From.PARTIAL);
        });
    }

    // Null when its payload cannot be read in time: then the message is not given either.
    private CompletableFuture<@Nullable Waiting> whole(Waiting message, CompletableFuture<Boolean> over) {
        if (!message.headless()) {
            return CompletableFuture.completedFuture(message);
        }
        CompletableFuture<@Nullable Waiting> read = payloads.payload(message.app(), message.message())
                .handle((payload, failure) -> payload == null
                        ? null
                        : message.with(Payloads.whole(message.envelope(), payload)));
        return read.applyToEither(over.handle((now, failure) -> null), first -> first);
    }

    private FetchResult result(Wanted wanted, Looked looked, List<Waiting> messages, FetchResult.Code code,
            From from) {
        Metrics.Counter counter = counters.get(from);
        if (counter != null) {
            counter.increment();
        }
        var result = FetchResult.newBuilder().setCode(code).setMore(looked.more()).setNextDueMs(looked.notBefore());
        int bytes = 0;
        for (Waiting message : messages) {
            bytes += message.envelope().length;
            if (bytes > wanted.bytes() && result.getMessagesCount() > 0) { // payloads of heads were not counted before
                return result.setMore(true).build();
            }
            result.addMessages(stored(message));
        }
        return result.build();
    }

    /** The message as it goes to a room. */
    public static StoredMessage stored(Waiting message) {
        return StoredMessage.newBuilder().setMessageId(message.message()).setExpireAtMs(message.expireAt())
                .setAttempts(message.attempts()).setEnvelope(UnsafeByteOperations.unsafeWrap(message.envelope()))
                .build();
    }

    @Override
    public void close() {
        ledger.close();
    }
}
