package io.longwire.cli.operator;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a layer is put. */
final class PutOptions {
    @Option(names = "--file", paramLabel = "YAML", description = "The whole layer; - = standard input.")
    private @Nullable Path file;

    @Option(names = {"-m", "--comment"}, defaultValue = "", description = "Why, for people.")
    private String comment = "";

    @Option(names = "--check", description = "Tells mistakes and the difference, and keeps nothing.")
    private boolean check;

    @Option(names = "--unproven", description = "Keeps it although no process of the part is alive to prove it.")
    private boolean unproven;

    @Nullable
    Path file() {
        return file;
    }

    String comment() {
        return comment;
    }

    boolean check() {
        return check;
    }

    boolean unproven() {
        return unproven;
    }
}
