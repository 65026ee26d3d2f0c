package io.longwire.cli.product;

import io.longwire.center.client.AudienceList;
import io.longwire.center.client.AudienceList.BadLine;
import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.call.BackendException;
import io.longwire.cli.terminal.Connection;
import io.longwire.cli.terminal.Output;
import io.longwire.cli.terminal.WrongUsage;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a list of a file: looks it through first, then sends it part by part, then seals it. All of it, or nothing. */
@Command(name = "upload", mixinStandardHelpOptions = true,
        description = "Makes a list of a file with an endpoint on each line; empty lines and those that begin with #"
                + " are skipped. Nothing is uploaded while another line is no endpoint, unless such are to be skipped.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:uploaded", "1:it has lines that are no endpoints, or was refused", "2:wrong usage"})
final class ListUpload implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int TENTHS = 10;

    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private Output output = new Output();

    @Parameters(paramLabel = "FILE", description = "With one endpoint (ep_...) on each line.")
    private String name = "";

    @Option(names = "--label", paramLabel = "TEXT", defaultValue = "", description = "For people.")
    private String label = "";

    @Option(names = "--ttl", description = "The list is deleted after this time, unless a broadcast uses it, 1h to 30d "
            + "(default: 7d).")
    private @Nullable Duration ttl;

    @Option(names = "--skip-bad", description = "Leaves out what is no endpoint.")
    private boolean skipBad;

    /**
     * Why nothing was uploaded.
     *
     * @param badLines the first of them
     */
    record Garbage(long lines, long bad, List<BadLine> badLines) {
    }

    @Override
    public Integer call() {
        var file = new ListFile(path());
        ListFile.Content content = file.check();
        if (content.bad() > 0 && !skipBad) {
            return refuse(new Garbage(content.lines(), content.bad(), content.badLines()));
        }
        if (content.endpoints() == 0) {
            throw new WrongUsage("FILE: " + name + " has no endpoint (expected: one on each line)");
        }
        try (LongwireBackend backend = connection.asProduct(PATIENCE)) {
            return upload(backend, file, content.lines());
        }
    }

    private Path path() {
        try {
            return Path.of(name);
        } catch (InvalidPathException wrong) {
            throw new WrongUsage("FILE: " + name + " (expected: a file that can be read)");
        }
    }

    private int upload(LongwireBackend backend, ListFile file, long lines) {
        String listId = backend.lists().create(label, ttl).await().listId();
        boolean sealed = false;
        try {
            var progress = new ProgressLines(output.redraws());
            var parts = new ListParts(backend.lists(), listId, done -> output.write(shown(progress, done, lines)));
            file.read(parts);
            parts.finish();
            output.write(progress.end());
            if (parts.bad() > 0 && !skipBad) {
                return refuse(new Garbage(lines, parts.bad(), parts.badLines()));
            }
            AudienceList list = backend.lists().seal(listId, parts.parts(), skipBad).await();
            sealed = true;
            output.print(list, () -> output.line(ListCommand.sentence(list)));
            return 0;
        } finally {
            if (!sealed) {
                forget(backend, listId);
            }
        }
    }

    private String shown(ProgressLines progress, long done, long lines) {
        double percent = 100.0 * done / Math.max(1, lines);
        String figures = BroadcastText.number(done) + " of " + BroadcastText.number(lines) + " lines";
        if (output.redraws()) {
            return progress.next(BroadcastText.bar(percent) + " " + figures);
        }
        // A line for each tenth.
        return progress.next((int) Math.floor(percent / TENTHS) * TENTHS + "% of " + BroadcastText.number(lines)
                + " lines");
    }

    private int refuse(Garbage garbage) {
        output.print(garbage, () -> {
            for (BadLine bad : garbage.badLines()) {
                output.line("line " + bad.line() + ": " + bad.value() + " (expected: " + bad.expected() + ")");
            }
            long more = garbage.bad() - garbage.badLines().size();
            output.line((more > 0 ? "and " + BroadcastText.number(more) + " more: " : "")
                    + BroadcastText.number(garbage.bad()) + " of " + BroadcastText.number(garbage.lines())
                    + " lines are no endpoints of the app; nothing was uploaded (--skip-bad leaves them out)");
        });
        return 1;
    }

    // What is left of it would be deleted by itself, later.
    private static void forget(LongwireBackend backend, String listId) {
        try {
            backend.lists().delete(listId).await();
        } catch (BackendException away) {
            return;
        }
    }
}
