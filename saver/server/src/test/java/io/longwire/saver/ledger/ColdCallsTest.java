package io.longwire.saver.ledger;

import io.longwire.saver.SaverConfig;
import io.longwire.testkit.config.RunningConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

final class ColdCallsTest {
    private final RunningConfig<SaverConfig> config = new RunningConfig<>(
            "{shards: [{url: 'jdbc:mysql://db/longwire'}], coldCalls: 2}", SaverConfig::read);
    private final Semaphore ends = new Semaphore(0);
    private final AtomicInteger begun = new AtomicInteger();
    private final List<CompletableFuture<Integer>> answers = new ArrayList<>();

    @Test
    void answersMoreAtOnceAndFewerAsItIsConfigured() throws Exception {
        try (var calls = new ColdCalls(config.live(SaverConfig::coldCalls))) {
            ask(calls, 6);
            await().until(() -> begun.get() == 2);

            assertThat(config.lay("coldCalls: 5")).isEmpty();
            await().untilAsserted(() -> assertThat(begun).as("those that waited, too").hasValue(5));

            assertThat(config.lay("coldCalls: 65")).hasValueSatisfying(why -> assertThat(why)
                    .contains("coldCalls: 65 (expected: a whole number from 1 to 64)"));
            assertThat(config.lay("coldCalls: 1")).isEmpty();
            ends.release(5);
            await().until(() -> begun.get() == 6);
            ask(calls, 2);
            ends.release();
            await().until(() -> begun.get() == 7);
            assertThat(ends.availablePermits()).isZero();
            assertThat(answers.stream().filter(CompletableFuture::isDone)).as("the seventh is under way, alone")
                    .hasSize(6);

            ends.release(2);
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);
            assertThat(config.waiting()).isEmpty();
        }
    }

    private void ask(ColdCalls calls, int times) {
        for (int i = 0; i < times; i++) {
            answers.add(calls.call(() -> {
                int mine = begun.incrementAndGet();
                ends.acquireUninterruptibly();
                return mine;
            }));
        }
    }
}
