package io.longwire.cli.fleet;

import io.longwire.cli.terminal.Output;
import io.longwire.cli.terminal.Table;
import io.longwire.rpc.operate.ListRestartsRequest;
import io.longwire.rpc.operate.OperateGrpc.OperateBlockingStub;
import io.longwire.rpc.operate.RestartRef;
import io.longwire.rpc.operate.RestartReport;
import io.longwire.rpc.operate.RestartRequest;
import io.longwire.rpc.operate.RestartState;
import io.longwire.rpc.operate.RestartState.Phase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Rolling restarts. */
@Command(name = "restart", mixinStandardHelpOptions = true,
        description = "Restarts all processes of a part, a wave at a time: each is drained at a rate the others can "
                + "take, ended, started and healthy before the next goes. `longwire restart list` shows the last ones.",
        exitCodeListHeading = "Exit codes:%n", exitCodeList = {"0:done, or under way",
                "1:it failed, was aborted or refused", "2:wrong usage"})
public final class RestartCommand implements Callable<Integer> {
    @Mixin
    private KeeperAt keeper = new KeeperAt();

    @Mixin
    private Output output = new Output();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", arity = "0..1", paramLabel = "PART", defaultValue = "",
            description = "room, center, saver ...")
    private String part = "";

    @Option(names = "--wave", defaultValue = "1", description = "Processes at a time (default: ${DEFAULT-VALUE}).")
    private int wave;

    @Option(names = "--version-to", paramLabel = "VERSION", defaultValue = "",
            description = "The version to run (default: the one each runs).")
    private String version = "";

    @Option(names = "--max-drain", paramLabel = "TIME", defaultValue = "10m",
            description = "The longest drain of a wave (default: ${DEFAULT-VALUE}).")
    private Duration maxDrain = Duration.ofMinutes(10);

    @Option(names = "--bake", paramLabel = "TIME", defaultValue = "2s",
            description = "Between two waves (default: ${DEFAULT-VALUE}).")
    private Duration bake = Duration.ofSeconds(2);

    @Option(names = "--watch", description = "Tells how it goes until it is over.")
    private boolean watch;

    @Override
    public Integer call() {
        if (part.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "PART, list, pause, resume or abort is missing");
        }
        RestartRequest request = RestartRequest.newBuilder().setPart(part).setWave(wave).setVersion(version)
                .setOperator(System.getProperty("user.name", "")).setMaxDrainMs((int) maxDrain.toMillis())
                .setBakeMs((int) bake.toMillis()).build();
        return keeper.call(stub -> {
            RestartState begun = stub.restart(request);
            if (!watch) {
                tell(begun);
                return 0;
            }
            return follow(stub, begun.getId());
        });
    }

    private int follow(OperateBlockingStub stub, String id) {
        RestartState last = RestartState.getDefaultInstance();
        for (var states = stub.watchRestart(RestartRef.newBuilder().setId(id).build()); states.hasNext();) {
            RestartState now = states.next();
            RestartLines.changes(last, now).forEach(output::line);
            last = now;
        }
        tell(last);
        return last.getPhase() == Phase.DONE ? 0 : 1;
    }

    /** A restart, as JSON. */
    record Restart(String id, String part, String phase, String reason, int wavesDone, int waves, Report report) {
        static Restart of(RestartState state) {
            return new Restart(state.getId(), state.getRequest().getPart(), state.getPhase().name(), state.getReason(),
                    state.getWavesDone(), state.getWaves(), Report.of(state.getReport()));
        }
    }

    /** Its report, as JSON. */
    record Report(long sessionsMoved, long sessionsCut, boolean messagesCounted, long messagesAccepted,
            long messagesLost, long falseOffline, long takenMs) {
        static Report of(RestartReport report) {
            return new Report(report.getSessionsMoved(), report.getSessionsCut(), report.getMessagesCounted(),
                    report.getMessagesAccepted(), report.getMessagesLost(), report.getFalseOffline(),
                    report.getTakenMs());
        }
    }

    private void tell(RestartState state) {
        output.print(Restart.of(state), () -> RestartLines.summary(state).forEach(output::line));
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "The last restarts, the newest first.")
    void list(@Mixin KeeperAt at, @Mixin Output to) {
        List<Restart> restarts = at.call(stub -> stub.listRestarts(ListRestartsRequest.getDefaultInstance()))
                .getRestartsList().stream().map(Restart::of).toList();
        var table = new Table("RESTART", "PART", "PHASE", "WAVES", "MOVED", "LOST", "REASON");
        restarts.forEach(one -> table.row(one.id(), one.part(), one.phase(), one.wavesDone() + "/" + one.waves(),
                one.report().sessionsMoved(), one.report().messagesCounted() ? one.report().messagesLost() : "-",
                one.reason()));
        to.list(restarts, table);
    }

    @Command(name = "pause", mixinStandardHelpOptions = true, description = "Lets the wave under way end, then waits.")
    void pause(@Mixin KeeperAt at, @Mixin Output to, @Parameters(paramLabel = "RESTART") String id) {
        print(to, at.call(stub -> stub.pauseRestart(RestartRef.newBuilder().setId(id).build())));
    }

    @Command(name = "resume", mixinStandardHelpOptions = true, description = "Goes on; the gates are asked again.")
    void resume(@Mixin KeeperAt at, @Mixin Output to, @Parameters(paramLabel = "RESTART") String id) {
        print(to, at.call(stub -> stub.resumeRestart(RestartRef.newBuilder().setId(id).build())));
    }

    @Command(name = "abort", mixinStandardHelpOptions = true,
            description = "Lets the wave under way end, then ends it.")
    void abort(@Mixin KeeperAt at, @Mixin Output to, @Parameters(paramLabel = "RESTART") String id) {
        print(to, at.call(stub -> stub.abortRestart(RestartRef.newBuilder().setId(id).build())));
    }

    private static void print(Output to, RestartState state) {
        to.print(Restart.of(state), () -> RestartLines.summary(state).forEach(to::line));
    }
}
