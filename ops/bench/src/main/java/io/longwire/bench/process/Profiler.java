package io.longwire.bench.process;

import io.longwire.keeper.service.StartFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import one.profiler.AsyncProfilerLoader;

/**
 * async-profiler on another JVM of this machine: writes {@code NAME.collapsed} and {@code NAME.html} (a flame graph).
 * Used by one thread.
 */
public final class Profiler {
    private static final String INTERVAL = "1ms";

    private final long pid;
    private final String event;

    private Profiler(long pid, String event) {
        this.pid = pid;
        this.event = event;
    }

    /**
     * Begins to sample.
     *
     * @param event cpu, alloc, wall, lock
     */
    public static Profiler start(long pid, String event) {
        var profiler = new Profiler(pid, event);
        profiler.run("start", "-e", event, "-i", INTERVAL, "-t");
        return profiler;
    }

    /** Ends sampling and writes the two files; returns their names. */
    public List<Path> stop(Path directory, String name) {
        Path collapsed = directory.resolve(name + "-" + event + ".collapsed");
        Path flame = directory.resolve(name + "-" + event + ".html");
        run("dump", "-o", "collapsed", "-f", collapsed.toAbsolutePath().toString());
        run("stop", "-o", "flamegraph", "-f", flame.toAbsolutePath().toString());
        return List.of(collapsed, flame);
    }

    private void run(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.add(Long.toString(pid));
        try {
            AsyncProfilerLoader.executeProfiler(all.toArray(String[]::new));
        } catch (IOException failed) {
            throw new StartFailure("async-profiler: " + failed.getMessage(), failed);
        }
    }
}
