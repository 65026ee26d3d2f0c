package io.longwire.cli.operator;

import io.longwire.cli.terminal.KeeperConnection;
import io.longwire.cli.terminal.Output;
import io.longwire.cli.terminal.WrongUsage;
import io.longwire.rpc.keeper.HaltRolloutRequest;
import io.longwire.rpc.keeper.ResumeRolloutRequest;
import io.longwire.rpc.keeper.Rollout;
import io.longwire.rpc.keeper.RolloutLimits;
import io.longwire.rpc.keeper.StartRolloutRequest;
import io.longwire.rpc.keeper.WatchRolloutRequest;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts a version in force step by step, and follows it. */
@Command(name = "rollout", mixinStandardHelpOptions = true,
        description = "Puts a version in force: one process, 5 %, 25 %, all; rolled back by itself if they fare worse. "
                + "Ends with 1 if it was.")
final class RolloutCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration WATCHING = Duration.ofDays(30);

    @Mixin
    private KeeperConnection keeper = new KeeperConnection();

    @Mixin
    private Output output = new Output();

    @Parameters(paramLabel = "PART")
    private String part = "";

    @Option(names = "--to", paramLabel = "VERSION", defaultValue = "0",
            description = "Which one (default: the newest).")
    private long version;

    @Option(names = "--bake", paramLabel = "TIME", defaultValue = "60s",
            description = "How long each step is watched (default: ${DEFAULT-VALUE}).")
    private Duration bake = Duration.ofSeconds(60);

    @Option(names = "--observe", paramLabel = "TIME", defaultValue = "10s",
            description = "How long the processes are watched before the first step (default: ${DEFAULT-VALUE}).")
    private Duration observe = Duration.ofSeconds(10);

    @Option(names = "--max-errors", paramLabel = "SHARE", defaultValue = "0",
            description = "Failed calls, of all, above that of before (default: 0.02).")
    private double maxErrors;

    @Option(names = "--max-disconnects", paramLabel = "SHARE", defaultValue = "0",
            description = "Connections lost in a minute, of those open, above that of before (default: 0.05).")
    private double maxDisconnects;

    @Option(names = "--max-p99", paramLabel = "FACTOR", defaultValue = "0",
            description = "p99 over that of before (default: 2).")
    private double maxP99;

    @Option(names = "--detach", description = "Does not follow it.")
    private boolean detach;

    @Option(names = "--watch", description = "Follows the one under way, or shows the last.")
    private boolean watch;

    @Option(names = "--halt", description = "Stays where it is.")
    private boolean halt;

    @Option(names = "--resume", description = "Goes on with a halted one.")
    private boolean resume;

    @Override
    public Integer call() {
        if ((watch ? 1 : 0) + (halt ? 1 : 0) + (resume ? 1 : 0) > 1) {
            throw new WrongUsage("--watch, --halt, --resume: several (expected: at most one)");
        }
        if (halt) {
            return show(keeper.ask(PATIENCE, stub -> stub.haltRollout(HaltRolloutRequest.newBuilder().setPart(part)
                    .setAuthor(keeper.author()).build())));
        }
        if (resume) {
            show(keeper.ask(PATIENCE, stub -> stub.resumeRollout(ResumeRolloutRequest.newBuilder().setPart(part)
                    .setAuthor(keeper.author()).build())));
        } else if (!watch) {
            Rollout begun = keeper.ask(PATIENCE, stub -> stub.startRollout(request()));
            show(begun);
            RolloutText.waiting(begun.getWaitingKeysList()).forEach(output::line);
        }
        return detach ? 0 : follow();
    }

    private StartRolloutRequest request() {
        return StartRolloutRequest.newBuilder().setPart(part).setVersion(version).setAuthor(keeper.author())
                .setBakeMs(millis("--bake", bake)).setObserveMs(millis("--observe", observe))
                .setLimits(RolloutLimits.newBuilder().setErrorRatio(maxErrors).setDisconnectRatio(maxDisconnects)
                        .setP99Factor(maxP99))
                .build();
    }

    private int follow() {
        return keeper.ask(WATCHING, stub -> {
            int code = 0;
            for (Iterator<Rollout> changes = stub.watchRollout(WatchRolloutRequest.newBuilder().setPart(part)
                    .build()); changes.hasNext();) {
                code = show(changes.next());
            }
            return code;
        });
    }

    private int show(Rollout rollout) {
        output.print(rollout, () -> output.line(RolloutText.line(rollout)));
        return rollout.getState() == Rollout.State.ROLLED_BACK ? 1 : 0;
    }

    private static int millis(String option, Duration time) {
        if (time.isZero() || time.compareTo(Duration.ofDays(7)) > 0) {
            throw new WrongUsage(option + ": " + time + " (expected: from 1ms to 7d)");
        }
        return Math.toIntExact(time.toMillis());
    }
}
