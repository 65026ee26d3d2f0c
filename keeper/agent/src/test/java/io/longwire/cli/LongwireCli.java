package io.longwire.cli;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * Stands for the platform in tests of the agent: says what it was given, then waits. Its configuration file may say
 * "stubborn" (it ignores SIGTERM for a minute), "dies", "talks" (a line every 20 ms), or "works": it keeps a processor
 * busy and a socket open.
 */
public final class LongwireCli {
    private LongwireCli() {
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        var out = System.out; // allowed: a test reads it
        out.println("args " + String.join(" ", args));
        out.println("process " + System.getenv("LONGWIRE_PROCESS") + " version " + System.getenv("LONGWIRE_VERSION"));
        String config = Files.readString(Path.of(args[3]));
        if (config.contains("dies")) {
            System.exit(3);
        }
        if (config.contains("stubborn")) {
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(LongwireCli::dawdle));
        }
        try (var socket = config.contains("works") ? new ServerSocket(0) : null) {
            out.println(socket == null ? "waits" : "works at " + socket.getLocalPort());
            while (socket != null) {
                Thread.onSpinWait();
            }
            while (config.contains("talks")) {
                new CountDownLatch(1).await(20, java.util.concurrent.TimeUnit.MILLISECONDS);
                out.println("talks");
            }
            new CountDownLatch(1).await();
        }
    }

    private static void dawdle() {
        try {
            new CountDownLatch(1).await(1, java.util.concurrent.TimeUnit.MINUTES);
        } catch (InterruptedException killed) {
            Thread.currentThread().interrupt();
        }
    }
}
