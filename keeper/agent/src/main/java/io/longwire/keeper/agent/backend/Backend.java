package io.longwire.keeper.agent.backend;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Runs processes. Callers see to it that one process is changed by one of them at a time. What goes wrong is an
 * IOException whose message is one sentence.
 */
public sealed interface Backend permits ChildProcesses, Systemd {
    /** "processes" or "systemd". */
    String name();

    Standing look(ProcessSpec spec);

    /** Starts one that does not run; returns when it has been started, not when it serves. */
    void start(ProcessSpec spec, String version, Path directory) throws IOException;

    /** Asks it to end, waits, and ends it after this time. Does nothing if it does not run. */
    void stop(ProcessSpec spec, Duration patience) throws IOException, InterruptedException;

    /** The last lines of what it printed. */
    String logs(ProcessSpec spec, int lines) throws IOException, InterruptedException;
}
