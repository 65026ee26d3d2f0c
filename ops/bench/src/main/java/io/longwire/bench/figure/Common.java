package io.longwire.bench.figure;

import io.longwire.bench.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options every figure has. */
final class Common {
    @Option(names = "--runs", defaultValue = "3", description = "Measured runs, after one warm-up (default: 3).")
    private int runs = 3;

    @Option(names = "--data", defaultValue = "longwire-bench", description = "Directory for stores, logs, profiles.")
    private Path data = Path.of("longwire-bench");

    @Option(names = "--out", paramLabel = "FILE", description = "Also appends the line to this file.")
    private @Nullable Path out;

    @Option(names = "--profile", paramLabel = "EVENT", description = "Flame graph of the measured process: cpu, alloc.")
    private @Nullable String profile;

    int runs() {
        return runs;
    }

    /** The directory, made if need be. */
    Path data() {
        try {
            return Files.createDirectories(data.toAbsolutePath().normalize());
        } catch (IOException failed) {
            throw new UncheckedIOException(data + ": not made", failed);
        }
    }

    @Nullable
    String profile() {
        return profile;
    }

    /** Prints the line of a figure. */
    void print(CommandSpec spec, Report report, List<String> flags) {
        var parsed = spec.commandLine().getParseResult();
        var args = parsed == null ? List.<String>of() : parsed.originalArgs();
        String command = "ops/bin/bench " + (args.contains(spec.name()) ? "" : spec.name() + " ")
                + String.join(" ", args);
        String line = report.line(flags.stream().filter(flag -> !flag.startsWith("-D")).toList(),
                command.strip());
        PrintWriter terminal = spec.commandLine().getOut();
        terminal.println(line);
        terminal.flush();
        Path file = out;
        if (file != null) {
            try {
                Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException full) {
                throw new UncheckedIOException(file + ": not written", full);
            }
        }
    }
}
