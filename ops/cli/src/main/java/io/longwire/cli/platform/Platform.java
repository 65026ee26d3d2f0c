package io.longwire.cli.platform;

import io.longwire.center.CenterConfig;
import io.longwire.center.CenterMain;
import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.admin.App;
import io.longwire.center.client.admin.AppSettings;
import io.longwire.center.client.admin.NewKey;
import io.longwire.cli.ClientFile;
import io.longwire.coordinator.CoordinatorConfig;
import io.longwire.coordinator.CoordinatorMain;
import io.longwire.dispatcher.DispatcherConfig;
import io.longwire.dispatcher.DispatcherMain;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.ZooKeeperClient;
import io.longwire.keeper.cluster.ZooKeeperPaths;
import io.longwire.keeper.config.ConfigReader;
import io.longwire.keeper.server.KeeperConfig;
import io.longwire.keeper.server.KeeperMain;
import io.longwire.keeper.server.console.Console;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.Service;
import io.longwire.keeper.service.StartFailure;
import io.longwire.keeper.service.Wiring;
import io.longwire.register.RegisterConfig;
import io.longwire.register.RegisterMain;
import io.longwire.room.RoomConfig;
import io.longwire.room.RoomMain;
import io.longwire.saver.SaverConfig;
import io.longwire.saver.SaverMain;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Every part of the platform in this JVM, each by its own wire method, talking over real sockets, on embedded real
 * stores. Started and closed by one thread.
 */
public final class Platform implements AutoCloseable {
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private final PlatformFiles files;
    private final PlatformStores stores;
    private final PartConfigs configs;
    private final PlatformOptions.Testing testing;
    private final HaltPoints halts;
    private final Consumer<String> progress;
    private final List<Service> rooms = new ArrayList<>();
    private final List<Service> registers = new ArrayList<>();
    private final String consolePassword;
    private final Service center;
    private final Service dispatcher;
    private final Service saver;
    private final Service coordinator;
    private volatile Service keeper;

    private Platform(PlatformOptions options, Consumer<String> progress) {
        this.progress = progress;
        this.testing = options.testing();
        this.halts = HaltPoints.armed(testing.haltPoints());
        this.files = PlatformFiles.open(options.data());
        owned.push(files);
        try {
            this.stores = PlatformStores.start(files, options, this::own, progress);
            this.configs = new PartConfigs(files, stores, options);
            forgetTheDead();
            this.consolePassword = ConsoleOwner.password(files, stores.zookeeper().connectString());
            this.keeper = start("keeper", configs.keeper(), KeeperConfig::read, KeeperMain::wire);
            for (int i = 0; i < options.registers(); i++) {
                registers.add(start("register", configs.register(i), RegisterConfig::read, RegisterMain::wire));
            }
            this.saver = start("saver", configs.saver(), SaverConfig::read, SaverMain::wire);
            this.coordinator = start("coordinator", configs.coordinator(), CoordinatorConfig::read,
                    CoordinatorMain::wire);
            for (int i = 0; i < options.rooms(); i++) {
                rooms.add(start("room", configs.room(i), RoomConfig::read, RoomMain::wire));
            }
            this.center = start("center", configs.center(), CenterConfig::read, CenterMain::wire);
            this.dispatcher = start("dispatcher", configs.dispatcher(), DispatcherConfig::read, DispatcherMain::wire);
        } catch (RuntimeException | Error failed) {
            close();
            throw failed;
        }
    }

    /** Starts everything, telling each step; throws ConfigException or StartFailure with one sentence. */
    public static Platform start(PlatformOptions options, Consumer<String> progress) {
        return new Platform(options, progress);
    }

    /** "http://host:port" of center's API. */
    public String api() {
        return "http://" + center.cluster().self().attributes().getOrDefault("api", "");
    }

    /** "http://host:port" of the dispatcher. */
    public String dispatcher() {
        return "http://" + dispatcher.cluster().self().attributes().getOrDefault("http", "");
    }

    /** "http://host:port" where the coordinator's events are consumed. */
    public String events() {
        return "http://" + coordinator.cluster().self().attributes().getOrDefault("api", "");
    }

    /** "host:port" of keeper's gRPC. */
    public String keeper() {
        return keeper.cluster().self().rpcAddress();
    }

    /** "http://host:port" of the console. */
    public String console() {
        return keeper.cluster().self().attributes().getOrDefault(Console.ATTRIBUTE, "");
    }

    /** The password of the console's first user, "admin", as it was made. */
    public String consolePassword() {
        return consolePassword;
    }

    /** Connect string of its ZooKeeper. */
    public String zookeeper() {
        return stores.zookeeper().connectString();
    }

    public String adminKey() {
        return files.adminKey();
    }

    /** The demo app with a key of its own, made at the first start of this data directory and kept. */
    public ClientFile demoApp() {
        try (var operator = LongwireBackend.connect(api(), adminKey())) {
            App app = operator.admin().createApp("demo", AppSettings.NONE).await();
            String apiKey = files.kept("demo-api-key",
                    () -> operator.admin().createKey(NewKey.of(app.appId(), "demo")).await().secret());
            return new ClientFile(api(), dispatcher(), events(), keeper(), adminKey(), app.appKey(), apiKey,
                    files.certificate().chain().toString(), console(), zookeeper());
        }
    }

    public Service keeperService() {
        return keeper;
    }

    public List<Service> rooms() {
        return List.copyOf(rooms);
    }

    public List<Service> registers() {
        return List.copyOf(registers);
    }

    public Service center() {
        return center;
    }

    public Service saver() {
        return saver;
    }

    public Service coordinator() {
        return coordinator;
    }

    public Service dispatcherService() {
        return dispatcher;
    }

    public PlatformStores stores() {
        return stores;
    }

    private <C> Service start(String part, Map<String, Object> config, ConfigReader<C> reader, Wiring<C> wiring) {
        long began = Clock.system().millis();
        Service service = Service.start(part, PartConfigs.node(part, config, testing.settings()), reader,
                (runtime, read) -> wiring.wire(testing.around().around(part, runtime), read), halts);
        owned.push(service);
        progress.accept(String.format(java.util.Locale.ROOT, "%-10s up in %.1f s", part,
                (Clock.system().millis() - began) / 1000.0));
        return service;
    }

    // Who was killed stays listed until its session ends. This process holds the data directory, so they are all dead.
    private void forgetTheDead() {
        try (var zookeeper = ZooKeeperClient.connect(stores.zookeeper().connectString(), PartConfigs.NAMESPACE,
                Duration.ofSeconds(10))) {
            zookeeper.delete().quietly().deletingChildrenIfNeeded().forPath(ZooKeeperPaths.MEMBERS);
        } catch (Exception failed) {
            throw new StartFailure("zookeeper: the members of the last run could not be removed: " + failed, failed);
        }
    }

    private void own(AutoCloseable started) {
        synchronized (owned) {
            owned.push(started);
        }
    }

    /** Ends the keeper; the others go on without one until {@link #startKeeper}. */
    public void stopKeeper() {
        keeper.close();
    }

    /** Another keeper in place of the one that was stopped, at ports of its own where none are given. */
    public void startKeeper() {
        keeper = start("keeper", configs.keeper(), KeeperConfig::read, KeeperMain::wire);
    }

    /** Closes every part, then the stores, in reverse order of their start. */
    @Override
    public void close() {
        while (!owned.isEmpty()) {
            AutoCloseable last = owned.pop();
            try {
                last.close();
            } catch (Exception late) {
                progress.accept("closing " + last.getClass().getSimpleName() + ": " + late.getMessage());
            }
        }
    }
}
