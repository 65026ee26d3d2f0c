package io.longwire.keeper.follow;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.ZooKeeperPaths;
import io.longwire.rpc.keeper.ConfigState;
import io.longwire.rpc.keeper.ConfigVersion;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.cache.ChildData;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a process on the version that keeper wants it to run with: looks when the part's state changes in ZooKeeper,
 * and every second whether what it wants is what it has. A version it refuses is not tried again until it is told
 * another. While ZooKeeper is away nothing changes. All of it on the configuration's thread; reading is volatile.
 */
public final class ConfigFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigFollower.class);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final ConfigVersion FILE_ALONE = ConfigVersion.getDefaultInstance();

    /** The process, which takes versions over. */
    public interface Taker {
        /** Takes a version over; says in one sentence why not. */
        Optional<String> take(ConfigVersion version);

        /** The version that was taken last is in force, and no longer one that is being rolled out. */
        void inForce(ConfigVersion version);
    }

    /**
     * Where the process stands.
     *
     * @param version what it runs with; 0 = its own file alone
     * @param wanted what it was told last
     * @param refused why it does not run with that; empty = it does
     * @param from zookeeper, disk or file
     */
    public record Standing(long version, long wanted, String refused, String from) {
    }

    private final CuratorFramework zookeeper;
    private final String part;
    private final String instance;
    private final Taker taker;
    private final ExecutorService thread;
    private final CuratorCache cache;
    private final AtomicBoolean planned = new AtomicBoolean();
    private volatile Standing standing;
    private volatile ConfigVersion running;
    private volatile boolean heard;
    private volatile boolean inForce;
    private volatile Clock.@Nullable Cancellable timer;

    /**
     * @param instance service.name of this process
     * @param known what it has from disk
     */
    public ConfigFollower(CuratorFramework zookeeper, String part, String instance, ConfigVersion known, Taker taker,
            ExecutorService thread) {
        this.zookeeper = zookeeper;
        this.part = part;
        this.instance = instance;
        this.taker = taker;
        this.thread = thread;
        this.running = known;
        this.standing = new Standing(known.getNumber(), known.getNumber(), "", known.getNumber() == 0
                ? "file"
                : "disk");
        this.cache = CuratorCache.build(zookeeper, ZooKeeperPaths.configState(part),
                CuratorCache.Options.SINGLE_NODE_CACHE);
    }

    /** Asks ZooKeeper once, so that a start takes what is in force now. Without an answer in time: what is known. */
    public void first(Duration atMost) throws InterruptedException {
        try {
            thread.submit(() -> {
                look(zookeeper.getData().forPath(ZooKeeperPaths.configState(part)));
                return true;
            }).get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            if (!(failure.getCause() instanceof KeeperException.NoNodeException)) {
                LOG.warn("the configuration in force was not read, version {} from {} serves: {}", standing.version,
                        standing.from, String.valueOf(failure.getCause()));
            }
        } catch (TimeoutException away) {
            LOG.warn("the configuration in force was not read in time, version {} from {} serves", standing.version,
                    standing.from);
        }
    }

    /** Follows from now on. */
    public void start(Clock clock) {
        cache.listenable().addListener((type, before, after) -> soon());
        cache.start();
        timer = clock.every(AGAIN, this::soon);
    }

    public Standing standing() {
        return standing;
    }

    /** The version with its layers that this process runs with. */
    public ConfigVersion running() {
        return running;
    }

    /** True if ZooKeeper has told what is in force. */
    public boolean heard() {
        return heard;
    }

    /** True if what it runs with was in force when ZooKeeper was heard last. */
    public boolean runsWhatIsInForce() {
        return inForce;
    }

    @Override
    public void close() {
        Clock.Cancellable ticking = timer;
        if (ticking != null) {
            ticking.cancel();
        }
        cache.close();
    }

    private void soon() {
        if (!planned.compareAndSet(false, true)) {
            return; // the thread may wait for ZooKeeper: one look after that is enough
        }
        try {
            thread.execute(() -> {
                planned.set(false);
                cache.get(ZooKeeperPaths.configState(part)).map(ChildData::getData).ifPresent(this::lookAgain);
            });
        } catch (RejectedExecutionException closed) {
            LOG.debug("after the end", closed);
        }
    }

    private void lookAgain(byte[] data) {
        try {
            look(data);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        } catch (KeeperException.NoNodeException pruned) {
            standing = new Standing(standing.version, standing.wanted, pruned.getPath() + ": no such version",
                    standing.from);
        } catch (Exception away) {
            LOG.warn("the configuration was not read, trying again: {}", away.toString());
        }
    }

    private void look(byte[] data) throws Exception {
        ConfigState state = ConfigState.parseFrom(data);
        follow(wanted(state, instance));
        boolean now = running.getNumber() == state.getInForce();
        boolean news = now && !inForce;
        inForce = now;
        heard = true;
        if (news) {
            taker.inForce(running);
        }
    }

    private void follow(long wanted) throws Exception {
        if (wanted == standing.wanted && (standing.from.equals("zookeeper") || wanted == 0)) {
            return;
        }
        ConfigVersion version = wanted == 0
                ? FILE_ALONE
                : ConfigVersion.parseFrom(zookeeper.getData().forPath(ZooKeeperPaths.configVersion(part, wanted)));
        Optional<String> refused = taker.take(version);
        if (refused.isPresent()) {
            standing = new Standing(standing.version, wanted, refused.get(), "zookeeper");
            LOG.warn("configuration {} refused, {} stays: {}", wanted, standing.version, refused.get());
            return;
        }
        inForce = false; // until the state says so
        running = version;
        standing = new Standing(wanted, wanted, "", wanted == 0 ? "file" : "zookeeper");
        LOG.info("runs with configuration {}", wanted);
    }

    /** The version that a process is to run with. */
    public static long wanted(ConfigState state, String instance) {
        boolean told = state.getCandidate() != 0
                && (state.getEveryone() || state.getTakingList().contains(instance));
        return told ? state.getCandidate() : state.getInForce();
    }
}
