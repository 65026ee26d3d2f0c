package io.longwire.cli;

import io.longwire.cli.api.CenterApi;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends one message to an endpoint and, if asked, follows it to its end. */
@Command(name = "push", mixinStandardHelpOptions = true, description = "Sends one message to an endpoint.")
final class PushCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Connection connection = new Connection();

    @Parameters(index = "0", paramLabel = "ENDPOINT", description = "ep_...")
    private String endpoint = "";

    @Parameters(index = "1", paramLabel = "TEXT", description = "The payload, as UTF-8.")
    private String text = "";

    @Option(names = "--ttl", defaultValue = "24h", description = "How long it may wait (default: ${DEFAULT-VALUE}).")
    private String ttl = "24h";

    @Option(names = "--watch", paramLabel = "SECONDS", defaultValue = "0",
            description = "Follow it for so long, or until it ends.")
    private int watchSeconds;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        try (CenterApi api = connection.asProduct()) {
            String id = api.send(endpoint, text.getBytes(StandardCharsets.UTF_8), ttl);
            out.println("accepted " + id);
            if (watchSeconds > 0) {
                var last = TimelineWatch.follow(api, id, endpoint, Duration.ofSeconds(watchSeconds), out::println);
                out.println(last.why());
            } else {
                out.println("follow it: longwire status " + id + " " + endpoint);
            }
        }
    }
}
