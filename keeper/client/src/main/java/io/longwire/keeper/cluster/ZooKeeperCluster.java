package io.longwire.keeper.cluster;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.RuntimeMetric;
import io.longwire.rpc.cluster.Stamp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.zookeeper.KeeperException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster by ZooKeeper. Contact is measured by a cheap question every sixth of the session, dated by when it was
 * asked; the same question shows whether the own node still stands. Thread-safe; nothing here blocks, but for the first
 * look at a part, which waits up to 2 s for its members: take it in the wiring.
 */
public final class ZooKeeperCluster implements Cluster, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperCluster.class);
    private static final Duration FENCE_CHECK = Duration.ofMillis(200);
    private static final Duration FIRST_LOOK = Duration.ofSeconds(2);
    private static final Duration CLOSE_WITHOUT = Duration.ofMillis(100);
    private static final Duration SAVE_AFTER = Duration.ofSeconds(1);

    private final Identity identity;
    private final Clock clock;
    private final CuratorFramework client;
    private final ClusterThreads threads;
    private final Fence fence;
    private final Membership membership;
    private final MapWatch maps;
    private final LastKnown lastKnown;
    private final Metrics.Counter incarnations;
    private final Map<String, MemberWatch> watches = new ConcurrentHashMap<>();
    private final Listeners<Boolean> fenceListeners = new Listeners<>();
    private final Listeners<Member> incarnationListeners = new Listeners<>();
    private final List<Clock.Cancellable> timers = new ArrayList<>();
    private final AtomicBoolean pinging = new AtomicBoolean();
    private final AtomicBoolean savePlanned = new AtomicBoolean();
    private volatile boolean toldFenced;
    private volatile boolean closed;

    private ZooKeeperCluster(Identity identity, Clock clock, Metrics metrics) {
        this.identity = identity;
        this.clock = clock;
        this.fence = new Fence(identity.session());
        this.threads = new ClusterThreads(identity.part());
        this.incarnations = metrics.counter(RuntimeMetric.CLUSTER_INCARNATIONS);
        this.client = ZooKeeperClient.connect(identity.zookeeper(), identity.namespace(), identity.session());
        this.lastKnown = LastKnown.read(identity.cache());
        var self = new Member(identity.part(), identity.instance(), 0, identity.host(), identity.idc(), "", "",
                clock.wallMillis(), false, Map.of());
        var lease = new IndexLease(client, identity.part(), identity.instance(), identity.config().indexReuse(), clock);
        this.membership = new Membership(client, self, lease, fence, threads, clock, this::reincarnated);
        this.maps = new MapWatch(client, threads, clock, this::mapsChanged);
        metrics.gauge(RuntimeMetric.CLUSTER_FENCED, () -> fenced() ? 1 : 0);
        metrics.gauge(RuntimeMetric.CLUSTER_CONTACT_AGE,
                () -> Integer.toUnsignedLong(fence.ageMillis(clock.nanos())));
        metrics.gauge(RuntimeMetric.CLUSTER_MAP_EPOCH, () -> maps.slots().epoch());
        timers.add(clock.every(identity.session().dividedBy(6), this::ping));
        timers.add(clock.every(FENCE_CHECK, this::checkFence));
        timers.add(clock.every(lease.touchEvery(), () -> threads.work("keeping the index", membership::touch)));
    }

    /** Connects in the background; {@link #enter} waits for it. */
    public static ZooKeeperCluster connect(Identity identity, Clock clock, Metrics metrics) {
        var cluster = new ZooKeeperCluster(identity, clock, metrics);
        cluster.client.getConnectionStateListenable().addListener((same, state) -> cluster.onState(state));
        cluster.maps.start(cluster.lastKnown);
        return cluster;
    }

    /**
     * Waits for ZooKeeper, takes an index and reads the maps.
     *
     * @param withoutAfter go on without ZooKeeper after this time, if something is known from disk
     * @throws TimeoutException if ZooKeeper stays away for the configured time
     */
    public void enter(Optional<Duration> withoutAfter) throws TimeoutException, InterruptedException {
        long start = clock.nanos();
        boolean told = false;
        while (!client.blockUntilConnected(200, TimeUnit.MILLISECONDS)) {
            var waited = Duration.ofNanos(clock.nanos() - start);
            if (withoutAfter.isPresent() && waited.compareTo(withoutAfter.get()) > 0 && maps.slots().epoch() > 0) {
                LOG.warn("ZooKeeper at {} does not answer: serving with register map {} from disk",
                        identity.zookeeper(), maps.slots().epoch());
                membership.startedWithout();
                return;
            }
            if (waited.compareTo(identity.config().startWait()) > 0) {
                throw new TimeoutException("ZooKeeper at " + identity.zookeeper() + " did not answer within "
                        + identity.config().startWait().toMillis() + " ms");
            }
            if (!told && waited.toMillis() > 1000) {
                told = true;
                LOG.warn("ZooKeeper at {} does not answer: waiting for it", identity.zookeeper());
            }
        }
        lease(start);
        maps.awaitLoaded();
    }

    /** The process's one connection to ZooKeeper, in the deployment's folder. Ends with the cluster. */
    public CuratorFramework client() {
        return client;
    }

    /** Becomes visible to the others. */
    public void join(String rpcAddress, String adminAddress) {
        membership.join(rpcAddress, adminAddress, FIRST_LOOK);
        incarnations.increment();
    }

    /** Disappears at once: nobody calls any more. */
    public void leave() {
        threads.workNow("leaving the cluster", membership::leave, FIRST_LOOK);
    }

    /** What is wrong, in one sentence; empty = nothing. */
    public Optional<String> trouble() {
        long now = clock.nanos();
        if (fenced()) {
            return Optional.of("fenced: cut off from ZooKeeper at " + identity.zookeeper() + " while others are not");
        }
        if (!fence.hasContact(now)) {
            return Optional.of("ZooKeeper at " + identity.zookeeper() + " not heard for "
                    + (fence.ageMillis(now) == Fence.NEVER ? "ever" : fence.ageMillis(now) + " ms"));
        }
        return Optional.empty();
    }

    @Override
    public Member self() {
        return membership.self();
    }

    @Override
    public Members members(String part) {
        return watch(part).members();
    }

    @Override
    public Subscription onMembers(String part, Consumer<Members> listener) {
        MemberWatch watch = watch(part);
        Subscription subscription = watch.listeners.add(listener);
        threads.eventNow(() -> Listeners.tell(listener, watch.members()));
        return subscription;
    }

    @Override
    public SlotMap registerMap() {
        return maps.slots();
    }

    @Override
    public Subscription onRegisterMap(Consumer<SlotMap> listener) {
        Subscription subscription = maps.listeners.add(listener);
        threads.eventNow(() -> Listeners.tell(listener, maps.slots()));
        return subscription;
    }

    @Override
    public int shardOf(int slot) {
        return maps.shardOf(slot);
    }

    @Override
    public CompletableFuture<SlotMap> atLeast(long epoch) {
        return maps.atLeast(epoch);
    }

    @Override
    public Stamp stamp() {
        return Stamp.newBuilder().setMapEpoch(maps.slots().epoch()).setContactAgeMs(fence.ageMillis(clock.nanos()))
                .build();
    }

    @Override
    public void heard(Stamp stamp) {
        long now = clock.nanos();
        fence.heard(stamp.getContactAgeMs(), now);
        if (fence.fenced(now) != toldFenced) {
            threads.event(this::checkFence);
        }
        if (stamp.getMapEpoch() > maps.slots().epoch()) {
            maps.refresh();
        }
    }

    @Override
    public boolean fenced() {
        return fence.fenced(clock.nanos());
    }

    @Override
    public Subscription onFence(Consumer<Boolean> listener) {
        return fenceListeners.add(listener);
    }

    @Override
    public Subscription onReincarnation(Consumer<Member> listener) {
        return incarnationListeners.add(listener);
    }

    @Override
    public void publish(Map<String, String> attributes) {
        membership.publish(attributes);
    }

    @Override
    public void drain() {
        membership.drain();
    }

    @Override
    public void close() {
        closed = true;
        timers.forEach(Clock.Cancellable::cancel);
        save();
        threads.close();
        maps.failWaiters();
        // Without a connection Curator takes several sessions to close; nobody has to wait for that.
        boolean connected = client.getZookeeperClient().isConnected();
        Thread closer = Thread.ofPlatform().daemon().name(identity.part() + "-zookeeper-close").start(() -> {
            watches.values().forEach(MemberWatch::close);
            maps.close();
            client.close();
        });
        try {
            closer.join(connected ? FIRST_LOOK : CLOSE_WITHOUT);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void lease(long start) throws TimeoutException, InterruptedException {
        Exception last = null;
        while (Duration.ofNanos(clock.nanos() - start).compareTo(identity.config().startWait()) <= 0) {
            try {
                long asked = clock.nanos();
                membership.lease();
                contact(asked); // the first connection may have stood before its listener did
                return;
            } catch (InterruptedException ending) {
                throw ending;
            } catch (KeeperException retry) {
                last = retry;
            } catch (Exception hopeless) {
                throw new IllegalStateException("no index in the cluster: " + hopeless.getMessage(), hopeless);
            }
        }
        throw new TimeoutException("ZooKeeper at " + identity.zookeeper() + " gave no index: " + last);
    }

    private MemberWatch watch(String part) {
        MemberWatch known = watches.get(part);
        if (known != null) {
            return known;
        }
        MemberWatch watch = watches.computeIfAbsent(part, this::startWatch);
        if (client.getZookeeperClient().isConnected() && watch.awaitLoaded(FIRST_LOOK)) {
            watch.refresh();
        }
        return watch;
    }

    private MemberWatch startWatch(String part) {
        return new MemberWatch(client, part, lastKnown.members(part), () -> changed(part)).started();
    }

    private void changed(String part) {
        threads.event(() -> {
            MemberWatch watch = watches.get(part);
            if (watch != null && watch.refresh()) {
                watch.listeners.tell(watch.members());
                saveLater();
            }
        });
    }

    private void onState(ConnectionState state) {
        LOG.info("ZooKeeper: {}", state);
        switch (state) {
            case CONNECTED, RECONNECTED -> {
                if (membership.hasLost(sessionId())) {
                    fence.lost();
                }
                contact(clock.nanos());
                threads.work("standing in the cluster", membership::stand);
            }
            case LOST -> fence.lost();
            case SUSPENDED, READ_ONLY -> LOG.debug("waiting for ZooKeeper");
        }
    }

    private void contact(long nanos) {
        int granted = client.getZookeeperClient().getLastNegotiatedSessionTimeoutMs();
        if (granted > 0) {
            fence.session(Duration.ofMillis(Math.min(granted, identity.session().toMillis())));
        }
        fence.contact(nanos);
    }

    private long sessionId() {
        try {
            return client.getZookeeperClient().getZooKeeper().getSessionId();
        } catch (Exception reconnecting) {
            LOG.debug("no session now", reconnecting);
            return 0;
        }
    }

    private void ping() {
        if (!closed && pinging.compareAndSet(false, true)) {
            threads.work("asking ZooKeeper", this::ask);
        }
    }

    private void ask() {
        long asked = clock.nanos();
        try {
            client.checkExists().inBackground((same, answer) -> {
                pinging.set(false);
                if (answer.getResultCode() == KeeperException.Code.OK.intValue()
                        || answer.getResultCode() == KeeperException.Code.NONODE.intValue()) {
                    fence.contact(asked);
                    if (answer.getStat() == null || membership.owes()
                            || !membership.standsUnder(answer.getStat().getEphemeralOwner())) {
                        threads.work("standing in the cluster", membership::stand);
                    }
                }
            }).forPath(membership.path());
        } catch (Exception notNow) {
            pinging.set(false);
            LOG.debug("no question to ZooKeeper now", notNow);
        }
    }

    private void checkFence() {
        threads.event(() -> {
            boolean now = fenced();
            if (now != toldFenced) {
                toldFenced = now;
                LOG.warn(now ? "fenced: cut off from ZooKeeper while others are not" : "no longer fenced");
                fenceListeners.tell(now);
            }
        });
    }

    private void reincarnated(Member self) {
        incarnations.increment();
        incarnationListeners.tell(self);
    }

    // So that a keeper sees who works with an old map.
    private void mapsChanged() {
        saveLater();
        membership.publish(Map.of("map", Long.toString(maps.slots().epoch())));
    }

    private void saveLater() {
        if (savePlanned.compareAndSet(false, true)) {
            clock.schedule(SAVE_AFTER, () -> threads.work("keeping what is known", this::save));
        }
    }

    private void save() {
        savePlanned.set(false);
        var all = new ArrayList<Members>();
        watches.values().forEach(watch -> all.add(watch.members()));
        try {
            maps.withMembers(all).write(identity.cache());
        } catch (IOException failure) {
            LOG.warn("{}: could not be written", identity.cache(), failure);
        }
    }
}
