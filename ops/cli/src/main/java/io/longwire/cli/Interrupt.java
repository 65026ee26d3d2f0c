package io.longwire.cli;

import java.util.concurrent.CountDownLatch;

/** Waits for SIGINT or SIGTERM, and holds the JVM's exit back until the caller has closed what it owns. */
public final class Interrupt {
    private Interrupt() {
    }

    /** Blocks the calling thread, which must end by itself afterwards. */
    public static void await() {
        var asked = new CountDownLatch(1);
        var caller = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("interrupt").unstarted(() -> {
            asked.countDown();
            try {
                caller.join();
            } catch (InterruptedException twice) {
                Thread.currentThread().interrupt();
            }
        }));
        try {
            asked.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** The JVM is on its way out, waiting for the thread that called {@link #await}: it must return, not exit. */
    static boolean pending() {
        var probe = Thread.ofPlatform().unstarted(() -> {
        });
        try {
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
            return false;
        } catch (IllegalStateException ending) {
            return true;
        }
    }
}
