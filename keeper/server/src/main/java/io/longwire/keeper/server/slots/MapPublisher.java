package io.longwire.keeper.server.slots;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.cluster.ZooKeeperPaths;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.service.Service;
import io.longwire.rpc.cluster.SlotMapRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the register's slot map while this keeper leads: when the registers that count differ from those of the map
 * that stands. The write is a compare-and-set on the node's version, so a keeper that only thinks it leads cannot undo
 * what another has published. Who stands in the map when the lead is taken, and is not alive, has the hold-down from
 * then on. An epoch is higher than any that a live process uses, also after ZooKeeper was emptied. All work runs on the
 * publisher's own thread; a failed write is tried again.
 */
public final class MapPublisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MapPublisher.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    private final CuratorFramework zookeeper;
    private final BooleanSupplier leading;
    private final Cluster cluster;
    private final Clock clock;
    private final HoldDown holdDown;
    private final Metrics.Counter published;
    private final Metrics.Counter failures;
    private final ExecutorService thread = Executors
            .newSingleThreadExecutor(Thread.ofPlatform().daemon().name("keeper-maps").factory());
    private final Cluster.Subscription subscription;
    private final Clock.Cancellable timer;
    private volatile int counting;
    private long lastEpoch; // the publisher's thread's, as the next one
    private boolean led;

    /** Starts at once. */
    public MapPublisher(CuratorFramework zookeeper, BooleanSupplier leading, Service service, Duration hold) {
        this.zookeeper = zookeeper;
        this.leading = leading;
        this.cluster = service.cluster();
        this.clock = service.clock();
        this.holdDown = new HoldDown(hold);
        this.published = service.metrics().counter(KeeperMetric.MAPS_PUBLISHED);
        this.failures = service.metrics().counter(KeeperMetric.PUBLISH_FAILURES);
        service.metrics().gauge(KeeperMetric.REGISTERS_COUNTING, () -> counting);
        this.subscription = cluster.onMembers("register", _ -> look());
        // the hold-down ends without any event, and so does another keeper's lead
        this.timer = clock.every(LOOK_AGAIN, this::look);
    }

    /** One sentence while no register is known. */
    public Optional<String> health() {
        return counting == 0 ? Optional.of("no register is running") : Optional.empty();
    }

    private void look() {
        try {
            thread.execute(this::publishIfNeeded);
        } catch (RejectedExecutionException closed) {
            LOG.debug("after the end", closed);
        }
    }

    private void publishIfNeeded() {
        try {
            follow();
        } catch (KeeperException.BadVersionException | KeeperException.NodeExistsException another) {
            LOG.info("another keeper has published a map first");
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        } catch (Exception failed) {
            failures.increment();
            LOG.warn("the register map could not be published, trying again: {}", failed.toString());
        }
    }

    private void follow() throws Exception {
        boolean leads = leading.getAsBoolean();
        if (leads && !led) {
            holdDown.hold(read(new Stat()).map(MapPublisher::members).orElse(List.of()), clock.nanos());
        }
        led = leads;
        List<Member> members = holdDown.follow(cluster.members("register").list(), clock.nanos());
        counting = members.size();
        if (led && !members.isEmpty()) { // an empty map would only make every lookup UNKNOWN sooner
            publish(members);
        }
    }

    private void publish(List<Member> members) throws Exception {
        var stat = new Stat();
        Optional<SlotMapRecord> standing = read(stat);
        long stands = standing.map(SlotMapRecord::getEpoch).orElse(0L);
        lastEpoch = Math.max(Math.max(lastEpoch, stands), Epochs.highest(cluster));
        SlotMapRecord wanted = SlotMapMaker.make(lastEpoch + 1, members, clock.wallMillis());
        if (standing.isPresent() && stands == lastEpoch && sameOwners(standing.get(), wanted)) {
            return;
        }
        if (standing.isPresent()) {
            zookeeper.setData().withVersion(stat.getVersion()).forPath(ZooKeeperPaths.REGISTER_MAP,
                    wanted.toByteArray());
        } else {
            zookeeper.create().creatingParentsIfNeeded().forPath(ZooKeeperPaths.REGISTER_MAP, wanted.toByteArray());
        }
        lastEpoch = wanted.getEpoch();
        published.increment();
        LOG.info("published register map {} of {}", wanted.getEpoch(), wanted.getInstancesList());
    }

    // As far as a map tells of them: what the next one is made from.
    private static List<Member> members(SlotMapRecord map) {
        var members = new ArrayList<Member>();
        for (int i = 0; i < Math.min(map.getAddressesCount(), map.getIdcsCount()); i++) {
            members.add(new Member("register", map.getInstances(i), 0, "", map.getIdcs(i), map.getAddresses(i), "", 0,
                    false, Map.of()));
        }
        return members;
    }

    private Optional<SlotMapRecord> read(Stat stat) throws Exception {
        try {
            return Optional.of(SlotMapRecord
                    .parseFrom(zookeeper.getData().storingStatIn(stat).forPath(ZooKeeperPaths.REGISTER_MAP)));
        } catch (KeeperException.NoNodeException none) {
            return Optional.empty();
        } catch (InvalidProtocolBufferException broken) {
            LOG.error("the standing register map cannot be read and is replaced", broken);
            return Optional.of(SlotMapRecord.getDefaultInstance());
        }
    }

    private static boolean sameOwners(SlotMapRecord a, SlotMapRecord b) {
        return a.getOwners().equals(b.getOwners()) && a.getInstancesList().equals(b.getInstancesList())
                && a.getAddressesList().equals(b.getAddressesList()) && a.getIdcsList().equals(b.getIdcsList());
    }

    @Override
    public void close() {
        timer.cancel();
        subscription.cancel();
        thread.shutdownNow();
    }
}
