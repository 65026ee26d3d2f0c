package io.longwire.cli.product;

import io.longwire.center.client.DeadLetter;
import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.Page;
import io.longwire.center.client.Sent;
import io.longwire.cli.terminal.Connection;
import io.longwire.cli.terminal.Output;
import io.longwire.cli.terminal.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Messages that were given up because the app never acked them. */
@Command(name = "dead-letters", mixinStandardHelpOptions = true,
        description = "Messages that were given up because the "
                + "app never acked them.")
public final class DeadLettersCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "list or resend is missing");
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists them.")
    void list(@Mixin Connection connection, @Mixin Output output,
            @Option(names = "--endpoint", defaultValue = "", description = "Only of this one.") String endpoint,
            @Option(names = "--limit", defaultValue = "1000", description = "How many (default: 1000).") int limit) {
        List<DeadLetter> all = new ArrayList<>();
        try (LongwireBackend backend = connection.asProduct()) {
            String cursor = "";
            do {
                Page<DeadLetter> page = backend.deadLetters().list(endpoint, cursor, Math.min(100, limit - all.size()))
                        .await();
                all.addAll(page.items());
                cursor = page.cursor();
            } while (!cursor.isEmpty() && all.size() < limit);
        }
        var table = new Table("MESSAGE", "ENDPOINT", "DEAD SINCE", "ATTEMPTS", "RESENT AS", "WHY");
        all.forEach(one -> table.row(one.messageId(), one.endpoint(), Output.time(one.dead()), one.attempts(),
                one.resentAs(), one.reason()));
        output.list(all, table);
    }

    @Command(name = "resend", mixinStandardHelpOptions = true, description = "Sends one again, as a new message.")
    void resend(@Mixin Connection connection, @Mixin Output output,
            @Parameters(index = "0", paramLabel = "MESSAGE") String messageId,
            @Parameters(index = "1", paramLabel = "ENDPOINT") String endpoint,
            @Option(names = "--ttl", defaultValue = "24h", description = "Default: ${DEFAULT-VALUE}.") Duration ttl) {
        try (LongwireBackend backend = connection.asProduct()) {
            Sent sent = backend.deadLetters().resend(messageId, endpoint, ttl).await();
            output.print(sent, () -> output.line(sent.status() + " " + sent.messageId()));
        }
    }
}
