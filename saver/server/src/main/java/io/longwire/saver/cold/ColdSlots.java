package io.longwire.saver.cold;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.saver.inbox.RedisNodes;
import io.longwire.saver.inbox.RedisSession;
import io.longwire.saver.ledger.BatchQueue;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.watch.Rounds;
import io.longwire.saver.watch.SaverMetric;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/**
 * Which slots may be believed when Redis answers for them. Each shard holds the state of its slots; this is a copy,
 * read again every second, with the time before it was read.
 *
 * <p><b>The rules.</b> An inbox answers alone for a slot only if the copy is younger than 2 s, the slot is not
 * marked, and the session's replication id is the slot's. An append by a session counts as confirmed only if a copy
 * younger than 2 s names the session's replication id; otherwise the slot is marked COLD (cold_gen + 1, committed)
 * before the message is accepted. A repair first writes the new replication id, then waits until every saver has read
 * it (3 s), and only then reads the ledger: an append that was still confirmed by the old data set is in the ledger
 * by then. So even a saver that talks to a master which has lost its office makes nothing invisible.
 *
 * <p>A mark of our own makes the slot cold here at once; other savers know within a second, which is why center looks
 * up again 3 s after a COLD accept.
 */
public final class ColdSlots implements AutoCloseable {
    /** A copy older than this is not believed. */
    static final Duration FRESH = Duration.ofSeconds(2);
    /** After so long every saver has read what was written, or believes nothing. */
    static final Duration KNOWN = Duration.ofSeconds(3);
    private static final BatchQueue.Limits LIMITS = new BatchQueue.Limits(1, 40_000, 4 << 20, Duration.ofMillis(2),
            Duration.ofMillis(800));

    private final Shards shards;
    private final RedisNodes redis;
    private final Clock clock;
    private final Shards.PerShard<MessageKey, Boolean> marks;
    private final Metrics.Counter marked;
    private final AtomicReferenceArray<@Nullable SlotState> states = new AtomicReferenceArray<>(Slots.COUNT);
    private final AtomicLongArray named = new AtomicLongArray(Slots.COUNT); // since when the copy has that replid
    private final AtomicLongArray coldHere = new AtomicLongArray(Slots.COUNT); // until when, nanos from `origin`
    private final AtomicLongArray readAt; // by shard, nanos from `origin`; 0 = never
    private final long origin;

    public ColdSlots(Shards shards, RedisNodes redis, Clock clock, Metrics metrics) {
        this.shards = shards;
        this.redis = redis;
        this.clock = clock;
        this.origin = clock.nanos() - FRESH.toNanos(); // so that no time of ours is 0
        this.readAt = new AtomicLongArray(shards.list().size());
        this.marks = shards.each(shard -> shard.queue("cold", new MarkCold(), LIMITS));
        this.marked = metrics.counter(SaverMetric.COLD_MARKS);
        metrics.gauge(SaverMetric.COLD_SLOTS, this::count);
    }

    /** Reads the copies again, every second. The caller closes it. */
    public Rounds start() {
        return new Rounds("cold-set", clock, Duration.ofSeconds(1), this::refresh, () -> { // counted by the ledger
        });
    }

    /** Reads the state of all slots, the shards side by side. Blocks; what cannot be read grows old. */
    public void refresh() throws SQLException {
        var failed = new AtomicReference<@Nullable SQLException>();
        List<Thread> readers = shards.list().stream()
                .map(shard -> Thread.ofVirtual().name("cold-set-" + shard.number()).start(() -> {
                    try {
                        refresh(shard);
                    } catch (SQLException unreachable) {
                        shard.failed(unreachable);
                        failed.set(unreachable);
                    }
                })).toList();
        try {
            for (Thread reader : readers) {
                reader.join();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        SQLException unreachable = failed.get();
        if (unreachable != null) {
            throw unreachable;
        }
    }

    private void refresh(Shard shard) throws SQLException {
        long before = now();
        try (Connection connection = shard.connect();
                PreparedStatement select = connection
                        .prepareStatement("SELECT " + SlotState.COLUMNS + " FROM slot_state");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                SlotState state = SlotState.of(row);
                if (shards.of(state.slot()) == shard) {
                    take(state, before);
                }
            }
        }
        readAt.set(shard.number(), before);
    }

    private void take(SlotState state, long at) {
        SlotState old = states.get(state.slot());
        if (old == null || !old.replicationId().equals(state.replicationId())) {
            named.set(state.slot(), at);
        }
        states.set(state.slot(), state);
    }

    /** The inbox alone answers for the slot when asked through this session. */
    public boolean warm(int slot, @Nullable RedisSession session) {
        SlotState state = states.get(slot);
        return session != null && state != null && fresh(slot) && !state.marked()
                && state.replicationId().equals(session.replicationId()) && coldHere.get(slot) < now();
    }

    /** An append that this session answered counts as confirmed. */
    public boolean confirms(int slot, RedisSession session) {
        SlotState state = states.get(slot);
        return state != null && fresh(slot) && state.replicationId().equals(session.replicationId());
    }

    /** The copy of the slot's state is young enough to be believed. */
    public boolean fresh(int slot) {
        long read = readAt.get(shards.of(slot).number());
        return read != 0 && now() - read <= FRESH.toNanos();
    }

    /** Marks the slot of a message COLD; completes when that is committed, or fails with StoreFailure. */
    public CompletableFuture<Boolean> mark(MessageKey key) {
        return marks.submit(key.slot(), key).thenApply(done -> {
            marked.increment();
            coldHere.set(key.slot(), now() + FRESH.toNanos());
            return done;
        });
    }

    /** How many slots are cold for this saver now. */
    public int count() {
        int cold = 0;
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            cold += warm(slot, redis.session(slot)) ? 0 : 1;
        }
        return cold;
    }

    /** The copy of a slot; null before the first reading. */
    @Nullable
    SlotState state(int slot) {
        return states.get(slot);
    }

    /** Every saver knows the slot's replication id, or believes nothing. */
    boolean knownToAll(int slot) {
        return fresh(slot) && now() - named.get(slot) >= KNOWN.toNanos();
    }

    private long now() {
        return clock.nanos() - origin;
    }

    @Override
    public void close() {
        marks.close();
    }
}
