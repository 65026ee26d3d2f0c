package io.longwire.keeper.cluster;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.rpc.cluster.MemberRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.cache.ChildData;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.cache.CuratorCacheListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members of one part, kept up to date by a persistent watch (Curator sets it again after each reconnection and
 * reads everything anew, see {@link TellingStorage}). Until the first complete reading the members last known on disk
 * stand. Snapshots may be read by any thread.
 */
final class MemberWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MemberWatch.class);

    final String part;
    final Listeners<Members> listeners = new Listeners<>();
    private final CuratorCache cache;
    private final CountDownLatch loaded = new CountDownLatch(1);
    private Map<String, Parsed> parsed = new HashMap<>(); // guarded by this
    private volatile Members members;

    private record Parsed(long version, Member member) {
    }

    MemberWatch(CuratorFramework client, String part, Members lastKnown, Runnable changed) {
        this.part = part;
        this.members = lastKnown;
        this.cache = CuratorCache.builder(client, ZooKeeperPaths.members(part)).withStorage(new TellingStorage(() -> {
            if (loaded.getCount() == 0) {
                changed.run();
            }
        })).build();
        cache.listenable().addListener(CuratorCacheListener.builder().forInitialized(() -> {
            loaded.countDown();
            changed.run();
        }).build());
    }

    MemberWatch started() {
        cache.start();
        return this;
    }

    Members members() {
        return members;
    }

    /** Waits for the first reading; false if it did not come in time. */
    boolean awaitLoaded(Duration atMost) {
        try {
            return loaded.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Takes over what the watch has seen; true if that differs from before. */
    synchronized boolean refresh() {
        if (loaded.getCount() > 0) {
            return false;
        }
        var next = new HashMap<String, Parsed>();
        cache.stream().forEach(node -> parse(node, next));
        parsed = next;
        var list = new ArrayList<Member>();
        next.values().forEach(entry -> list.add(entry.member()));
        list.sort(Comparator.comparing(Member::instance));
        var fresh = new Members(part, list);
        boolean differs = !fresh.equals(members);
        members = fresh;
        return differs;
    }

    @Override
    public void close() {
        cache.close();
    }

    private void parse(ChildData node, Map<String, Parsed> next) {
        if (node.getPath().length() <= ZooKeeperPaths.members(part).length()) {
            return;
        }
        long version = node.getStat().getMzxid();
        Parsed known = parsed.get(node.getPath());
        if (known != null && known.version() == version) {
            next.put(node.getPath(), known);
            return;
        }
        try {
            next.put(node.getPath(),
                    new Parsed(version, ClusterRecords.member(MemberRecord.parseFrom(node.getData()))));
        } catch (InvalidProtocolBufferException foreign) {
            LOG.warn("{}: not a member record, left out", node.getPath(), foreign);
        }
    }
}
