package io.longwire.cli.product;

import io.longwire.center.client.BroadcastState;
import io.longwire.center.client.LongwireBackend;
import io.longwire.cli.terminal.Connection;
import io.longwire.cli.terminal.Output;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Follows a broadcast: one line that is written anew on a terminal, else a line for each change. */
@Command(name = "watch", mixinStandardHelpOptions = true,
        description = "Follows it until every room has been through it, it is cancelled or a stop condition pauses it.",
        exitCodeListHeading = "Exit codes:%n", exitCodeList = {"0:every room has been through it, or it is over",
                "1:cancelled, or paused by a stop condition", "2:wrong usage"})
final class BroadcastWatch implements Callable<Integer> {
    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private Output output = new Output();

    @Parameters(paramLabel = "BROADCAST", description = "13 characters.")
    private String broadcastId = "";

    @Override
    public Integer call() {
        try (LongwireBackend backend = connection.asProduct()) {
            return follow(backend, broadcastId, output);
        }
    }

    /** Blocks until there is nothing more to see; the exit code of the command. */
    static int follow(LongwireBackend backend, String broadcastId, Output output) {
        var progress = new ProgressLines(output.redraws());
        try (var watched = backend.broadcasts().watch(broadcastId)) {
            BroadcastState last = null;
            while (watched.hasNext()) {
                BroadcastState state = watched.next();
                last = state;
                output.print(state, () -> output.write(progress.next(state)));
                if (state.over() || state.stopped()) {
                    break;
                }
            }
            output.write(progress.end());
            if (last == null) {
                return 1;
            }
            output.line(BroadcastText.sentence(last));
            return last.stopped() || last.state().equals("cancelled") ? 1 : 0;
        }
    }
}
