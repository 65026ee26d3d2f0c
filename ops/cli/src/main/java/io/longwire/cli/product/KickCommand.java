package io.longwire.cli.product;

import io.longwire.center.client.LongwireBackend;
import io.longwire.cli.terminal.Connection;
import io.longwire.cli.terminal.Output;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Closes sessions. */
@Command(name = "kick", mixinStandardHelpOptions = true,
        description = "Closes the session of an endpoint, of all endpoints of a user, or the whole connection of an "
                + "endpoint. Ends with 1 when nothing was kicked.")
public final class KickCommand implements Callable<Integer> {
    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private Output output = new Output();

    @Parameters(index = "0", paramLabel = "ENDPOINT|USER", description = "ep_..., or a user of the app.")
    private String name = "";

    @Option(names = "--reason", defaultValue = "", description = "What the phone is told.")
    private String reason = "";

    @Option(names = "--retry-after", defaultValue = "0s",
            description = "The phone does not come back before; an hour at most.")
    private Duration retryAfter = Duration.ZERO;

    @Option(names = "--conn-seq", defaultValue = "0",
            description = "Only if the endpoint is on this connection, as status shows it.")
    private long connSeq;

    @Option(names = "--connection-of-app", paramLabel = "APP", defaultValue = "0",
            description = "The whole connection that the endpoint of this app is on, with all its apps; takes the "
                    + "operator's key.")
    private int app;

    @Override
    public Integer call() {
        Map<String, String> states = app == 0 ? kick() : kickConnection();
        output.print(states, () -> states.forEach((endpoint, state) -> output.line(endpoint + "  " + state)));
        return states.containsValue("kicked") ? 0 : 1;
    }

    private Map<String, String> kick() {
        try (LongwireBackend backend = connection.asProduct()) {
            return name.startsWith("ep_")
                    ? Map.of(name, backend.endpoints().kick(name, connSeq, reason, retryAfter).await())
                    : backend.endpoints().kickAlias(name, reason, retryAfter).await();
        }
    }

    private Map<String, String> kickConnection() {
        try (LongwireBackend backend = connection.asOperator()) {
            return Map.of(name, backend.admin().kickConnection(app, name, connSeq, reason, retryAfter).await());
        }
    }
}
