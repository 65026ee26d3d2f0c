package io.longwire.keeper.cluster;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.cluster.ShardMapRecord;
import io.longwire.rpc.cluster.SlotMapRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.cache.ChildData;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.cache.CuratorCacheListener;
import org.apache.zookeeper.KeeperException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The maps that keeper publishes. A newer epoch replaces an older one, never the other way round, except that anything
 * from ZooKeeper replaces what came from disk. Taking over runs on the cluster's thread; reading is a volatile read.
 */
final class MapWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MapWatch.class);
    private static final Duration LOADED_WITHIN = Duration.ofSeconds(2);
    private static final Duration REFRESH_EVERY = Duration.ofMillis(50);

    final Listeners<SlotMap> listeners = new Listeners<>();
    private final CuratorFramework client;
    private final ClusterThreads threads;
    private final Clock clock;
    private final Runnable changed;
    private final CuratorCache cache;
    private final CountDownLatch loaded = new CountDownLatch(1);
    private final AtomicBoolean refreshing = new AtomicBoolean();
    private final List<Waiter> waiters = new CopyOnWriteArrayList<>();
    private volatile SlotMap slots = SlotMap.NONE;
    private volatile SlotMapRecord slotRecord = SlotMapRecord.getDefaultInstance();
    private volatile ShardMapRecord shardRecord = ShardMapRecord.getDefaultInstance();
    private volatile short[] shards = new short[Slots.COUNT];
    private volatile boolean fromDisk;

    private record Waiter(long epoch, CompletableFuture<SlotMap> promise) {
    }

    /** @param changed told after each change, to write it to disk */
    MapWatch(CuratorFramework client, ClusterThreads threads, Clock clock, Runnable changed) {
        this.client = client;
        this.threads = threads;
        this.clock = clock;
        this.changed = changed;
        this.cache = CuratorCache.build(client, "/maps");
        cache.listenable().addListener(CuratorCacheListener.builder().forInitialized(() -> {
            loaded.countDown();
            threads.event(this::takeOver);
        }).forAll((type, before, after) -> threads.event(this::takeOver)).build());
    }

    void start(LastKnown lastKnown) {
        fromDisk = true;
        take(lastKnown.slots());
        take(lastKnown.shards());
        cache.start();
    }

    /** Waits for the first reading, 2 s at most. */
    void awaitLoaded() throws InterruptedException {
        if (loaded.await(LOADED_WITHIN.toNanos(), TimeUnit.NANOSECONDS)) {
            threads.eventNow(this::takeOver);
        }
    }

    SlotMap slots() {
        return slots;
    }

    int shardOf(int slot) {
        return Short.toUnsignedInt(shards[slot]);
    }

    LastKnown withMembers(Iterable<Members> members) {
        var all = new ArrayList<Members>();
        members.forEach(all::add);
        return new LastKnown(slotRecord, shardRecord, LastKnown.records(all));
    }

    CompletableFuture<SlotMap> atLeast(long epoch) {
        var promise = new CompletableFuture<SlotMap>();
        var waiter = new Waiter(epoch, promise);
        waiters.add(waiter);
        SlotMap known = slots;
        if (known.epoch() >= epoch) {
            waiters.remove(waiter);
            promise.complete(known);
            return promise;
        }
        refresh();
        clock.schedule(LOADED_WITHIN, () -> {
            waiters.remove(waiter);
            promise.completeExceptionally(new TimeoutException(
                    "register map: epoch " + slots.epoch() + " (expected: " + epoch + " within 2 s)"));
        });
        return promise;
    }

    /** Reads the register map again, at most every 50 ms: a peer has shown that there is a newer one. */
    void refresh() {
        if (refreshing.compareAndSet(false, true)) {
            clock.schedule(REFRESH_EVERY, () -> refreshing.set(false));
            threads.work("reading the register map", () -> {
                try {
                    byte[] data = client.getData().forPath(ZooKeeperPaths.REGISTER_MAP);
                    threads.event(() -> takeSlots(data));
                } catch (KeeperException.NoNodeException none) {
                    LOG.debug("no register map yet");
                }
            });
        }
    }

    @Override
    public void close() {
        cache.close();
    }

    void failWaiters() {
        waiters.forEach(waiter -> waiter.promise()
                .completeExceptionally(new TimeoutException("register map: the process is closing")));
    }

    private void takeOver() {
        cache.get(ZooKeeperPaths.REGISTER_MAP).map(ChildData::getData).ifPresent(this::takeSlots);
        Optional<ChildData> shardNode = cache.get(ZooKeeperPaths.SHARD_MAP);
        if (shardNode.isPresent()) {
            try {
                take(ShardMapRecord.parseFrom(shardNode.get().getData()));
            } catch (InvalidProtocolBufferException broken) {
                LOG.error("{}: cannot be read, the map before stays", ZooKeeperPaths.SHARD_MAP, broken);
            }
        }
    }

    private void takeSlots(byte[] data) {
        try {
            SlotMapRecord record = SlotMapRecord.parseFrom(data);
            if (fromDisk || record.getEpoch() > slots.epoch()) {
                fromDisk = false;
                take(record);
            }
        } catch (InvalidProtocolBufferException broken) {
            LOG.error("{}: cannot be read, the map before stays", ZooKeeperPaths.REGISTER_MAP, broken);
        }
    }

    private void take(SlotMapRecord record) {
        if (record.getEpoch() == 0) {
            return;
        }
        try {
            SlotMap fresh = ClusterRecords.slotMap(record);
            slots = fresh;
            slotRecord = record;
            LOG.info("register map {} with {} members", fresh.epoch(), fresh.members().size());
            listeners.tell(fresh);
            waiters.removeIf(waiter -> waiter.epoch() <= fresh.epoch() && waiter.promise().complete(fresh));
            changed.run();
        } catch (InvalidProtocolBufferException broken) {
            LOG.error("{}: cannot be used, the map before stays", ZooKeeperPaths.REGISTER_MAP, broken);
        }
    }

    private void take(ShardMapRecord record) {
        if (record.getEpoch() <= shardRecord.getEpoch()) {
            return;
        }
        try {
            shards = ClusterRecords.shards(record);
            shardRecord = record;
            changed.run();
        } catch (InvalidProtocolBufferException broken) {
            LOG.error("{}: cannot be used, the map before stays", ZooKeeperPaths.SHARD_MAP, broken);
        }
    }
}
