package io.longwire.cli.fleet;

import io.longwire.cli.terminal.Output;
import io.longwire.keeper.config.ConfigException;
import io.longwire.rpc.process.ProfileChunk;
import io.longwire.rpc.process.ProfileHead;
import io.longwire.rpc.process.ProfileRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes a profile of a running process and writes its flame graph. */
@Command(name = "profile", mixinStandardHelpOptions = true, description = "Takes a profile of a running process and "
        + "writes a flame graph (FILE) and its stacks (FILE without .html, .collapsed).")
public final class ProfileCommand implements Runnable {
    @Mixin
    private KeeperAt keeper = new KeeperAt();

    @Mixin
    private Output output = new Output();

    @Mixin
    private ProcessOption process = new ProcessOption();

    @Option(names = "--event", defaultValue = "cpu",
            description = "cpu, wall, alloc or lock (default: ${DEFAULT-VALUE}).")
    private String event = "cpu";

    @Option(names = "--seconds", defaultValue = "10", description = "1 to 300 (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--past", description = "Of what `longwire sampling on` has kept, instead of sampling now.")
    private boolean past;

    @Option(names = "--out", paramLabel = "FILE", description = "The flame graph (default: PART-EVENT.html).")
    private @Nullable Path out;

    /** What was written. */
    record Written(String instance, String profiler, String event, long samples, double seconds, String flameGraph,
            String stacks) {
    }

    @Override
    public void run() {
        Path html = out == null ? Path.of(process.ref().getPart() + "-" + event + ".html") : out;
        String name = String.valueOf(html.getFileName());
        Path stacks = html.resolveSibling(name.replaceFirst("\\.html$", "") + ".collapsed");
        var request = io.longwire.rpc.operate.ProfileCommand.newBuilder().setProcess(process.ref())
                .setProfile(ProfileRequest.newBuilder().setEvent(event).setSeconds(seconds).setPast(past));
        output.line(past ? "looking back " + seconds + " s ..." : "sampling " + event + " for " + seconds + " s ...");
        ProfileHead head = keeper.call(stub -> {
            try {
                return write(stub.profile(request.build()), html, stacks);
            } catch (IOException full) {
                throw new ConfigException(
                        "--out: " + html + ": " + full.getMessage() + " (expected: a place to write)");
            }
        });
        var written = new Written(head.getInstance(), head.getProfiler(), head.getEvent(), head.getSamples(),
                head.getSeconds(), html.toString(), stacks.toString());
        output.print(written, () -> {
            output.line(head.getInstance() + ": " + head.getSamples() + " samples of " + head.getEvent() + " by "
                    + head.getProfiler());
            output.line("flame graph  " + html);
            output.line("stacks       " + stacks);
        });
    }

    // Nothing is written until there is something.
    private static ProfileHead write(Iterator<ProfileChunk> chunks, Path html, Path stacks) throws IOException {
        ProfileHead head = chunks.next().getHead();
        try (OutputStream toHtml = Files.newOutputStream(html); OutputStream toStacks = Files.newOutputStream(stacks)) {
            while (chunks.hasNext()) {
                ProfileChunk chunk = chunks.next();
                chunk.getData().writeTo(chunk.getFile().endsWith(".html") ? toHtml : toStacks);
            }
        }
        return head;
    }
}
