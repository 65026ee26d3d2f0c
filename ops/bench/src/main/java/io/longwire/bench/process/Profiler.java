package io.longwire.bench.process;

import io.longwire.keeper.service.StartFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import one.profiler.AsyncProfilerLoader;

/**
 * async-profiler on another JVM of this machine: writes {@code NAME.collapsed} and {@code NAME.html} (a flame graph).
 * Used by one thread.
 */
public final class Profiler {
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
        profiler.run("start,event=" + event + ",threads");
        return profiler;
    }

    /** Ends sampling and writes the two files; returns their names. */
    public List<Path> stop(Path directory, String name) {
        Path collapsed = directory.resolve(name + "-" + event + ".collapsed");
        Path flame = directory.resolve(name + "-" + event + ".html");
        run("dump,collapsed,file=" + collapsed.toAbsolutePath());
        run("stop,flamegraph,file=" + flame.toAbsolutePath());
        return List.of(collapsed, flame);
    }

    private void run(String agentArguments) {
        try {
            Tool.run(AsyncProfilerLoader.getJattachPath().toString(), Long.toString(pid), "load",
                    AsyncProfilerLoader.getAsyncProfilerPath().toString(), "true", agentArguments);
        } catch (IOException missing) {
            throw new StartFailure("async-profiler: " + missing.getMessage(), missing);
        }
    }
}
