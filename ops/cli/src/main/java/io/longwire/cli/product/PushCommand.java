package io.longwire.cli.product;

import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.Message;
import io.longwire.center.client.Sent;
import io.longwire.center.client.call.BackendException;
import io.longwire.cli.terminal.Connection;
import io.longwire.cli.terminal.Moments;
import io.longwire.cli.terminal.Output;
import io.longwire.cli.terminal.Table;
import io.longwire.keeper.config.Units;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sends one message, to one endpoint or several, and if asked follows it to its end. */
@Command(name = "push", mixinStandardHelpOptions = true,
        description = "Sends one message. Ends with 1 when a target was "
                + "refused.",
        exitCodeListHeading = "Exit codes:%n", exitCodeList = {"0:accepted everywhere",
                "1:refused, or at some target", "2:wrong usage"})
public final class PushCommand implements Callable<Integer> {
    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private Output output = new Output();

    @Mixin
    private MessageOptions options = new MessageOptions();

    @Option(names = "--not-before", paramLabel = "TIME", defaultValue = "",
            description = "Sends it then: RFC 3339, or a time from now such as 10m.")
    private String notBefore = "";

    @Option(names = "--seal", description = "Seals the text: the app of the one endpoint alone can read it.")
    private boolean seal;

    @Option(names = "--dry-run", description = "Checks everything, sends nothing.")
    private boolean dryRun;

    @Option(names = "--watch", paramLabel = "SECONDS", defaultValue = "0",
            description = "Follows a message to one endpoint for so long, or until it ends.")
    private int watchSeconds;

    @Override
    public Integer call() {
        try (LongwireBackend backend = connection.asProduct()) {
            Sent sent = backend.send(message(backend)).await();
            output.print(sent, () -> tell(sent));
            if (watchSeconds > 0 && !sent.endpoint().isEmpty() && !sent.messageId().isEmpty()) {
                var last = TimelineWatch.follow(backend, sent.messageId(), sent.endpoint(),
                        Duration.ofSeconds(watchSeconds), output::line);
                output.print(last, () -> output.line(last.why()));
            }
            return sent.targets().stream().allMatch(Sent.Target::accepted) ? 0 : 1;
        }
    }

    private Message message(LongwireBackend backend) {
        Message message = options.message();
        message = seal
                ? message.sealedFor(backend.endpoints().payloadKey(options.onlyEndpoint()).await())
                : message;
        message = dryRun ? message.dryRun() : message;
        if (notBefore.isEmpty()) {
            return message;
        }
        Duration delay = Units.duration(notBefore);
        return delay == null
                ? message.notBefore(Moments.instant("--not-before", notBefore))
                : message.after(delay);
    }

    private void tell(Sent sent) {
        if (!sent.scheduleId().isEmpty()) {
            output.line(sent.status() + " " + sent.scheduleId() + " for " + Output.time(sent.fires()));
            return;
        }
        output.line((sent.status() + " " + sent.messageId()).strip());
        if (!sent.collapsed().isEmpty()) {
            output.line("replaced " + sent.collapsed());
        }
        if (!sent.targets().isEmpty()) {
            var table = new Table("TARGET", "ENDPOINT", "STATUS", "WHY NOT");
            sent.targets().forEach(target -> table.row(target.target(), target.endpoint(), target.status(),
                    why(target.problem())));
            output.list(sent.targets(), table);
            output.line("follow it: longwire status " + sent.messageId());
        } else if (watchSeconds == 0 && sent.status().equals("accepted")) {
            output.line("follow it: longwire status " + sent.messageId() + " " + sent.endpoint());
        }
    }

    private static String why(@org.jspecify.annotations.Nullable BackendException problem) {
        return problem == null ? "" : problem.detail();
    }
}
