package io.longwire.keeper.server.config;

import io.grpc.ServerInterceptors;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.server.slots.KeeperMetric;
import io.longwire.keeper.service.Secrets;
import io.longwire.keeper.service.Service;
import java.nio.file.Files;
import java.util.function.BooleanSupplier;
import org.apache.curator.framework.CuratorFramework;

/** Puts the configuration store together: what is checked, kept, walked and served. */
public final class ConfigParts {
    private ConfigParts() {
    }

    /** Serves it on keeper's rpc port; the console in the same process uses the desk. */
    public static ConfigDesk wire(Service service, CuratorFramework zookeeper, BooleanSupplier leading) {
        Metrics metrics = service.metrics();
        var store = new ConfigStore(zookeeper);
        var processes = service.own(new Processes(service.rpc(), service.cluster(), service.clock()));
        var drafts = new Drafts(store, processes, service.clock(), metrics.counter(KeeperMetric.CONFIG_VERSIONS),
                metrics.counter(KeeperMetric.CONFIG_MISTAKEN));
        var desk = new ConfigDesk(store, drafts, processes, new Rollouts(store, drafts, processes, service.clock()));
        service.own(new RolloutWalker(store, processes, leading, service.clock(),
                metrics.counter(KeeperMetric.ROLLED_BACK)));
        var rpc = new ConfigRpc(desk, service.own(new RolloutWatch(store, service.clock())));
        var door = operators(service);
        service.serve(() -> ServerInterceptors.intercept(rpc, door));
        return desk;
    }

    // A keeper without the secrets file publishes maps all the same, and lets no operator in.
    private static OperatorOnly operators(Service service) {
        if (!Files.exists(service.config().secrets())) {
            return new OperatorOnly(() -> new byte[0]);
        }
        Live<Secrets> secrets = service.secrets();
        return new OperatorOnly(() -> secrets.get().adminKeyHash());
    }
}
