package io.longwire.keeper.cluster;

import io.longwire.keeper.clock.Clock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

import org.jspecify.annotations.Nullable;

/**
 * The index a process holds among those of its part: the room incarnation, the center lease. One persistent node per
 * index ever used; its holder writes it again 24 times in the reuse period (24 h), so that an index whose node is older
 * than that and a touch more has had no holder for the whole period, crashed or not. Released ones rest as long.
 *
 * <p>The smallest one never used is taken, unless one of 32 used ones picked at random has rested long enough: that
 * keeps the numbers few without reading all of them. Used by the cluster's working thread only.
 */
final class IndexLease {
    private static final int LOOKED_AT = 32;
    private static final int TOUCHES = 24;

    private final CuratorFramework client;
    private final String part;
    private final String instance;
    private final Duration reuse;
    private final Clock clock;
    private final int bound;

    IndexLease(CuratorFramework client, String part, String instance, Duration reuse, Clock clock) {
        this.client = client;
        this.part = part;
        this.instance = instance;
        this.reuse = reuse;
        this.clock = clock;
        this.bound = part.equals("center") ? 1 << 10 : 1 << 16;
    }

    /** How often {@link #touch} is due. */
    Duration touchEvery() {
        return reuse.dividedBy(TOUCHES);
    }

    /** An index from 1 on that nobody else has used within the reuse period. Throws if none is left. */
    int acquire() throws Exception {
        while (true) {
            List<String> used = used();
            int rested = rested(used);
            int index = rested > 0 ? rested : unused(used);
            if (index >= bound) {
                index = anyRested(used);
            }
            if (claim(index)) {
                return index;
            }
        }
    }

    /** Keeps the index. False: somebody else has it, which must not happen while this process has contact. */
    boolean touch(int index) throws Exception {
        String path = ZooKeeperPaths.lease(part, index);
        try {
            var stat = new Stat();
            String holder = new String(client.getData().storingStatIn(stat).forPath(path), StandardCharsets.UTF_8);
            if (!holder.contains(quoted())) {
                return false;
            }
            client.setData().withVersion(stat.getVersion()).forPath(path, holding(0));
            return true;
        } catch (KeeperException.NoNodeException | KeeperException.BadVersionException taken) {
            return false;
        }
    }

    /** Says when it was given up; it rests from then on. */
    void release(int index) throws Exception {
        client.setData().forPath(ZooKeeperPaths.lease(part, index), holding(clock.wallMillis()));
    }

    private List<String> used() throws Exception {
        try {
            return client.getChildren().forPath(ZooKeeperPaths.leases(part));
        } catch (KeeperException.NoNodeException noneYet) {
            return List.of();
        }
    }

    private int rested(List<String> used) throws Exception {
        int start = used.isEmpty() ? 0 : ThreadLocalRandom.current().nextInt(used.size());
        for (int i = 0; i < Math.min(LOOKED_AT, used.size()); i++) {
            int index = Integer.parseInt(used.get((start + i) % used.size()));
            if (hasRested(client.checkExists().forPath(ZooKeeperPaths.lease(part, index)))) {
                return index;
            }
        }
        return 0;
    }

    private int anyRested(List<String> used) throws Exception {
        Collections.shuffle(used);
        for (String name : used) {
            int index = Integer.parseInt(name);
            if (index < bound && hasRested(client.checkExists().forPath(ZooKeeperPaths.lease(part, index)))) {
                return index;
            }
        }
        throw new IllegalStateException(part + ": all " + (bound - 1) + " indexes were used within " + reuse);
    }

    private static int unused(List<String> used) {
        var known = new HashSet<>(used);
        int index = 1;
        while (known.contains(Integer.toString(index))) {
            index++;
        }
        return index;
    }

    private boolean hasRested(@Nullable Stat stat) {
        return stat != null
                && clock.wallMillis() - stat.getMtime() > reuse.plus(touchEvery().multipliedBy(2)).toMillis();
    }

    private boolean claim(int index) throws Exception {
        String path = ZooKeeperPaths.lease(part, index);
        try {
            Stat stat = client.checkExists().forPath(path);
            if (stat == null) {
                client.create().creatingParentsIfNeeded().forPath(path, holding(0));
                return true;
            }
            if (!hasRested(stat)) {
                return false;
            }
            client.setData().withVersion(stat.getVersion()).forPath(path, holding(0));
            return true;
        } catch (KeeperException.NodeExistsException | KeeperException.BadVersionException somebodyWasFaster) {
            return false;
        }
    }

    private byte[] holding(long releasedMillis) {
        return ("{\"instance\": " + quoted() + ", \"released_ms\": " + releasedMillis + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private String quoted() {
        return '"' + instance + '"';
    }
}
