package io.longwire.cli.operator;

import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.admin.Admin;
import io.longwire.center.client.admin.Conservation;
import io.longwire.center.client.call.BackendException;
import io.longwire.cli.terminal.Connection;
import io.longwire.cli.terminal.Moments;
import io.longwire.cli.terminal.Output;
import io.longwire.cli.terminal.Table;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.config.ConfigException;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Asks for the books: whether every accepted message has ended with a reason or is live. */
@Command(name = "audit", mixinStandardHelpOptions = true, description = "Asks whether every accepted message has ended "
        + "with a reason or is live.", exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:the books are right",
                "1:there is a gap", "2:could not ask"})
public final class AuditCommand implements Callable<Integer> {
    private static final int RIGHT = 0;
    private static final int GAP = 1;
    private static final int COULD_NOT_ASK = 2;
    private static final Duration USUAL = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration PIECE = Duration.ofHours(12);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private Output output = new Output();

    @Option(names = "--from", paramLabel = "TIME", defaultValue = "",
            description = "Accepted since: RFC 3339, or how long ago, e.g. 24h (default: 1h).")
    private String from = "";

    @Option(names = "--to", paramLabel = "TIME", defaultValue = "",
            description = "Accepted before: RFC 3339, or how long ago (default: now).")
    private String to = "";

    @Option(names = "--app", paramLabel = "APP_ID", defaultValue = "0", description = "Of this app (default: of all).")
    private int app;

    @Override
    public Integer call() {
        Conservation books;
        try (LongwireBackend backend = connection.asOperator(PATIENCE)) {
            books = books(backend.admin(), Moments.past("--from", from), Moments.past("--to", to));
        } catch (BackendException | ConfigException unasked) {
            spec.commandLine().getErr().println("longwire: could not ask: " + unasked.getMessage());
            return COULD_NOT_ASK;
        }
        output.print(books, () -> tell(books));
        return books.holds() ? RIGHT : GAP;
    }

    // A long time is asked for piece by piece; the last piece ends when the server looks at it.
    private Conservation books(Admin admin, @Nullable Instant from, @Nullable Instant to) {
        Instant end = to == null ? Instant.ofEpochMilli(Clock.system().wallMillis()) : to;
        Instant begin = from == null ? end.minus(USUAL) : from;
        Conservation sum = null;
        while (begin.plus(PIECE).isBefore(end)) {
            Conservation piece = admin.conservation(app, begin, begin.plus(PIECE)).await();
            sum = sum == null ? piece : sum.and(piece);
            begin = begin.plus(PIECE);
        }
        Conservation last = admin.conservation(app, begin, to).await();
        return sum == null ? last : sum.and(last);
    }

    private void tell(Conservation books) {
        var table = new Table("ACCEPTED " + Output.time(books.from()) + " TO " + Output.time(books.to()), "MESSAGES");
        table.row("accepted", books.rows());
        new TreeMap<>(books.ended()).forEach((how, count) -> table.row("  " + how, count));
        table.row("  live", books.live());
        table.row("gap", books.gap());
        table.row("live, but hidden from fetch", books.hidden());
        output.list(java.util.List.of(), table);
        output.line(books.holds()
                ? "The books are right."
                : "THE BOOKS ARE WRONG: " + books.gap() + " without an end or a place, " + books.hidden() + " hidden.");
    }
}
