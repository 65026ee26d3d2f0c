package io.longwire.saver.ledger;

import io.longwire.keeper.cluster.Slots;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;

/** All ledger databases, and which one holds a slot. Thread-safe. */
public final class Shards implements AutoCloseable {
    private final List<Shard> list;
    private final IntUnaryOperator shardOf;

    /** @param shardOf the published map from slot to shard number; a number that is not configured is an error */
    public Shards(List<Shard> list, IntUnaryOperator shardOf) {
        this.list = List.copyOf(list);
        this.shardOf = shardOf;
    }

    public List<Shard> list() {
        return list;
    }

    /** Something done to one shard. */
    @FunctionalInterface
    public interface Visit {
        void to(Shard shard) throws SQLException;
    }

    /** Visits every shard that can be reached, each although another failed; then throws the last failure. */
    public void visitReachable(Visit visit) throws SQLException {
        SQLException failed = null;
        for (Shard shard : list) {
            try {
                if (shard.reachable()) {
                    visit.to(shard);
                }
            } catch (SQLException trouble) {
                failed = trouble;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    /** The shard of a slot. */
    public Shard of(int slot) {
        return list.get(numberOf(slot));
    }

    private int numberOf(int slot) {
        int number = shardOf.applyAsInt(slot);
        if (number < 0 || number >= list.size()) {
            throw new StoreFailure(StoreFailure.Kind.UNAVAILABLE,
                    "shard of slot " + slot + ": " + number + " (expected: one of " + list.size() + " configured)");
        }
        return number;
    }

    /** Where apps, keys and other things without a slot are. */
    public Shard first() {
        return list.getFirst();
    }

    /** A hash counts as the slot of its first 12 bits, so what is found by hash is spread like everything else. */
    public static int slotOfHash(byte[] hash) {
        return Slots.of((long) (hash[0] & 0xff) << 4 | (hash[1] & 0xf0) >> 4);
    }

    /** One queue of a kind on each shard. */
    public <T, R> PerShard<T, R> each(Function<Shard, BatchQueue<T, R>> make) {
        return new PerShard<>(this, list.stream().map(make).toList());
    }

    /** The same queue on each shard, found by slot. */
    public static final class PerShard<T, R> implements AutoCloseable {
        private final Shards shards;
        private final List<BatchQueue<T, R>> queues;

        private PerShard(Shards shards, List<BatchQueue<T, R>> queues) {
            this.shards = shards;
            this.queues = queues;
        }

        /** Submits to the queue of the slot's shard. */
        public CompletableFuture<R> submit(int slot, T row) {
            try {
                return queues.get(shards.numberOf(slot)).submit(row);
            } catch (StoreFailure notConfigured) {
                return CompletableFuture.failedFuture(notConfigured);
            }
        }

        /** Rows waiting to be sent. */
        public int queued() {
            return queues.stream().mapToInt(BatchQueue::queued).sum();
        }

        @Override
        public void close() {
            queues.forEach(BatchQueue::close);
        }
    }

    @Override
    public void close() {
        list.forEach(Shard::close);
    }
}
