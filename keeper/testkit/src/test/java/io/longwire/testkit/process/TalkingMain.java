package io.longwire.testkit.process;

import io.longwire.keeper.clock.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/** What the tests run in a JVM of its own: prints its argument, a counter every 20 ms, and its end when it is asked. */
final class TalkingMain {
    private TalkingMain() {}

    public static void main(String[] args) throws InterruptedException {
        var log = LoggerFactory.getLogger(TalkingMain.class);
        if (args[0].equals("fail")) {
            throw new IllegalStateException("told to fail");
        }
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> log.info("ending in order")));
        log.info("ready with {} and {}", args[0], System.getenv("TALKING"));
        var count = new int[1];
        Clock.system().every(Duration.ofMillis(20), () -> log.info("tick {}", ++count[0]));
        new CountDownLatch(1).await();
    }
}
