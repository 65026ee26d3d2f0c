package io.longwire.keeper.profile;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** What is used where async-profiler cannot be loaded. */
final class JfrSamplerTest {
    @TempDir
    private Path place;

    @Test
    void writesStacksAndAFlameGraph() throws Exception {
        var sampler = new JfrSampler();
        assertThat(sampler.begin(Event.WALL, Sampler.Rate.FINE)).as("there is no wall clock").isEqualTo("cpu");
        assertThatThrownBy(() -> sampler.begin(Event.CPU, Sampler.Rate.FINE)).isInstanceOf(Busy.class);
        var over = new CountDownLatch(1);
        Thread busy = Thread.ofPlatform().name("busy").start(() -> Busyness.until(over));
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        await().atMost(Duration.ofMinutes(1)).until(() -> threads.getThreadCpuTime(busy.threadId()) > 1_000_000_000L);
        Path stacks = place.resolve("a.collapsed");
        Path html = place.resolve("a.html");
        assertThat(sampler.end(stacks, html, "a title")).isPositive();
        over.countDown();
        busy.join();

        assertThat(Files.readString(stacks)).contains("Busyness").containsPattern("(?m) \\d+$");
        assertThat(Files.readString(html)).contains("<html").contains("a title");
    }

    @Test
    void forgetsWhatIsDropped() {
        var sampler = new JfrSampler();
        sampler.begin(Event.ALLOC, Sampler.Rate.SPARSE);
        sampler.drop();
        sampler.drop();
        assertThat(sampler.begin(Event.LOCK, Sampler.Rate.FINE)).isEqualTo("lock");
        sampler.drop();
    }
}
