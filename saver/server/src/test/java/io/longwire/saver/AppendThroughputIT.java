package io.longwire.saver;

import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.saver.AppendResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/** How many 512 B messages a saver accepts, through gRPC, with its stores and the caller on the same machine. */
@Tag("full")
final class AppendThroughputIT {
    private static final Logger LOG = LoggerFactory.getLogger(AppendThroughputIT.class);
    private static final int ENDPOINTS = 2_000;
    private static final int MESSAGES = 200_000;
    private static final int AT_ONCE = 4_000;

    @TempDir
    private static Path directory = Path.of("");

    @Test
    void acceptsManyMessagesASecond() throws Exception {
        try (RunningSaver saver = RunningSaver.start(directory).warm()) {
            List<Long> endpoints = new ArrayList<>();
            for (int i = 0; i < ENDPOINTS; i++) {
                endpoints.add(saver.newEndpoint());
            }
            run(saver, endpoints, MESSAGES / 4);
            double perSecond = run(saver, endpoints, MESSAGES);

            LOG.info("DURABLE appends of 512 B: {} a second", (long) perSecond);
            assertThat(saver.conservation().getGap()).isZero();
            assertThat(perSecond).isGreaterThan(2_000);
        }
    }

    private static double run(RunningSaver saver, List<Long> endpoints, int messages) throws Exception {
        var places = new Semaphore(AT_ONCE);
        var done = new CountDownLatch(messages);
        var refused = new AtomicInteger();
        String text = "x".repeat(512);
        long began = Clock.system().nanos();
        for (int i = 0; i < messages; i++) {
            places.acquire();
            long endpoint = endpoints.get(i % endpoints.size());
            saver.client.append(saver.item(endpoint, saver.newId(), text).build()).whenComplete((result, failure) -> {
                if (result == null || result.getCode() != AppendResult.Code.ACCEPTED) {
                    refused.incrementAndGet();
                }
                places.release();
                done.countDown();
            });
        }
        assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        long taken = Clock.system().nanos() - began;
        assertThat(refused.get()).isZero();
        return messages / (taken / (double) Duration.ofSeconds(1).toNanos());
    }
}
