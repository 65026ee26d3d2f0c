package io.longwire.e2e.uplink;

import io.longwire.cli.platform.Around;
import io.longwire.cli.platform.Platform;
import io.longwire.cli.platform.PlatformOptions;
import io.longwire.cli.platform.PlatformOptions.Ports;
import io.longwire.cli.platform.PlatformOptions.Testing;
import io.longwire.coordinator.CoordinatorConfig;
import io.longwire.coordinator.CoordinatorMain;
import io.longwire.e2e.platform.Place;
import io.longwire.e2e.platform.Product;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.Service;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A platform of its own whose only coordinator may be closed and started again, at the same address. One thread. */
final class Coordinators implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Coordinators.class);

    private final Path data;
    private final int port = Place.freePorts(1).getFirst();
    private final Platform platform;
    private final Product product;
    private Service running;

    Coordinators(String name) {
        this(name, 1);
    }

    /** @param rooms how many; one that is away for 2 s is told gone */
    Coordinators(String name, int rooms) {
        data = Place.fresh(name);
        platform = Platform.start(PlatformOptions.in(data).rooms(rooms).ports(new Ports(0, 0, port, 0, 0))
                .testing(new Testing(false, List.of(), List.of("all.service.session=6s", "all.service.drain=0s",
                        "keeper.holdDown=500ms", "room.limits.uplinks.perSecond=1000",
                        "coordinator.keep.endpointPerSecond=1000", "coordinator.presence.roomGrace=2s"),
                        Around.NOTHING)),
                LOG::info);
        product = Product.demo(platform.demoApp());
        running = platform.coordinator();
    }

    Platform platform() {
        return platform;
    }

    Path data() {
        return data;
    }

    Product product() {
        return product;
    }

    /** Where products consume, whichever coordinator runs. */
    String address() {
        return "127.0.0.1:" + port;
    }

    void stop() {
        running.close();
    }

    /** Another one, on the same store. */
    void start() {
        var store = platform.stores().events();
        running = Service.start("coordinator", ConfigNode.of(Map.of("service", Map.of("zookeeper",
                platform.stores().zookeeper().connectString(), "namespace", "longwire", "session", "6s", "drain", "0s",
                "dataDir", data.resolve("coordinator-next").toString(), "secrets",
                data.resolve("secrets.yaml").toString()), "apiPort", port, "redis",
                Map.of("nodes", List.of(store.host() + ":" + store.port())), "keep",
                Map.of("endpointPerSecond", 1_000), "presence", Map.of("roomGrace", "2s"))), CoordinatorConfig::read,
                CoordinatorMain::wire,
                HaltPoints.none());
    }

    @Override
    public void close() {
        running.close();
        platform.close();
        Place.dropStores(data);
    }
}
