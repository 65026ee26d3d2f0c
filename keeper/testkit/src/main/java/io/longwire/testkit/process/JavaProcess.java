package io.longwire.testkit.process;

import io.longwire.keeper.clock.Clock;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JVM of its own with one of our mains in it, for tests that kill what they test. It runs on the JDK that runs the
 * test; its output, errors included, goes to a file. Closing kills it. Thread-safe; waits are interruptible.
 */
public final class JavaProcess implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(10);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);
    private static final int TAIL_LINES = 20;

    /**
     * What to start. By default with this JVM's class path, a 256 MB heap and assertions on.
     *
     * @param under words before those of the JVM: a program that becomes it ({@code exec}), so that signals reach it
     */
    public record Options(String main, List<String> arguments, String classPath, List<String> jvm,
            Map<String, String> environment, Path output, List<String> under) {
        public Options {
            under = List.copyOf(under);
            arguments = List.copyOf(arguments);
            jvm = List.copyOf(jvm);
            environment = Map.copyOf(environment);
        }

        /** The class's {@code main}, its output to that file (made anew). */
        public static Options of(Class<?> main, Path output) {
            return new Options(main.getName(), List.of(), System.getProperty("java.class.path"),
                    List.of("-ea", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                            "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"),
                    Map.of(), output, List.of());
        }

        /** Arguments of the main. */
        public Options arguments(String... words) {
            return new Options(main, List.of(words), classPath, jvm, environment, output, under);
        }

        public Options classPath(String path) {
            return new Options(main, arguments, path, jvm, environment, output, under);
        }

        /** Arguments of the JVM, instead of the default ones. */
        public Options jvm(String... words) {
            return new Options(main, arguments, classPath, List.of(words), environment, output, under);
        }

        /** One more variable of its environment, which is otherwise ours. */
        public Options environment(String name, String value) {
            var more = new LinkedHashMap<>(environment);
            more.put(name, value);
            return new Options(main, arguments, classPath, jvm, more, output, under);
        }

        /** Started by this program, which becomes the JVM. */
        public Options under(String... words) {
            return new Options(main, arguments, classPath, jvm, environment, output, List.of(words));
        }
    }

    private final Process process;
    private final String name;
    private final Path output;

    private JavaProcess(Process process, Options options) {
        this.process = process;
        this.name = options.main().substring(options.main().lastIndexOf('.') + 1);
        this.output = options.output();
    }

    /** Starts it and returns at once; {@link #awaitLine} tells when it is ready. */
    public static JavaProcess start(Options options) {
        var words = new ArrayList<>(options.under());
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(options.jvm());
        words.add(options.main());
        words.addAll(options.arguments());
        var builder = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(options.output().toFile())
                .redirectInput(new File("/dev/null"));
        builder.environment().putAll(options.environment());
        // Not as an argument: class paths are long, and arguments are what people look at in a list of processes.
        builder.environment().put("CLASSPATH", options.classPath());
        try {
            return new JavaProcess(builder.start(), options);
        } catch (IOException failure) {
            throw new UncheckedIOException("java: " + words.getFirst() + " (expected: it starts)", failure);
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** All it printed so far. */
    public String output() {
        try {
            return Files.readString(output, StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException("output: " + output + " (expected: readable)", failure);
        }
    }

    /**
     * Waits until it has printed a line in which the pattern is found, since its start, and returns the match with its
     * groups.
     *
     * @throws IllegalStateException the time is over, or it ended without such a line; with its last lines
     */
    public Matcher awaitLine(String regex, Duration limit) {
        var pattern = Pattern.compile(regex);
        long end = Clock.system().nanos() + limit.toNanos();
        while (true) {
            // Asked before reading: what an ended process printed is all there.
            boolean over = !process.isAlive() || Clock.system().nanos() > end;
            for (String line : output().lines().toList()) {
                var match = pattern.matcher(line);
                if (match.find()) {
                    return match;
                }
            }
            if (over) {
                throw new IllegalStateException(name + " line: /" + regex + "/ not printed (expected: within " + limit
                        + "), " + (process.isAlive() ? "still running" : "ended with " + process.exitValue()) + ":\n"
                        + tail());
            }
            waitFor(LOOK);
        }
    }

    private String tail() {
        var lines = output().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    }

    /** Waits for its end and returns its exit code (128 + signal when a signal ended it). */
    public int awaitExit(Duration limit) {
        if (!waitFor(limit)) {
            throw new IllegalStateException(name + " " + pid() + ": still running (expected: ended within " + limit
                    + "):\n" + tail());
        }
        return process.exitValue();
    }

    private boolean waitFor(Duration limit) {
        try {
            return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(name + " " + pid() + " (expected: the wait is not interrupted)",
                    interrupted);
        }
    }

    /** Asks it to end (SIGTERM), waits for that, and returns its exit code. */
    public int stop(Duration limit) {
        Signal.TERM.sendTo(pid());
        return awaitExit(limit);
    }

    /** Ends it with SIGKILL; returns when it is gone. */
    public void kill9() {
        if (process.isAlive()) {
            Signal.KILL.sendTo(pid());
            awaitExit(KILL_LIMIT);
        }
    }

    /** Stops it where it stands (SIGSTOP); returns when it no longer runs. */
    public void freeze() {
        Signal.freeze(pid());
    }

    public void thaw() {
        Signal.thaw(pid());
    }

    /** Kills it if it still runs. */
    @Override
    public void close() {
        kill9();
    }
}
