package io.longwire.testkit.process;

import io.longwire.keeper.clock.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A signal as a test sends it, by process id. {@code java.lang.Process} can only terminate; faults need the rest. */
public enum Signal {
    /** Asks the process to end. */
    TERM,
    /** Ends the process at once; nothing of it runs any more. */
    KILL,
    /** Stops the process where it stands: its sockets stay open and nobody reads them. */
    STOP,
    /** Lets a stopped process run on. */
    CONT;

    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** Sends the signal. A process that is gone already is no error. */
    public void sendTo(long pid) {
        if (pid <= 1) {
            throw new IllegalArgumentException("pid: " + pid + " (expected: a process of ours, above 1)");
        }
        // The shell's own kill: the program of that name is missing on slim machines.
        try {
            var shell = new ProcessBuilder("/bin/sh", "-c", "kill -" + name() + " " + pid).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            if (!shell.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                shell.destroyForcibly();
                throw new IllegalStateException("signal: " + this + " to " + pid + " (expected: sent within " + LIMIT
                        + ")");
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("signal: " + this + " (expected: /bin/sh)", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops the process and returns when it no longer runs, so that what follows happens to a frozen one. */
    public static void freeze(long pid) {
        STOP.sendTo(pid);
        long limit = Clock.system().nanos() + LIMIT.toNanos();
        while (state(pid) != 'T' && state(pid) != '-') {
            if (Clock.system().nanos() > limit) {
                throw new IllegalStateException("freeze: " + pid + " is in state " + state(pid) + " (expected: T)");
            }
            Thread.onSpinWait();
        }
    }

    /** Lets a frozen process run on. */
    public static void thaw(long pid) {
        CONT.sendTo(pid);
    }

    /** The kernel's one-letter state of a process (R, S, D, T, Z ...), {@code '-'} when there is none. */
    public static char state(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // The name in parentheses may hold anything, spaces and parentheses too.
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException | IndexOutOfBoundsException gone) {
            return '-';
        }
    }

    /** Whether the process runs or could run; one that ended and waits to be collected does not count. */
    public static boolean alive(long pid) {
        char state = state(pid);
        return state != '-' && state != 'Z' && state != 'X';
    }
}
