package io.longwire.keeper.service;

import io.grpc.BindableService;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Identity;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.cluster.ZooKeeperCluster;
import io.longwire.keeper.config.ConfigException;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.config.LiveValue;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.keeper.metrics.RuntimeMetric;
import io.longwire.keeper.metrics.Vitals;
import io.longwire.keeper.profile.ProcessRpc;
import io.longwire.keeper.profile.Subject;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.keeper.rpc.RpcConnections;
import io.longwire.keeper.rpc.RpcLoops;
import io.longwire.keeper.rpc.RpcServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service from its first line to its last. Order of the start: metrics, admin port (so that health tells what the
 * start waits for), ZooKeeper and index, connections, the wiring of the part, rpc port, membership, ready. The end is
 * the reverse, after the drain. Whatever fails on the way, what was started is closed.
 */
final class RunningService<C> implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(Service.class);
    /** Parts that serve from the last map when they start without ZooKeeper. */
    private static final Set<String> START_WITHOUT = Set.of("dispatcher", "saver");
    private static final Duration WITHOUT_AFTER = Duration.ofSeconds(3);
    private static final Duration NOTICE = Duration.ofMillis(250);

    private final String part;
    private final Settings<C> settings;
    private final ServiceConfig config;
    private final HaltPoints halts;
    private final Owned owned;
    private final Clock clock = Clock.system();
    private final Health health = new Health();
    private final Drains drains = new Drains();
    private final List<BindableService> services = new CopyOnWriteArrayList<>();
    private final List<Runnable> readies = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AskedDrain asked;
    private final PrometheusMetrics metrics;
    private final ExecutorService configThread;
    private final ZooKeeperCluster cluster;
    private final RpcLoops loops;
    private final RpcConnections rpc;
    private final AdminServer admin;
    private final ConfigHome<C> home;
    private final ProcessRpc process;
    private volatile Vitals vitals = Vitals.RUNTIME;
    private @Nullable LiveValue<Secrets> secrets; // guarded by this

    private RunningService(String part, Settings<C> settings, HaltPoints halts, Owned owned) throws IOException {
        this.part = part;
        this.settings = settings;
        this.config = settings.service();
        this.halts = halts;
        this.owned = owned;
        this.asked = new AskedDrain(config.drain(), clock);
        this.metrics = own(new PrometheusMetrics());
        this.configThread = Executors
                .newSingleThreadExecutor(Thread.ofPlatform().daemon().name(part + "-config").factory());
        own((AutoCloseable) configThread::shutdownNow);
        String instance = part + "-" + config.advertise() + "-"
                + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
        this.admin = own(admin(instance));
        this.cluster = own(ZooKeeperCluster.connect(identity(instance), clock, metrics));
        health.add("zookeeper", cluster::trouble);
        this.home = own(new ConfigHome<>(part, settings, cluster, metrics, configThread));
        this.loops = own(new RpcLoops(part, config.rpcThreads()));
        loops.show(clock, metrics);
        this.rpc = own(new RpcConnections(loops, cluster, clock, metrics, config.balance()));
        this.process = own(new ProcessRpc(new AsSubject(), config.dataDir().resolve("profiles").toAbsolutePath(),
                clock, metrics));
        services.add(process);
    }

    static <C> RunningService<C> start(String part, Settings<C> settings, Wiring<C> wiring, HaltPoints halts) {
        var owned = new Owned();
        try {
            var service = new RunningService<C>(part, settings, halts, owned);
            service.begin(wiring);
            return service;
        } catch (ConfigException | StartFailure told) {
            owned.closeAll();
            throw told;
        } catch (InterruptedException interrupted) {
            owned.closeAll();
            Thread.currentThread().interrupt();
            throw new StartFailure(part + ": interrupted while starting", interrupted);
        } catch (Exception failure) {
            owned.closeAll();
            throw new StartFailure(part + ": did not start: " + failure, failure);
        }
    }

    private void begin(Wiring<C> wiring) throws Exception {
        LOG.info("{} starts, instance and configuration:\n# {}\n{}", part, self().instance(), settings.print());
        try {
            cluster.enter(START_WITHOUT.contains(part) ? Optional.of(WITHOUT_AFTER) : Optional.empty());
        } catch (TimeoutException away) {
            throw new StartFailure(part + ": " + away.getMessage() + " (expected: a running ZooKeeper)", away);
        }
        home.first();
        wiring.wire(this, settings.config());
        serve(new ProcessConfigRpc(home, settings, this::vitals, metrics, self(), clock));
        serve(new StandingRpc(part, self().instance(), metrics));
        RpcServer server = own(rpcServer());
        metrics.gauge(RuntimeMetric.RPC_CALLS, server::calls);
        String rpcAddress = config.advertised(server.port());
        cluster.publish(StartedBy.attributes(System.getenv()));
        cluster.join(rpcAddress, config.advertised(admin.port()));
        own((AutoCloseable) cluster::leave);
        home.serves(clock);
        process.follow(cluster.client(), on -> cluster.publish(Map.of("sampling", on ? "on" : "off")), clock);
        health.phase("serving");
        readies.forEach(Runnable::run);
        LOG.info("{} serves: rpc {}, admin {}, index {}", part, rpcAddress,
                self().adminAddress(), self().index());
    }

    /** Follows a file: its changes are read by the source and taken over if they are right. */
    void follow(Path file, Supplier<ConfigNode> source) {
        own(new FileWatch(file, clock, configThread, () -> settings.reload(source, metrics)));
    }

    @Override
    public <T extends AutoCloseable> T own(T owning) {
        return owned.add(owning);
    }

    @Override
    @SuppressWarnings("unchecked") // the wiring knows its own configuration's type
    public <K, T> Live<T> live(Function<K, T> of) {
        return settings.live((Function<C, T>) of);
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Metrics metrics() {
        return metrics;
    }

    @Override
    public Rpc rpc() {
        return rpc;
    }

    @Override
    public Cluster cluster() {
        return cluster;
    }

    @Override
    public HaltPoints halts() {
        return halts;
    }

    @Override
    public ServiceConfig config() {
        return config;
    }

    @Override
    public synchronized Live<Secrets> secrets() {
        LiveValue<Secrets> known = secrets;
        if (known != null) {
            return known;
        }
        LiveValue<Secrets> live;
        try {
            live = new LiveValue<>(SecretsFile.read(config.secrets()));
        } catch (ConfigException wrong) {
            throw new StartFailure(part + ": " + wrong.getMessage(), wrong);
        }
        own(new FileWatch(config.secrets(), clock, configThread, () -> reload(live)));
        secrets = live;
        return live;
    }

    @Override
    public void serve(BindableService service) {
        services.add(service);
    }

    @Override
    public void health(String name, Supplier<Optional<String>> check) {
        health.add(name, check);
    }

    @Override
    public void vitals(Vitals told) {
        vitals = told;
    }

    private Vitals vitals() {
        return vitals;
    }

    @Override
    public void onDrain(Runnable drain) {
        drains.add(drain);
    }

    @Override
    public Duration drainTime() {
        return asked.within();
    }

    @Override
    public void onReady(Runnable ready) {
        readies.add(ready);
    }

    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        LOG.info("{} ends", part);
        health.phase("draining");
        if (!config.drain().isZero()) {
            drain();
        }
        owned.closeAll();
        LOG.info("{} has ended", part);
    }

    // The others see the mark before the member goes, so that its slots move at once and not after the hold-down.
    private void drain() {
        long noticed = clock.millis() + NOTICE.toMillis();
        cluster.drain();
        drains.run(asked.left());
        try {
            new CountDownLatch(1).await(noticed - clock.millis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // For ever: a process that was told to drain is stopped next. Its end drains once more, which is soon over then.
    private void drainWhenAsked(Duration within) {
        if (asked.begin(within)) {
            LOG.info("{} drains within {} s, as it was asked to", part, within.toSeconds());
            health.phase("draining");
            cluster.drain();
            Thread.ofVirtual().name("drain-asked").start(() -> {
                drains.run(within);
                asked.over();
            });
        }
    }

    private Member self() {
        return cluster.self();
    }

    private void reload(LiveValue<Secrets> live) {
        try {
            live.set(SecretsFile.read(config.secrets()));
            LOG.info("secrets reloaded: {}", live.get());
        } catch (ConfigException wrong) {
            LOG.warn("changed secrets refused, the ones before stay: {}", wrong.getMessage());
        }
    }

    private AdminServer admin(String instance) throws IOException {
        var address = new InetSocketAddress(config.bind(), config.adminPort());
        try {
            return new AdminServer(address, Map.of("part", part, "instance", instance, "version", Version.TEXT), health,
                    metrics::scrape, settings::print);
        } catch (IOException taken) {
            throw portTaken("adminPort", address, taken);
        }
    }

    private RpcServer rpcServer() {
        var address = new InetSocketAddress(config.bind(), config.rpcPort());
        try {
            return RpcServer.start(address, services, loops, clock, metrics);
        } catch (IOException taken) {
            throw portTaken("rpcPort", address, taken);
        }
    }

    private StartFailure portTaken(String key, InetSocketAddress address, IOException cause) {
        return new StartFailure(part + ": service." + key + ": cannot listen on " + address.getHostString() + ":"
                + address.getPort() + " (expected: a free port on an address of this machine): " + cause.getMessage(),
                cause);
    }

    private Identity identity(String instance) {
        return new Identity(part, instance, config.advertise(), config.idc(), config.zookeeper(), config.namespace(),
                config.session(), config.dataDir().resolve(part + "-cluster.bin"), config.cluster());
    }

    /** What others may ask of this process. */
    private final class AsSubject implements Subject {
        @Override
        public Member self() {
            return cluster.self();
        }

        @Override
        public String phase() {
            return health.report().phase();
        }

        @Override
        public Map<String, String> findings() {
            return health.report().findings();
        }

        @Override
        public Map<String, Double> gauges() {
            return metrics.gauges();
        }

        @Override
        public Map<String, Long> counts() {
            return metrics.counts();
        }

        @Override
        public void drain(Duration within) {
            drainWhenAsked(within);
        }

        @Override
        public Optional<Draining> draining() {
            return asked.state();
        }
    }
}
