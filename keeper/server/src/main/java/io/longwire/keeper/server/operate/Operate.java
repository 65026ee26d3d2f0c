package io.longwire.keeper.server.operate;

import io.grpc.ServerInterceptors;
import io.longwire.keeper.server.reach.Hosts;
import io.longwire.keeper.server.reach.Processes;
import io.longwire.keeper.server.restart.Restarts;
import io.longwire.keeper.service.Service;
import io.longwire.keeper.trust.OrderSigner;
import io.longwire.keeper.trust.SigningKey;
import java.nio.file.Path;
import org.apache.curator.framework.CuratorFramework;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts together what a keeper does for operators. */
public final class Operate {
    private static final Logger LOG = LoggerFactory.getLogger(Operate.class);

    private Operate() {
    }

    /**
     * Serves it on the keeper's rpc port.
     *
     * @param agentKey file with the key that orders to agents are signed with; empty = no orders are given
     */
    public static void wire(Service service, CuratorFramework zookeeper, String agentKey) {
        var processes = new Processes(service.cluster(), service.rpc());
        OrderSigner signer = null;
        if (!agentKey.isEmpty()) {
            SigningKey key = SigningKey.read(Path.of(agentKey));
            LOG.info("orders to agents are signed with {}", key.publicText());
            signer = new OrderSigner(key, service.clock());
        }
        var hosts = new Hosts(service.cluster(), service.rpc(), signer);
        var restarts = service.own(new Restarts(service, zookeeper, processes, hosts));
        var rpc = new OperateRpc(processes, hosts, restarts, new SamplingSwitch(zookeeper));
        var guard = new OperatorGuard(() -> service.secrets().get().adminKeyHash());
        service.serve(() -> ServerInterceptors.intercept(rpc, guard));
    }
}
