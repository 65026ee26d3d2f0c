package io.longwire.saver.inbox;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.models.partitions.Partitions;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.resource.ClientResources;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which master of a Redis Cluster has which slot, read again every second. Between a move and the next reading a
 * command meets MOVED, which counts as no answer: the slot is COLD for a moment, nothing is lost.
 */
final class RedisTopology implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisTopology.class);

    private final RedisClusterClient client;
    private final Clock.Cancellable reading;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile @Nullable String[] nodes = new String[Slots.COUNT];

    RedisTopology(ClientResources resources, List<RedisURI> seeds, Clock clock) {
        this.client = RedisClusterClient.create(resources, seeds);
        this.reading = clock.every(Duration.ofSeconds(1), this::read);
        read();
    }

    /** host:port of the master that has the slot; null while it is not known. */
    @Nullable
    String nodeOf(int slot) {
        return nodes[slot];
    }

    private void read() {
        if (busy.compareAndSet(false, true)) {
            Thread.ofVirtual().name("redis-topology").start(() -> {
                try {
                    client.refreshPartitionsAsync().toCompletableFuture().get(3, TimeUnit.SECONDS);
                    take(client.getPartitions());
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                } catch (Exception unreachable) { // allowed: whatever Lettuce throws, the next second asks again
                    LOG.warn("redis cluster: the topology cannot be read: {}", unreachable.getMessage());
                } finally {
                    busy.set(false);
                }
            });
        }
    }

    private void take(Partitions partitions) {
        var read = new String[Slots.COUNT];
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            RedisClusterNode master = partitions
                    .getMasterBySlot(SlotHash.getSlot(Slots.tag(slot).getBytes(StandardCharsets.US_ASCII)));
            if (master != null) {
                read[slot] = master.getUri().getHost() + ":" + master.getUri().getPort();
            }
        }
        nodes = read;
    }

    @Override
    public void close() {
        reading.cancel();
        try {
            client.shutdownAsync(RedisNodes.QUIET_MILLIS, 1_000, TimeUnit.MILLISECONDS).get(2, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (Exception late) { // allowed: it is being closed anyway
            LOG.debug("redis cluster client: closed late", late);
        }
    }
}
