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
import picocli.CommandLine.Spec;

/** The options every figure has, and the line it prints. */
final class Common {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec figure = CommandSpec.create();

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

    /** Prints the line of the figure. */
    void print(Report report, List<String> flags) {
        var parsed = figure.commandLine().getParseResult();
        var args = parsed == null ? List.<String>of() : parsed.originalArgs();
        String command = "ops/bin/bench " + (args.contains(figure.name()) ? "" : figure.name() + " ")
                + String.join(" ", args);
        String line = report.line(flags.stream().filter(flag -> !flag.startsWith("-D")).toList(),
                command.strip());
        PrintWriter terminal = figure.commandLine().getOut();
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
