package io.longwire.cli.product;

import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.Timeline;
import io.longwire.cli.terminal.Connection;
import io.longwire.cli.terminal.Output;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Ends a message that was not delivered yet. */
@Command(name = "cancel", mixinStandardHelpOptions = true,
        description = "Ends a message that was not delivered yet. Ends "
                + "with 1 when it had ended otherwise before.")
public final class CancelCommand implements Callable<Integer> {
    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private Output output = new Output();

    @Parameters(index = "0", paramLabel = "MESSAGE", description = "13 characters.")
    private String message = "";

    @Parameters(index = "1", paramLabel = "ENDPOINT", description = "ep_...")
    private String endpoint = "";

    @Override
    public Integer call() {
        try (LongwireBackend backend = connection.asProduct()) {
            Timeline timeline = backend.cancel(message, endpoint).await();
            output.print(timeline, () -> output.line(timeline.state() + ": " + timeline.why()));
            return timeline.state().equals("cancelled") ? 0 : 1;
        }
    }
}
