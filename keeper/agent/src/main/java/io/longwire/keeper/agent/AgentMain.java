package io.longwire.keeper.agent;

import io.longwire.keeper.agent.backend.Backend;
import io.longwire.keeper.agent.backend.ChildProcesses;
import io.longwire.keeper.agent.backend.Systemd;
import io.longwire.keeper.agent.order.AgentRpc;
import io.longwire.keeper.agent.order.Charge;
import io.longwire.keeper.agent.report.HostFigures;
import io.longwire.keeper.agent.version.Versions;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.service.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agent of a host, one for each. Its end ends nothing else. */
public final class AgentMain {
    private static final Logger LOG = LoggerFactory.getLogger(AgentMain.class);
    private static final Duration LOOK_AT_LOGS = Duration.ofSeconds(10);

    private AgentMain() {
    }

    public static void main(String[] args) {
        Service.run("agent", args, AgentConfig::read, AgentMain::wire);
    }

    /** Puts the agent together. */
    public static void wire(Service service, AgentConfig config) throws IOException {
        var charge = new Charge(config.processes());
        var versions = new Versions(config.home(), config.versions());
        var figures = new HostFigures(service.clock(), versions.directory());
        service.serve(new AgentRpc(service, new AgentRpc.Parts(config.host(), config.orders(),
                config.home().resolve("newest-order"), charge, backend(service, config, charge), versions, figures)));
        service.cluster().publish(Map.of("host", config.host()));
        service.health("trusted", () -> config.orders().isEmpty()
                ? Optional.of("no key is trusted: no order is obeyed (expected: keys under trusted.orders)")
                : Optional.empty());
    }

    private static Backend backend(Service service, AgentConfig config, Charge charge) throws IOException {
        if (config.backend() == AgentConfig.Kind.SYSTEMD) {
            return new Systemd(config.home());
        }
        var children = new ChildProcesses(config.host(), config.home(),
                new ChildProcesses.Jvm(config.java(), config.jvm()));
        List<String> adopted = children.adopt(charge.all());
        if (!adopted.isEmpty()) {
            LOG.info("still running from before: {}", adopted);
        }
        Clock.Cancellable looks = service.clock().every(LOOK_AT_LOGS,
                () -> Thread.startVirtualThread(() -> children.shortenLogs(charge.all())));
        service.own(looks::cancel);
        return children;
    }
}
