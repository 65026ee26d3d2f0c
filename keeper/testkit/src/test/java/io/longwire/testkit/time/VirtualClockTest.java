package io.longwire.testkit.time;

import io.longwire.keeper.clock.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class VirtualClockTest {
    private final VirtualClock clock = new VirtualClock();
    private final List<String> log = new ArrayList<>();
    private final long start = clock.millis();

    @Test
    void runsWhatFallsDueInTheOrderOfItsTime() {
        clock.schedule(Duration.ofMillis(30), () -> note("c"));
        clock.schedule(Duration.ofMillis(10), () -> note("a"));
        clock.schedule(Duration.ofMillis(10), () -> note("b"));
        clock.schedule(Duration.ofMillis(31), () -> note("late"));

        clock.advance(Duration.ofMillis(30));

        assertThat(log).containsExactly("a@10", "b@10", "c@30");
        assertThat(clock.scheduled()).isEqualTo(1);
    }

    @Test
    void runsWhatATaskSchedulesWithinTheSameSpan() {
        clock.schedule(Duration.ofMillis(10), () -> clock.schedule(Duration.ofMillis(5), () -> note("child")));
        clock.advance(Duration.ofMillis(20));
        assertThat(log).containsExactly("child@15");
        assertThat(clock.millis() - start).isEqualTo(20);
    }

    @Test
    void repeatsUntilCancelledEvenByItself() {
        var count = new AtomicInteger();
        var handles = new ArrayList<Clock.Cancellable>();
        handles.add(clock.every(Duration.ofSeconds(1), () -> {
            note("tick");
            if (count.incrementAndGet() == 3) {
                handles.getFirst().cancel();
            }
        }));
        clock.advance(Duration.ofSeconds(10));
        assertThat(log).containsExactly("tick@1000", "tick@2000", "tick@3000");
        assertThat(clock.scheduled()).isZero();
    }

    @Test
    void doesNotRunWhatWasCancelled() {
        var task = clock.schedule(Duration.ofMillis(1), () -> note("never"));
        task.cancel();
        task.cancel();
        clock.advance(Duration.ofSeconds(1));
        assertThat(log).isEmpty();
    }

    @Test
    void movesTheWallClockAloneWhenItJumps() {
        clock.schedule(Duration.ofSeconds(1), () -> note("task"));
        long before = clock.nanos();

        clock.jumpWall(Duration.ofHours(-1));

        assertThat(clock.wallMillis()).isEqualTo(VirtualClock.START.toEpochMilli() - 3_600_000);
        assertThat(clock.nanos()).isEqualTo(before);
        assertThat(log).isEmpty();
        clock.setWall(Instant.parse("2027-01-01T00:00:00Z"));
        clock.advance(Duration.ofSeconds(1));
        assertThat(clock.wallMillis()).isEqualTo(Instant.parse("2027-01-01T00:00:01Z").toEpochMilli());
        assertThat(log).containsExactly("task@1000");
    }

    @Test
    void runsTheOthersAndThenThrowsWhenATaskFails() {
        clock.every(Duration.ofMillis(1), () -> {
            throw new IllegalStateException("task: broken");
        });
        clock.schedule(Duration.ofMillis(2), () -> note("other"));
        assertThatThrownBy(() -> clock.advance(Duration.ofMillis(2))).isInstanceOf(IllegalStateException.class)
                .hasMessage("task: broken");
        assertThat(log).containsExactly("other@2");
        assertThat(clock.scheduled()).isEqualTo(1);
    }

    @Test
    void refusesToBeAdvancedByATask() {
        clock.schedule(Duration.ofMillis(1), () -> clock.advance(Duration.ofMillis(1)));
        assertThatThrownBy(() -> clock.advance(Duration.ofMillis(1))).isInstanceOf(IllegalStateException.class)
                .hasMessage("advance: called by a task (expected: by the test)");
    }

    @Test
    void losesNoTaskThatOtherThreadsScheduleMeanwhile() {
        var ran = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 1_000; i++) {
                threads.execute(() -> clock.schedule(Duration.ofMillis(1), ran::incrementAndGet));
                threads.execute(() -> clock.advance(Duration.ofMillis(1)));
            }
        }
        clock.advance(Duration.ofMillis(1));
        assertThat(ran).hasValue(1_000);
    }

    private void note(String what) {
        log.add(what + "@" + (clock.millis() - start));
    }
}
