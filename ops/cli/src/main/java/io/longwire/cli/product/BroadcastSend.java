package io.longwire.cli.product;

import io.longwire.center.client.Broadcast;
import io.longwire.center.client.BroadcastState;
import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.Priority;
import io.longwire.cli.terminal.Connection;
import io.longwire.cli.terminal.Moments;
import io.longwire.cli.terminal.Output;
import io.longwire.cli.terminal.WrongUsage;
import io.longwire.keeper.config.Units;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a broadcast, and if asked follows it. */
@Command(name = "send", mixinStandardHelpOptions = true, description = "Makes one; it begins at once.",
        exitCodeListHeading = "Exit codes:%n", exitCodeList = {"0:made; with --watch: gone through",
                "1:refused; with --watch: stopped before its end", "2:wrong usage"})
final class BroadcastSend implements Callable<Integer> {
    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private Output output = new Output();

    @Mixin
    private AudienceOptions audience = new AudienceOptions();

    @Mixin
    private PaceOptions pace = new PaceOptions();

    @Mixin
    private CanaryOptions canary = new CanaryOptions();

    @Parameters(arity = "0..1", paramLabel = "TEXT", description = "The payload as UTF-8.")
    private @Nullable String text;

    @Option(names = "--file", paramLabel = "FILE", defaultValue = "", description = "The payload, instead of TEXT.")
    private String file = "";

    @Option(names = "--ttl", description = "Until then phones that come back get it, e.g. 1h, 7d (default: a day).")
    private @Nullable Duration ttl;

    @Option(names = "--priority", description = "NORMAL or HIGH (default: NORMAL).")
    private @Nullable Priority priority;

    @Option(names = "--collapse-key", paramLabel = "KEY", defaultValue = "",
            description = "The phone shows the newest of a key.")
    private String collapseKey = "";

    @Option(names = "--label", paramLabel = "TEXT", defaultValue = "", description = "For people.")
    private String label = "";

    @Option(names = "--idempotency-key", paramLabel = "KEY", defaultValue = "", description = "The same key with the "
            + "same broadcast is the same broadcast, for 24 h (default: a random one).")
    private String idempotencyKey = "";

    @Option(names = "--not-before", paramLabel = "TIME", defaultValue = "",
            description = "Begins then: RFC 3339, or a time from now such as 10m.")
    private String notBefore = "";

    @Option(names = "--dry-run", description = "Checks everything and counts the audience, sends nothing.")
    private boolean dryRun;

    @Option(names = "--watch", description = "Follows it until every room has been through it.")
    private boolean watch;

    @Override
    public Integer call() {
        Broadcast broadcast = broadcast();
        try (LongwireBackend backend = connection.asProduct()) {
            BroadcastState made = backend.broadcasts().create(broadcast).await();
            output.print(made, () -> BroadcastText.made(made).forEach(output::line));
            return watch && !made.broadcastId().isEmpty()
                    ? BroadcastWatch.follow(backend, made.broadcastId(), output)
                    : 0;
        }
    }

    private Broadcast broadcast() {
        Broadcast made = audience.broadcast().payload(payload()).pace(pace.pace()).label(label)
                .collapseKey(collapseKey);
        made = canary.of(made);
        made = ttl == null ? made : made.ttl(ttl);
        made = priority == null ? made : made.priority(priority);
        made = idempotencyKey.isEmpty() ? made : made.idempotencyKey(idempotencyKey);
        made = dryRun ? made.dryRun() : made;
        if (notBefore.isEmpty()) {
            return made;
        }
        Duration delay = Units.duration(notBefore);
        return delay == null ? made.notBefore(Moments.instant("--not-before", notBefore)) : made.after(delay);
    }

    private byte[] payload() {
        String words = text;
        if ((words == null) == file.isEmpty()) {
            throw new WrongUsage("TEXT, --file: " + (words == null ? "none" : "both") + " (expected: one)");
        }
        return words == null ? GivenFile.bytes("--file", file) : words.getBytes(StandardCharsets.UTF_8);
    }
}
