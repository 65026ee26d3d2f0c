package io.longwire.saver.inbox;

import io.lettuce.core.KeyValue;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.ScoredValue;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import io.longwire.saver.ledger.MessageKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * What a slot has in Redis beside the inboxes: due set, mark, gone set, unwritten FAST messages. Futures as in {@link
 * Inbox}.
 */
public final class SlotKeys {
    private final Clock clock;

    public SlotKeys(Clock clock) {
        this.clock = clock;
    }

    /**
     * How far the data set of this Redis got in a slot.
     *
     * @param replicationId the data set it was written in
     * @param at unix ms of the slot's last append then
     */
    public record Mark(String replicationId, long at) {
    }

    /** The endpoints of a slot that are due now, the most overdue first. */
    public CompletableFuture<List<Long>> due(RedisSession session, int slot, int most) {
        return session.<List<byte[]>>command(redis -> redis.zrangebyscore(InboxKeys.due(slot),
                Range.create(0, clock.wallMillis()), Limit.from(most)))
                .thenApply(members -> members.stream().map(InboxKeys::id).toList());
    }

    /** When the due worker looks at an endpoint next, unix ms; 0 = not in the due set. */
    public CompletableFuture<Long> dueAt(RedisSession session, long endpoint) {
        return session
                .<@Nullable Double>command(
                        redis -> redis.zscore(InboxKeys.due(Slots.of(endpoint)), InboxKeys.id(endpoint)))
                .thenApply(score -> score == null ? 0L : score.longValue());
    }

    /** The oldest due time of a slot, unix ms; 0 = the due set is empty. */
    public CompletableFuture<Long> oldestDue(RedisSession session, int slot) {
        return session.<List<ScoredValue<byte[]>>>command(
                redis -> redis.zrangeWithScores(InboxKeys.due(slot), 0, 0))
                .thenApply(first -> first.isEmpty() ? 0L : (long) first.getFirst().getScore());
    }

    /** FAST messages of a slot, appended so long ago, that are not known to be in the ledger; the oldest first. */
    public CompletableFuture<List<MessageKey>> unwritten(RedisSession session, int slot, Duration age, int most) {
        return session.<List<byte[]>>command(redis -> redis.zrangebyscore(InboxKeys.fast(slot),
                Range.create(0, clock.wallMillis() - age.toMillis()), Limit.from(most)))
                .thenApply(members -> members.stream().map(InboxKeys::key).toList());
    }

    /** A FAST message is in the ledger, or nowhere. */
    public CompletableFuture<Long> written(RedisSession session, MessageKey key) {
        return session.command(redis -> redis.zrem(InboxKeys.fast(key.slot()), InboxKeys.key(key)));
    }

    /** A FAST message will never be in the ledger: nobody tries again before then, unix ms, and it is not parked. */
    public CompletableFuture<Long> unwritable(RedisSession session, MessageKey key, long until) {
        return session.command(redis -> redis.zadd(InboxKeys.fast(key.slot()), (double) until, InboxKeys.key(key)));
    }

    /** Null = no mark: the slot was never filled in this data set. */
    public CompletableFuture<@Nullable Mark> mark(RedisSession session, int slot) {
        return session.<byte @Nullable []>command(redis -> redis.get(InboxKeys.mark(slot))).thenApply(SlotKeys::mark);
    }

    private static @Nullable Mark mark(byte @Nullable [] value) {
        if (value == null) {
            return null;
        }
        String text = new String(value, StandardCharsets.US_ASCII);
        int space = text.indexOf(' ');
        return space < 0 ? null : new Mark(text.substring(0, space), Long.parseLong(text.substring(space + 1)));
    }

    /** Writes the mark at the end of a repair: from now on it stands for this session's data set. */
    public CompletableFuture<String> setMark(RedisSession session, int slot) {
        return session.command(redis -> redis.set(InboxKeys.mark(slot),
                InboxKeys.text(session.replicationId() + " " + clock.wallMillis())));
    }

    /** From now on the append script refuses these endpoints of the slot. */
    public CompletableFuture<Long> addGone(RedisSession session, int slot, List<Long> endpoints) {
        byte[][] members = endpoints.stream().map(InboxKeys::id).toArray(byte[][]::new);
        return session.command(redis -> redis.sadd(InboxKeys.gone(slot), members));
    }

    /** These endpoints were erased: nobody knows them any more. */
    public CompletableFuture<Long> removeGone(RedisSession session, int slot, List<Long> endpoints) {
        byte[][] members = endpoints.stream().map(InboxKeys::id).toArray(byte[][]::new);
        return session.command(redis -> redis.srem(InboxKeys.gone(slot), members));
    }

    /**
     * What an inbox says of one message.
     *
     * @param deferredAt since when its app does not run, unix ms, 0 = unknown
     * @param parked the inbox is parked
     * @param notBefore the endpoint did not ack and gets nothing before, unix ms, 0 = it does
     */
    public record Peeked(boolean there, int attempts, long deferredAt, boolean parked, long notBefore) {
    }

    /** Looks for one message without touching it. */
    public CompletableFuture<Peeked> peek(RedisSession session, long endpoint, long message) {
        byte[] id = InboxKeys.id(message);
        byte[] attempts = new byte[id.length + 1];
        attempts[0] = 'a';
        System.arraycopy(id, 0, attempts, 1, id.length);
        return session
                .command(redis -> redis.hmget(InboxKeys.inbox(endpoint), id, attempts, InboxKeys.text("!r"),
                        InboxKeys.text("!c"), InboxKeys.text("!d")))
                .thenApply(fields -> new Peeked(fields.getFirst().hasValue(), (int) number(fields.get(1)),
                        number(fields.get(2)), fields.get(3).hasValue(), number(fields.get(4))));
    }

    private static long number(KeyValue<byte[], byte[]> field) {
        return field.hasValue() ? Long.parseLong(new String(field.getValue(), StandardCharsets.US_ASCII)) : 0;
    }
}
