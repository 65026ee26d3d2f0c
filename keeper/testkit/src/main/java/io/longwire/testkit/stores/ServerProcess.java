package io.longwire.testkit.stores;

import io.longwire.testkit.process.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * One running server, a child of ours. It records its own id in the pid file before it becomes the server, so that no
 * crash of ours leaves one unrecorded; it runs in a session of its own, so that Ctrl-C in a terminal reaches us alone
 * and we stop it when we no longer need it; and it dies with us, if asked and where {@code setpriv} is.
 */
final class ServerProcess {
    /**
     * The kernel counts the end of the starting thread, not of the process, as the parent's death. So one thread that
     * lasts as long as the process starts all.
     */
    private static final ExecutorService STARTER = Executors
            .newSingleThreadExecutor(Thread.ofPlatform().daemon().name("store-starter").factory());

    private final Process process;

    private ServerProcess(Process process) {
        this.process = process;
    }

    static ServerProcess start(StoreDirectory directory, List<String> command, boolean diesWithParent) {
        var builder = new ProcessBuilder(wrapped(directory, command, diesWithParent)).redirectErrorStream(true)
                .directory(directory.data().toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.log().toFile()));
        try {
            var process = STARTER.submit(builder::start).get();
            process.getOutputStream().close();
            return new ServerProcess(process);
        } catch (ExecutionException | IOException failure) {
            throw new StoreException("program: " + command.getFirst() + " (expected: it starts): " + failure, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StoreException("program: " + command.getFirst() + " (expected: not interrupted)", interrupted);
        }
    }

    private static List<String> wrapped(StoreDirectory directory, List<String> command, boolean diesWithParent) {
        var words = new ArrayList<String>();
        var setpriv = ServerBinary.onPath("setpriv");
        if (diesWithParent && setpriv != null) {
            words.addAll(List.of(setpriv.toString(), "--pdeathsig", "KILL"));
        }
        var setsid = ServerBinary.onPath("setsid");
        if (setsid != null) {
            words.add(setsid.toString());
        }
        words.addAll(List.of("/bin/sh", "-c", "echo $$ > \"$0\" && exec \"$@\"", directory.pidFile().toString()));
        words.addAll(command);
        return words;
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Waits until the process has ended, at most so long; true if it has. */
    boolean ended(Duration limit) {
        try {
            return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StoreException("process: " + pid() + " (expected: not interrupted)", interrupted);
        }
    }

    /** Meaningful once it has ended. */
    int exitCode() {
        return process.exitValue();
    }

    /** Asks it to end and lets it write what it has to; kills it when the time is over. */
    void stop(Duration grace) {
        if (alive()) {
            Signal.TERM.sendTo(pid());
            Signal.CONT.sendTo(pid());
            if (!ended(grace)) {
                kill();
            }
        }
    }

    /** Ends it at once and returns when it is gone. */
    void kill() {
        if (alive()) {
            Signal.KILL.sendTo(pid());
            if (!ended(Duration.ofSeconds(10))) {
                throw new StoreException("process: " + pid() + " (expected: it ends when killed)");
            }
        }
    }
}
