package io.longwire.cli.fleet;

import io.longwire.cli.terminal.Output;
import io.longwire.cli.terminal.Table;
import io.longwire.keeper.config.ConfigException;
import io.longwire.keeper.trust.SigningKey;
import io.longwire.rpc.agent.HostReport;
import io.longwire.rpc.agent.Order;
import io.longwire.rpc.agent.OrderEvent;
import io.longwire.rpc.agent.ProcessReport;
import io.longwire.rpc.operate.ListHostsReply;
import io.longwire.rpc.operate.ListHostsRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Hosts with an agent: what runs there, and orders. */
@Command(name = "host", mixinStandardHelpOptions = true, description = "Hosts with an agent: what runs there, and "
        + "orders to them.", subcommands = {PackCommand.class, DeployCommand.class})
public final class HostCommand implements Runnable {
    private static final String USUAL_STOP = "5m";
    private static final String KILLED = "Then it is killed (default: ${DEFAULT-VALUE}). It ends as soon as it is "
            + "drained, after service.drain at the latest (2m in the sample of a room): less is for one that hangs, "
            + "and cuts off the phones it still has.";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(),
                "list, start, stop, restart, drain, logs, pack, deploy or key is missing");
    }

    /** One process, as JSON. */
    record HostProcess(String host, String name, String part, String state, String version, long pid, double cpuUsed,
            long rssBytes, int sockets, String detail) {
        static HostProcess of(String host, ProcessReport report) {
            return new HostProcess(host, report.getName(), report.getPart(),
                    report.getState().name().toLowerCase(Locale.ROOT), report.getVersion(), report.getPid(),
                    report.getCpuUsed(), report.getRssBytes(), report.getSockets(), report.getDetail());
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "All hosts and their processes.")
    void list(@Mixin KeeperAt keeper, @Mixin Output output) {
        ListHostsReply reply = keeper.call(stub -> stub.listHosts(ListHostsRequest.getDefaultInstance()));
        var processes = new ArrayList<HostProcess>();
        for (HostReport host : reply.getHostsList()) {
            output.line(String.format(Locale.ROOT, "%s: %d cpus %.0f %% used, %d of %d MiB free, versions %s",
                    host.getHost(), host.getCpus(), 100 * host.getCpuUsed(), host.getMemoryAvailableBytes() >> 20,
                    host.getMemoryBytes() >> 20, host.getVersionsList()));
            host.getProcessesList().forEach(process -> processes.add(HostProcess.of(host.getHost(), process)));
        }
        reply.getSilentList().forEach(silent -> output.line("SILENT " + silent));
        var table = new Table("HOST", "PROCESS", "PART", "STATE", "VERSION", "PID", "CPU %", "MIB", "SOCKETS");
        processes.forEach(one -> table.row(one.host(), one.name(), one.part(), one.state(), one.version(), one.pid(),
                Math.round(100 * one.cpuUsed()), one.rssBytes() >> 20, one.sockets()));
        output.list(processes, table);
    }

    @Command(name = "start", mixinStandardHelpOptions = true, description = "Starts a process.")
    void start(@Mixin KeeperAt keeper, @Mixin Output output, @Parameters(paramLabel = "HOST") String host,
            @Parameters(paramLabel = "PROCESS") String process, @Option(names = "--version-to", paramLabel = "VERSION",
                    defaultValue = "", description = "Default: the one it ran last.") String version) {
        order(keeper, output,
                Order.newBuilder().setHost(host).setProcess(process).setVerb("start").setVersion(version));
    }

    @Command(name = "stop", mixinStandardHelpOptions = true, description = "Ends a process; it drains first.")
    void stop(@Mixin KeeperAt keeper, @Mixin Output output, @Parameters(paramLabel = "HOST") String host,
            @Parameters(paramLabel = "PROCESS") String process, @Option(names = "--within", paramLabel = "TIME",
                    defaultValue = USUAL_STOP, description = KILLED) Duration within) {
        order(keeper, output, Order.newBuilder().setHost(host).setProcess(process).setVerb("stop")
                .setWithinMs((int) within.toMillis()));
    }

    @Command(name = "restart", mixinStandardHelpOptions = true, description = "Ends a process, which drains first, "
            + "and starts it again.")
    void restart(@Mixin KeeperAt keeper, @Mixin Output output, @Parameters(paramLabel = "HOST") String host,
            @Parameters(paramLabel = "PROCESS") String process, @Option(names = "--version-to", paramLabel = "VERSION",
                    defaultValue = "", description = "Default: the one it runs.") String version,
            @Option(names = "--within", paramLabel = "TIME", defaultValue = USUAL_STOP,
                    description = KILLED) Duration within) {
        order(keeper, output, Order.newBuilder().setHost(host).setProcess(process).setVerb("restart")
                .setVersion(version).setWithinMs((int) within.toMillis()));
    }

    @Command(name = "drain", mixinStandardHelpOptions = true, description = "Has a process give up what it holds.")
    void drain(@Mixin KeeperAt keeper, @Mixin Output output, @Parameters(paramLabel = "HOST") String host,
            @Parameters(paramLabel = "PROCESS") String process, @Option(names = "--within", paramLabel = "TIME",
                    defaultValue = "10s", description = "Over what time (default: 10s).") Duration within) {
        order(keeper, output, Order.newBuilder().setHost(host).setProcess(process).setVerb("drain")
                .setWithinMs((int) within.toMillis()));
    }

    @Command(name = "logs", mixinStandardHelpOptions = true, description = "The last lines a process printed.")
    void logs(@Mixin KeeperAt keeper, @Mixin Output output, @Parameters(paramLabel = "HOST") String host,
            @Parameters(paramLabel = "PROCESS") String process, @Option(names = "--lines", defaultValue = "100",
                    description = "At most 1000 (default: 100).") int lines) {
        order(keeper, output, Order.newBuilder().setHost(host).setProcess(process).setVerb("logs").setLines(lines));
    }

    @Command(name = "key", mixinStandardHelpOptions = true, description = "Makes a key that signs versions or orders, "
            + "or prints the public half of one that is there.")
    void key(@Mixin Output output, @Parameters(paramLabel = "FILE") Path file) {
        SigningKey key;
        try {
            key = file.toFile().exists() ? SigningKey.read(file) : SigningKey.create(file);
        } catch (IOException full) {
            throw new ConfigException("FILE: " + file + ": " + full + " (expected: a place to write)");
        }
        output.print(List.of(key.publicText()), () -> output.line(key.publicText()));
    }

    private static void order(KeeperAt keeper, Output output, Order.Builder order) {
        keeper.call(stub -> {
            for (Iterator<OrderEvent> events = stub.order(order.build()); events.hasNext();) {
                tell(order.getHost(), events.next(), output);
            }
            return order.getVerb();
        });
    }

    private static void tell(String host, OrderEvent event, Output output) {
        if (event.getDone()) {
            HostProcess process = HostProcess.of(host, event.getProcess());
            output.print(process, () -> output.line(process.name() + ": " + process.state()));
        } else if (event.getData().isEmpty()) {
            output.line(event.getStep() + (event.getText().isEmpty() ? "" : " " + event.getText()));
        } else {
            output.line(event.getData().toStringUtf8());
        }
    }
}
