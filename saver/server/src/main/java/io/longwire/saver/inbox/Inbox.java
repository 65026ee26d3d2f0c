package io.longwire.saver.inbox;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import io.longwire.saver.inbox.Looked.Waiting;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.MessageRow;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * The inboxes of endpoints: one HASH each, {@code i:{sNNNN}:ep}, with a field per message (8 bytes of id; the value:
 * {@link InboxValue}), {@code a}+id = attempts, {@code t}+id = when the last of them failed, {@code k}+hash of a
 * collapse key = the newest message with it, {@code !n !b} = messages and bytes, {@code !x} = collapse keys, {@code !v}
 * = collapsed messages that are still there, each with the newer one, {@code !o} = those named as overflowing of late,
 * {@code !d} = not before, {@code !w} = un-acked bytes of the hour, {@code !r} = since when the app does not run,
 * {@code !k} = looks of the due worker, {@code !s} = last seen, {@code !c} = parked. A message's fields leave with it,
 * so everything is bounded by the messages. A 256 B message alone costs about 410 B. Every change is an idempotent
 * script, so a command of unknown fate may be sent again.
 *
 * <p>The caller brings the session, because only it knows whether the session may be believed. Futures fail with
 * {@link io.longwire.saver.ledger.StoreFailure} when there was no answer in time; the script may have run.
 */
public final class Inbox {
    /** A message is looked after by the due worker from so long after its append. */
    public static final Duration DUE_AFTER = Duration.ofSeconds(20);
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(30);
    /** So many attempts of a message go un-acked before its endpoint gets nothing for a while. */
    public static final int FREE_ATTEMPTS = 3;
    /** The first backoff of an endpoint that does not ack; it doubles up to 30 min. */
    public static final Duration FIRST_BACKOFF = Duration.ofSeconds(30);
    /** Bytes that may go un-acked in an hour before an endpoint gets nothing for the rest of it. */
    public static final int UNACKED_BYTES = 256 << 10;
    private static final byte[] ONE = InboxKeys.text("1");
    private static final byte[] ZERO = InboxKeys.text("0");
    private static final byte[] NOTHING = {};
    private static final byte[] COUNT = InboxKeys.text("!n");
    private static final byte[] PARKED = InboxKeys.text("!c");
    private static final byte[] DUE_AFTER_MILLIS = InboxKeys.number(DUE_AFTER.toMillis());

    private final Clock clock;

    public Inbox(Clock clock) {
        this.clock = clock;
    }

    /** Appends; a repair's append leaves the slot's mark alone. */
    public CompletableFuture<Appended> append(RedisSession session, MessageRow row, Caps caps, boolean repair) {
        return append(session, row, caps, repair, DUE_AFTER);
    }

    /** Appends a message that may wait so long before the due worker looks after it. */
    public CompletableFuture<Appended> append(RedisSession session, MessageRow row, Caps caps, boolean repair,
            Duration dueAfter) {
        int slot = row.key().slot();
        byte[][] keys = {InboxKeys.inbox(row.endpoint()), InboxKeys.due(slot), InboxKeys.mark(slot),
                InboxKeys.gone(slot)};
        CompletableFuture<List<Object>> answer = session.run(Script.APPEND, keys,
                arguments(session, row, caps, repair, dueAfter));
        return answer.thenApply(Inbox::appended);
    }

    /**
     * Appends a message that is in no ledger yet, and notes it as unwritten; empty when no replica has confirmed it
     * within 100 ms, though it may be there; also while the way to the replica is being opened.
     */
    public CompletableFuture<Optional<Appended>> appendFast(RedisSession session, MessageRow row, Caps caps,
            Duration dueAfter) {
        FastLane lane = session.lane();
        if (lane == null) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        int slot = row.key().slot();
        byte[][] keys = {InboxKeys.inbox(row.endpoint()), InboxKeys.due(slot), InboxKeys.mark(slot),
                InboxKeys.gone(slot), InboxKeys.fast(slot)};
        return lane.run(keys, arguments(session, row, caps, false, dueAfter)).thenApply(
                confirmed -> confirmed.replicated() ? Optional.of(appended(confirmed.answer())) : Optional.empty());
    }

    private byte[][] arguments(RedisSession session, MessageRow row, Caps caps, boolean repair, Duration dueAfter) {
        return new byte[][]{InboxKeys.id(row.message()), InboxValue.of(row), InboxKeys.number(clock.wallMillis()),
                InboxKeys.number(row.expireAt()), InboxKeys.number(caps.messages()),
                InboxKeys.number(caps.bytes()), InboxKeys.number(caps.overflow().number()),
                InboxKeys.id(row.endpoint()),
                dueAfter.equals(DUE_AFTER) ? DUE_AFTER_MILLIS : InboxKeys.number(dueAfter.toMillis()),
                InboxKeys.text(session.replicationId()), repair ? ONE : ZERO,
                row.collapse() == 0 ? NOTHING : InboxKeys.collapse(row.collapse())};
    }

    @SuppressWarnings("unchecked") // the shape of append.lua's answer
    private static Appended appended(List<Object> parts) {
        return new Appended(Appended.Verdict.of((Long) parts.getFirst()), ids((List<Object>) parts.get(1)),
                collapsed((List<Object>) parts.get(2)));
    }

    private static List<Collapse> collapsed(List<Object> flat) {
        if (flat.isEmpty()) {
            return List.of();
        }
        var pairs = new ArrayList<Collapse>(flat.size() / 2);
        for (int i = 0; i < flat.size(); i += 2) {
            pairs.add(new Collapse(InboxKeys.id((byte[]) flat.get(i)), InboxKeys.id((byte[]) flat.get(i + 1))));
        }
        return pairs;
    }

    /** Looks for up to so many messages and bytes (at least one message); 0 messages = only for what is to be ended. */
    public CompletableFuture<Looked> fetch(RedisSession session, long endpoint, List<Long> skip, int messages,
            int bytes) {
        var unwanted = ByteBuffer.allocate(skip.size() * Long.BYTES);
        skip.forEach(unwanted::putLong);
        CompletableFuture<List<Object>> answer = session.run(Script.FETCH, new byte[][]{InboxKeys.inbox(endpoint)},
                InboxKeys.number(clock.wallMillis()), InboxKeys.number(messages), InboxKeys.number(bytes),
                unwanted.array());
        return answer.thenApply(Inbox::looked);
    }

    /** Removes ended messages; {@code running} when an ack shows that the app runs. Answers how many were there. */
    public CompletableFuture<Long> remove(RedisSession session, long endpoint, List<Long> messages, boolean running) {
        var arguments = new byte[messages.size() + 2][];
        arguments[0] = InboxKeys.id(endpoint);
        arguments[1] = running ? ONE : ZERO;
        for (int i = 0; i < messages.size(); i++) {
            arguments[i + 2] = InboxKeys.id(messages.get(i));
        }
        return session.run(Script.REMOVE,
                new byte[][]{InboxKeys.inbox(endpoint), InboxKeys.due(Slots.of(endpoint))}, arguments);
    }

    /**
     * Counts an attempt that went un-acked, once however often it is told; answers how many there were, 0 = the
     * message is not there.
     *
     * @param at when, in ms of the room's clock; 0 = unknown: counted each time
     */
    public CompletableFuture<Long> unacked(RedisSession session, MessageKey key, long at) {
        return note(session, key, "unacked", clock.wallMillis(), at);
    }

    /** Notes since when the app does not run. */
    public CompletableFuture<Long> deferred(RedisSession session, MessageKey key, long at) {
        return note(session, key, "deferred", at, 0);
    }

    private static CompletableFuture<Long> note(RedisSession session, MessageKey key, String what, long time,
            long attemptedAt) {
        return session.run(Script.NOTE, new byte[][]{InboxKeys.inbox(key.endpoint())}, InboxKeys.id(key.message()),
                InboxKeys.text(what), InboxKeys.number(time), InboxKeys.number(FREE_ATTEMPTS),
                InboxKeys.number(FIRST_BACKOFF.toMillis()), InboxKeys.number(LONGEST_BACKOFF.toMillis()),
                InboxKeys.number(UNACKED_BYTES), InboxKeys.number(attemptedAt));
    }

    /** The message as the inbox has it; null = it is not there. */
    public CompletableFuture<@Nullable Waiting> read(RedisSession session, MessageKey key) {
        return session.<byte @Nullable []>command(
                redis -> redis.hget(InboxKeys.inbox(key.endpoint()), InboxKeys.id(key.message())))
                .thenApply(value -> value == null ? null : InboxValue.waiting(key.message(), value, 0));
    }

    /**
     * How many messages wait in an inbox, one that has expired and was not met since included; empty when only the
     * ledger can say, because the inbox is parked.
     */
    public CompletableFuture<OptionalInt> count(RedisSession session, long endpoint) {
        return session.command(redis -> redis.hmget(InboxKeys.inbox(endpoint), COUNT, PARKED)).thenApply(
                fields -> fields.get(1).hasValue()
                        ? OptionalInt.empty()
                        : OptionalInt.of(fields.getFirst().hasValue()
                                ? Integer.parseInt(new String(fields.getFirst().getValue(), StandardCharsets.US_ASCII))
                                : 0));
    }

    /** Leases a due endpoint: the new score, 0 = not due any more, -1 = nothing waits and the entry is gone. */
    public CompletableFuture<Long> lease(RedisSession session, long endpoint) {
        return session.run(Script.LEASE,
                new byte[][]{InboxKeys.due(Slots.of(endpoint)), InboxKeys.inbox(endpoint)}, InboxKeys.id(endpoint),
                InboxKeys.number(clock.wallMillis()), DUE_AFTER_MILLIS,
                InboxKeys.number(LONGEST_BACKOFF.toMillis()));
    }

    /** Removes a due entry if its score is still the one of the lease. Answers 1 if it did. */
    public CompletableFuture<Long> settle(RedisSession session, long endpoint, long score) {
        return session.run(Script.SETTLE,
                new byte[][]{InboxKeys.due(Slots.of(endpoint)), InboxKeys.inbox(endpoint)}, InboxKeys.id(endpoint),
                InboxKeys.number(score));
    }

    /**
     * Parks the inbox if nobody looked into it for so long and the ledger has all of it; answers how many messages left
     * Redis.
     */
    public CompletableFuture<Long> park(RedisSession session, long endpoint, Duration unseen) {
        return session.run(Script.PARK,
                new byte[][]{InboxKeys.inbox(endpoint), InboxKeys.fast(Slots.of(endpoint))},
                InboxKeys.number(clock.wallMillis()), InboxKeys.number(unseen.toMillis()), InboxKeys.id(endpoint));
    }

    /** The ledger has nothing that is not in the inbox: it answers alone again. */
    public CompletableFuture<Long> unpark(RedisSession session, long endpoint) {
        return session.run(Script.UNPARK,
                new byte[][]{InboxKeys.inbox(endpoint), InboxKeys.due(Slots.of(endpoint))}, InboxKeys.id(endpoint));
    }

    @SuppressWarnings("unchecked") // the shape of fetch.lua's answer
    private static Looked looked(List<Object> parts) {
        var expired = ids((List<Object>) parts.get(2));
        var flat = (List<Object>) parts.get(3);
        var messages = new ArrayList<Waiting>(flat.size() / 3);
        for (int i = 0; i < flat.size(); i += 3) {
            messages.add(InboxValue.waiting(InboxKeys.id((byte[]) flat.get(i)), (byte[]) flat.get(i + 1),
                    ((Long) flat.get(i + 2)).intValue()));
        }
        return new Looked(messages, (Long) parts.getFirst() == 1, (Long) parts.get(1), expired,
                (Long) parts.get(4) == 1, collapsed((List<Object>) parts.get(5)));
    }

    private static List<Long> ids(List<Object> names) {
        return names.stream().map(name -> InboxKeys.id((byte[]) name)).toList();
    }
}
