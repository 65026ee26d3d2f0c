package io.longwire.bench.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The java command of a role: this JVM's own java and class path, and the flags the product runs with.
 *
 * @param heap of -Xms and -Xmx, e.g. 1g
 * @param gcLog where collections are logged; null = nowhere
 * @param more further flags
 */
public record Jvm(String heap, @Nullable Path gcLog, List<String> more) {
    /** The flags ops/bin/longwire gives every JVM of ours. */
    private static final List<String> PRODUCT = List.of("--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow", "-XX:+UseG1GC", "-XX:+AlwaysPreTouch", "-XX:MaxGCPauseMillis=20",
            "-XX:+UseCompactObjectHeaders",
            "-XX:+ExitOnOutOfMemoryError");

    public static Jvm heap(String size) {
        return new Jvm(size, null, List.of());
    }

    public Jvm logGc(Path file) {
        return new Jvm(heap, file, more);
    }

    public Jvm flags(List<String> flags) {
        return new Jvm(heap, gcLog, List.copyOf(flags));
    }

    /** The flags alone, as they are told beside a figure. */
    public List<String> flags() {
        var flags = new ArrayList<String>(PRODUCT);
        flags.add("-Xms" + heap);
        flags.add("-Xmx" + heap);
        flags.addAll(more);
        return flags;
    }

    /** The whole command that runs this class. */
    public List<String> command(String mainClass, List<String> args) {
        var command = new ArrayList<String>();
        command.add(home("java").toString());
        command.addAll(flags());
        Path log = gcLog;
        if (log != null) {
            command.add("-Xlog:gc:file=" + log + ":uptime");
        }
        // For profiles: without it the frames of inlined code have wrong lines.
        command.add("-XX:+UnlockDiagnosticVMOptions");
        command.add("-XX:+DebugNonSafepoints");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(args);
        return command;
    }

    /** A tool of this JDK. */
    public static Path home(String tool) {
        return Path.of(System.getProperty("java.home"), "bin", tool);
    }
}
