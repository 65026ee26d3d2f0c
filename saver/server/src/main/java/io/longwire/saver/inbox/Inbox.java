package io.longwire.saver.inbox;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import io.longwire.saver.inbox.Looked.Waiting;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.MessageRow;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The inboxes of endpoints: one HASH each, {@code i:{sNNNN}:ep}, with a field per message (8 bytes of id; the value
 * is expiry, app and envelope), {@code a}+id = attempts, {@code !n !b} = messages and bytes, {@code !d} = not before,
 * {@code !r} = since when the app does not run, {@code !k} = looks of the due worker, {@code !s} = last seen, {@code
 * !c} = parked. A 256 B message alone costs about 410 B. Every change is an idempotent script, so a command of
 * unknown fate may be sent again.
 *
 * <p>The caller brings the session, because only it knows whether the session may be believed. Futures fail with
 * {@link io.longwire.saver.ledger.StoreFailure} when there was no answer in time; the script may have run.
 */
public final class Inbox {
    /** A message is looked after by the due worker from so long after its append. */
    public static final Duration DUE_AFTER = Duration.ofSeconds(20);
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(30);
    private static final int HEADER_BYTES = 12;
    private static final byte[] ONE = InboxKeys.text("1");
    private static final byte[] ZERO = InboxKeys.text("0");
    private static final byte[] DUE_AFTER_MILLIS = InboxKeys.number(DUE_AFTER.toMillis());

    private final Clock clock;

    public Inbox(Clock clock) {
        this.clock = clock;
    }

    /** Appends; a repair's append leaves the slot's mark alone. */
    public CompletableFuture<Appended> append(RedisSession session, MessageRow row, Caps caps, boolean repair) {
        int slot = row.key().slot();
        byte[][] keys = {InboxKeys.inbox(row.endpoint()), InboxKeys.due(slot), InboxKeys.mark(slot),
                InboxKeys.gone(slot)};
        CompletableFuture<List<Object>> answer = session.run(Script.APPEND, keys, InboxKeys.id(row.message()),
                value(row), InboxKeys.number(clock.wallMillis()), InboxKeys.number(row.expireAt()),
                InboxKeys.number(caps.messages()), InboxKeys.number(caps.bytes()), caps.rejectNew() ? ONE : ZERO,
                InboxKeys.id(row.endpoint()), DUE_AFTER_MILLIS, InboxKeys.text(session.replicationId()),
                repair ? ONE : ZERO);
        return answer.thenApply(parts -> new Appended(Appended.Verdict.of((Long) parts.getFirst()),
                ids(parts.subList(1, parts.size()))));
    }

    /** Looks for up to so many messages and bytes (at least one message); 0 messages = only for expired ones. */
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

    /** Counts an attempt that went un-acked. */
    public CompletableFuture<Long> unacked(RedisSession session, MessageKey key) {
        return note(session, key, "unacked", 0);
    }

    /** Notes since when the app does not run. */
    public CompletableFuture<Long> deferred(RedisSession session, MessageKey key, long at) {
        return note(session, key, "deferred", at);
    }

    private static CompletableFuture<Long> note(RedisSession session, MessageKey key, String what, long at) {
        return session.run(Script.NOTE, new byte[][]{InboxKeys.inbox(key.endpoint())}, InboxKeys.id(key.message()),
                InboxKeys.text(what), InboxKeys.number(at));
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
        return session.run(Script.SETTLE, new byte[][]{InboxKeys.due(Slots.of(endpoint))}, InboxKeys.id(endpoint),
                InboxKeys.number(score));
    }

    /** Parks the inbox if nobody looked into it for so long; answers how many messages left Redis. */
    public CompletableFuture<Long> park(RedisSession session, long endpoint, Duration unseen) {
        return session.run(Script.PARK, new byte[][]{InboxKeys.inbox(endpoint)},
                InboxKeys.number(clock.wallMillis()), InboxKeys.number(unseen.toMillis()));
    }

    /** The ledger has nothing that is not in the inbox: it answers alone again. */
    public CompletableFuture<Long> unpark(RedisSession session, long endpoint) {
        return session.run(Script.UNPARK,
                new byte[][]{InboxKeys.inbox(endpoint), InboxKeys.due(Slots.of(endpoint))}, InboxKeys.id(endpoint));
    }

    private static byte[] value(MessageRow row) {
        byte[] body = row.body();
        return ByteBuffer.allocate(HEADER_BYTES + body.length).putLong(row.expireAt()).putInt(row.app()).put(body)
                .array();
    }

    @SuppressWarnings("unchecked") // the shape of fetch.lua's answer
    private static Looked looked(List<Object> parts) {
        var expired = ids((List<Object>) parts.get(2));
        var flat = (List<Object>) parts.get(3);
        var messages = new ArrayList<Waiting>(flat.size() / 3);
        for (int i = 0; i < flat.size(); i += 3) {
            messages.add(waiting((byte[]) flat.get(i), (byte[]) flat.get(i + 1), (Long) flat.get(i + 2)));
        }
        return new Looked(messages, (Long) parts.getFirst() == 1, (Long) parts.get(1), expired,
                (Long) parts.get(4) == 1);
    }

    private static Waiting waiting(byte[] id, byte[] value, long attempts) {
        var header = ByteBuffer.wrap(value);
        long expireAt = header.getLong();
        int app = header.getInt();
        var envelope = new byte[header.remaining()];
        header.get(envelope);
        return new Waiting(InboxKeys.id(id), expireAt, app, (int) attempts, envelope);
    }

    private static List<Long> ids(List<Object> names) {
        return names.stream().map(name -> InboxKeys.id((byte[]) name)).toList();
    }
}
