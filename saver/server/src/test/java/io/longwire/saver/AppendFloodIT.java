package io.longwire.saver;

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

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A flood of 512 B messages through gRPC, with 2,000 under way: what was accepted, and only that, is in the ledger.
 * How many a second is measured by {@code ops/bin/bench saver-append}.
 */
@Tag("full")
final class AppendFloodIT {
    private static final int ENDPOINTS = 1_000;
    private static final int MESSAGES = 40_000;
    private static final int AT_ONCE = 2_000;

    @TempDir
    private static Path directory = Path.of("");

    @Test
    void hasAllThatItAcceptedInAFlood() throws Exception {
        try (RunningSaver saver = RunningSaver.start(directory).warm()) {
            List<Long> endpoints = new ArrayList<>();
            for (int i = 0; i < ENDPOINTS; i++) {
                endpoints.add(saver.newEndpoint());
            }

            int accepted = run(saver, endpoints, MESSAGES);

            assertThat(saver.count("SELECT COUNT(*) FROM msg_log")).isGreaterThanOrEqualTo(accepted);
            assertThat(saver.conservation().getGap()).isZero();
        }
    }

    private static int run(RunningSaver saver, List<Long> endpoints, int messages) throws Exception {
        var places = new Semaphore(AT_ONCE);
        var done = new CountDownLatch(messages);
        var accepted = new AtomicInteger();
        String text = "x".repeat(512);
        for (int i = 0; i < messages; i++) {
            places.acquire();
            long endpoint = endpoints.get(i % endpoints.size());
            saver.client.append(saver.item(endpoint, saver.newId(), text).build()).whenComplete((result, failure) -> {
                if (result != null && result.getCode() == AppendResult.Code.ACCEPTED) {
                    accepted.incrementAndGet();
                }
                places.release();
                done.countDown();
            });
        }
        assertThat(done.await(Duration.ofMinutes(2).toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(accepted.get()).isPositive();
        return accepted.get();
    }
}
