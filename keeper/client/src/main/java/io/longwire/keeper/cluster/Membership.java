package io.longwire.keeper.cluster;

import io.longwire.keeper.clock.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as a member: its index, and its ephemeral node while a session lasts. A node that stands under another
 * session, or no longer, is made again; a new session means a new index, told as a new incarnation. What could not be
 * written is written when ZooKeeper is there again. What touches ZooKeeper runs on the cluster's working thread;
 * {@link #self} may be read by any.
 */
final class Membership {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final long WRITE_MILLIS = 1000;

    private final CuratorFramework client;
    private final IndexLease lease;
    private final Fence fence;
    private final ClusterThreads threads;
    private final Clock clock;
    private final Consumer<Member> reincarnated;
    private final Object selfLock = new Object();
    private volatile Member self;
    private volatile boolean joined;

    // Owned by the working thread.
    private volatile long session; // read by others
    private boolean left;
    private boolean lateIndex; // the index could not be had at the start
    private volatile boolean unwritten; // read by others: what stands in the node may be older than self
    private long writtenMillis;
    private boolean writePlanned; // guarded by selfLock

    Membership(CuratorFramework client, Member self, IndexLease lease, Fence fence, ClusterThreads threads, Clock clock,
            Consumer<Member> reincarnated) {
        this.client = client;
        this.self = self;
        this.lease = lease;
        this.fence = fence;
        this.threads = threads;
        this.clock = clock;
        this.reincarnated = reincarnated;
        this.writtenMillis = clock.millis() - WRITE_MILLIS;
    }

    Member self() {
        return self;
    }

    boolean joined() {
        return joined;
    }

    /** True if the node stands under that session. */
    boolean standsUnder(long sessionId) {
        return session == sessionId;
    }

    /** True if the node was made under another session than that, which has ended therefore. */
    boolean hasLost(long sessionId) {
        long mine = session;
        return mine != 0 && mine != sessionId;
    }

    /** True if the last write did not arrive, for all that is known: {@link #stand} repeats it. */
    boolean owes() {
        return unwritten;
    }

    String path() {
        return ZooKeeperPaths.member(self.part(), self.instance());
    }

    /** Takes the first index. Working thread. */
    void lease() throws Exception {
        take(lease.acquire());
    }

    /** Becomes visible with these addresses, now or as soon as ZooKeeper is there. */
    void join(String rpcAddress, String adminAddress, Duration atMost) {
        change(m -> new Member(m.part(), m.instance(), m.index(), m.host(), m.idc(), rpcAddress, adminAddress,
                m.startedMillis(), m.draining(), m.attributes()));
        joined = true;
        threads.workNow("joining the cluster", this::stand, atMost);
    }

    /** Sees to it that the node stands under the present session. Working thread; called again until it succeeds. */
    void stand() throws Exception {
        if (!joined || left) {
            return;
        }
        long present = client.getZookeeperClient().getZooKeeper().getSessionId();
        Stat stat = client.checkExists().forPath(path());
        if (stat != null && stat.getEphemeralOwner() == present && session == present) {
            fence.joined();
            if (unwritten) {
                write();
            }
            return;
        }
        boolean again = session != 0 && session != present;
        if (again || self.index() == 0) {
            take(lease.acquire());
        }
        create();
        boolean told = again || lateIndex;
        session = present;
        lateIndex = false;
        fence.joined();
        if (told) {
            Member now = self;
            LOG.info("joined again as index {}", now.index());
            threads.event(() -> reincarnated.accept(now));
        }
    }

    /** The start went on without ZooKeeper; the index comes later. */
    void startedWithout() {
        lateIndex = true;
    }

    /** Keeps the index; loses it only if somebody else has it. Working thread. */
    void touch() throws Exception {
        int index = self.index();
        if (index != 0 && !lease.touch(index)) {
            LOG.error("index {} is held by another process (expected: held by {})", index, self.instance());
            session = -1;
            stand();
        }
    }

    /** Merges the attributes; written once a second at most. Any thread. */
    void publish(Map<String, String> attributes) {
        change(m -> {
            var merged = new HashMap<>(m.attributes());
            merged.putAll(attributes);
            return new Member(m.part(), m.instance(), m.index(), m.host(), m.idc(), m.rpcAddress(), m.adminAddress(),
                    m.startedMillis(), m.draining(), merged);
        });
        synchronized (selfLock) {
            if (!writePlanned) {
                writePlanned = true;
                long wait = Math.max(0, writtenMillis + WRITE_MILLIS - clock.millis());
                clock.schedule(Duration.ofMillis(wait), () -> threads.work("publishing attributes", this::write));
            }
        }
    }

    void drain() {
        change(m -> new Member(m.part(), m.instance(), m.index(), m.host(), m.idc(), m.rpcAddress(), m.adminAddress(),
                m.startedMillis(), true, m.attributes()));
        threads.work("marking as draining", this::write);
    }

    /** Disappears at once and gives the index back. Working thread. */
    void leave() throws Exception {
        left = true;
        if (client.getZookeeperClient().isConnected()) {
            try {
                client.delete().forPath(path());
            } catch (KeeperException.NoNodeException neverJoined) {
                LOG.debug("left before having joined");
            }
            if (self.index() != 0) {
                lease.release(self.index());
            }
        }
    }

    private void write() throws Exception {
        byte[] data;
        synchronized (selfLock) {
            writePlanned = false;
            writtenMillis = clock.millis();
            data = ClusterRecords.record(self).toByteArray();
        }
        if (!joined || left) {
            return;
        }
        unwritten = true;
        try {
            client.setData().forPath(path(), data);
            unwritten = false;
        } catch (KeeperException.NoNodeException gone) {
            stand();
        }
    }

    // The node of an expired session may still stand there for a moment.
    private void create() throws Exception {
        byte[] data = ClusterRecords.record(self).toByteArray();
        try {
            client.create().creatingParentsIfNeeded().withMode(CreateMode.EPHEMERAL).forPath(path(), data);
        } catch (KeeperException.NodeExistsException ofTheOldSession) {
            client.delete().forPath(path());
            client.create().creatingParentsIfNeeded().withMode(CreateMode.EPHEMERAL).forPath(path(), data);
        }
        unwritten = false;
    }

    private void take(int index) {
        change(m -> new Member(m.part(), m.instance(), index, m.host(), m.idc(), m.rpcAddress(), m.adminAddress(),
                m.startedMillis(), m.draining(), m.attributes()));
    }

    private void change(UnaryOperator<Member> change) {
        synchronized (selfLock) {
            self = change.apply(self);
        }
    }
}
