package io.longwire.keeper.server;

import io.longwire.keeper.cluster.ZooKeeperClient;
import io.longwire.keeper.cluster.ZooKeeperPaths;
import io.longwire.keeper.server.config.ConfigParts;
import io.longwire.keeper.server.console.Console;
import io.longwire.keeper.server.console.web.WebServer;
import io.longwire.keeper.server.operate.Operate;
import io.longwire.keeper.server.slots.KeeperMetric;
import io.longwire.keeper.server.slots.MapPublisher;
import io.longwire.keeper.server.slots.MapSkew;
import io.longwire.keeper.service.Service;
import org.apache.curator.framework.recipes.leader.LeaderLatch;

/** The keeper: the one that leads publishes who owns which slot, and walks rollouts of configuration. */
public final class KeeperMain {
    private KeeperMain() {
    }

    public static void main(String[] args) {
        WebServer.limitAll();
        Service.run("keeper", args, KeeperConfig::read, KeeperMain::wire);
    }

    /** Puts the keeper together. */
    public static void wire(Service service, KeeperConfig config) throws Exception {
        var zookeeper = service.own(ZooKeeperClient.connect(service.config().zookeeper(),
                service.config().namespace(), service.config().session()));
        var latch = service.own(new LeaderLatch(zookeeper, ZooKeeperPaths.KEEPER_LATCH,
                service.cluster().self().instance()));
        latch.start();
        var publisher = service.own(new MapPublisher(zookeeper, latch::hasLeadership, service, config.holdDown()));
        service.metrics().gauge(KeeperMetric.LEADING, () -> latch.hasLeadership() ? 1 : 0);
        service.health("maps", publisher::health);
        service.own(new MapSkew(service.cluster(), service.clock(), service.metrics()));
        ConfigParts.wire(service, zookeeper, latch::hasLeadership);
        Console.wire(service, config.console(), zookeeper, latch::hasLeadership);
        Operate.wire(service, zookeeper, config.agentKey());
    }
}
