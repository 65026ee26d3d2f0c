package io.longwire.cli.product;

import io.longwire.center.client.Callback;
import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.NewCallback;
import io.longwire.cli.terminal.Connection;
import io.longwire.cli.terminal.Output;
import io.longwire.cli.terminal.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Where what phones say is sent. */
@Command(name = "callback", mixinStandardHelpOptions = true,
        description = "Where the events of the app are sent, as signed HTTP requests.")
public final class CallbackCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "put, list or delete is missing");
    }

    @Command(name = "put", mixinStandardHelpOptions = true,
            description = "Has the events of a type sent to a URL, in place of the one it had.")
    void put(@Mixin Connection connection, @Mixin Output output, @Parameters(paramLabel = "TYPE") String type,
            @Parameters(paramLabel = "URL") String url,
            @Option(names = "--secret-file", paramLabel = "FILE", description = "One or two secrets, a line each, with "
                    + "which requests are signed; none = those it has.") @Nullable Path secrets,
            @Option(names = "--batch", defaultValue = "0",
                    description = "Events of a request (default: 100).") int batch,
            @Option(names = "--request-timeout",
                    description = "For a whole request (default: 10s).") @Nullable Duration timeout,
            @Option(names = "--max-attempts", defaultValue = "0",
                    description = "Then an event is a dead letter (default: 100).") int attempts,
            @Option(names = "--concurrency", defaultValue = "0",
                    description = "Requests at once of a coordinator (default: 8).") int concurrency) {
        NewCallback wanted = NewCallback.of(type, url).batch(batch).maxAttempts(attempts).concurrency(concurrency);
        if (secrets != null) {
            wanted = wanted.secrets(lines(secrets));
        }
        try (LongwireBackend backend = connection.asProduct()) {
            Callback callback = backend.callbacks()
                    .put(timeout == null ? wanted : wanted.timeout(timeout)).await();
            output.print(callback, () -> output.line(callback.type() + " goes to " + callback.url()
                    + ", signed with " + String.join(" and ", callback.secretIds())));
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists them, and how each stands.")
    void list(@Mixin Connection connection, @Mixin Output output) {
        try (LongwireBackend backend = connection.asProduct()) {
            List<Callback> all = backend.callbacks().list().await();
            var table = new Table("TYPE", "URL", "WAITING", "IN FLIGHT", "AGAIN", "DEAD", "OLDEST");
            all.forEach(one -> table.row(one.type(), one.url(), one.waiting(), one.inFlight(), one.delayed(),
                    one.dead(), Output.time(one.oldest())));
            output.list(all, table);
        }
    }

    @Command(name = "delete", mixinStandardHelpOptions = true,
            description = "Ends one; what waits for it goes with it.")
    void delete(@Mixin Connection connection, @Mixin Output output, @Parameters(paramLabel = "TYPE") String type) {
        try (LongwireBackend backend = connection.asProduct()) {
            Callback callback = backend.callbacks().delete(type).await();
            output.print(callback, () -> output.line(callback.type() + " goes nowhere any more"));
        }
    }

    private List<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream().map(String::strip).filter(line -> !line.isEmpty()).toList();
        } catch (IOException unreadable) {
            throw new ParameterException(spec.commandLine(),
                    "--secret-file: " + file + " (expected: a file that can be read)", unreadable);
        }
    }
}
