package io.longwire.keeper.profile;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.ZooKeeperPaths;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.cache.ChildData;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples while the deployment's switch ({@link SampledParts}) names this part, a process that starts later too. It
 * looks when the switch changes and every 5 s, so that what could not begin, as a profile was being taken, begins then.
 * While ZooKeeper is away nothing changes, and nothing where nobody has ever switched. One look at a time, on a virtual
 * thread.
 */
final class FollowedSampling implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FollowedSampling.class);
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final String part;
    private final Sampling sampling;
    private final Consumer<Boolean> told;
    private final CuratorCache cache;
    private final Clock.Cancellable timer;
    private boolean on; // this and what follows are guarded by this
    private boolean closed;
    private String trouble = "";

    /** @param told whether it samples, at each change */
    FollowedSampling(CuratorFramework zookeeper, String part, Sampling sampling, Consumer<Boolean> told, Clock clock) {
        this.part = part;
        this.sampling = sampling;
        this.told = told;
        this.cache = CuratorCache.build(zookeeper, ZooKeeperPaths.SAMPLING, CuratorCache.Options.SINGLE_NODE_CACHE);
        cache.listenable().addListener((type, before, after) -> soon());
        cache.start();
        this.timer = clock.every(AGAIN, this::soon);
    }

    private void soon() {
        Thread.startVirtualThread(this::look);
    }

    private synchronized void look() {
        Optional<ChildData> node = closed ? Optional.empty() : cache.get(ZooKeeperPaths.SAMPLING);
        if (node.isEmpty()) {
            return;
        }
        try {
            sampling.turn(SampledParts.parse(node.get().getData()).contains(part));
            trouble = "";
        } catch (IOException | Busy later) {
            if (!trouble.equals(later.getMessage())) {
                trouble = String.valueOf(later.getMessage());
                LOG.info("sampling is not switched yet: {}", trouble);
            }
        }
        if (sampling.state().getOn() != on) {
            on = !on;
            LOG.info("sampling is {}", on ? "on" : "off");
            told.accept(on);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        timer.cancel();
        cache.close();
    }
}
