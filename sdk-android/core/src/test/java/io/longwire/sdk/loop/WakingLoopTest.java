package io.longwire.sdk.loop;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WakingLoopTest {
    private static final long DAY = 86_400_000L;

    private final AtomicLong now = new AtomicLong(1_000);
    private final List<String> ran = new CopyOnWriteArrayList<>();
    private final List<Throwable> bugs = new CopyOnWriteArrayList<>();
    private final Asked asked = new Asked();
    private final ThreadLoop thread = new ThreadLoop("test", new SdkClock() {
        @Override
        public long elapsedMillis() {
            return now.get();
        }

        @Override
        public long wallMillis() {
            return now.get();
        }
    }, (where, bug) -> bugs.add(bug));
    private final WakingLoop loop = new WakingLoop(thread, asked);

    /** What the loop wants to be woken for. */
    private static final class Asked implements Wakeups {
        final List<Long> times = new CopyOnWriteArrayList<>();
        final List<Long> awake = new CopyOnWriteArrayList<>();
        volatile Runnable due = () -> {
        };

        @Override
        public void wakeAt(long elapsedMillis, Runnable wakes) {
            due = wakes;
            times.add(elapsedMillis);
        }

        @Override
        public void stayAwake(long elapsedMillis) {
            awake.add(elapsedMillis);
        }

        long last() {
            return times.get(times.size() - 1);
        }
    }

    @AfterEach
    void close() {
        thread.close(1_000);
    }

    @Test
    void runsWhatFellDueWhileThePhoneSlept() throws InterruptedException {
        loop.after(DAY, () -> ran.add("ping"));
        loop.after(2 * DAY, () -> ran.add("registration"));
        settle();
        assertThat(asked.last()).isEqualTo(1_000 + DAY);

        now.addAndGet(DAY + 7); // the processor stood still: no timer of the process has run
        asked.due.run();
        settle();

        assertThat(ran).containsExactly("ping");
        assertThat(asked.last()).isEqualTo(1_000 + 2 * DAY);
    }

    @Test
    void runsInTheOrderOfTheirTimesThenOfTheCalls() throws InterruptedException {
        loop.after(3 * DAY, () -> ran.add("third"));
        loop.after(DAY, () -> ran.add("first"));
        loop.after(DAY, () -> ran.add("second"));
        settle();

        now.addAndGet(3 * DAY);
        asked.due.run();
        settle();

        assertThat(ran).containsExactly("first", "second", "third");
    }

    @Test
    void wakesForNothingThatWasTakenBack() throws InterruptedException {
        Loop.Timer ping = loop.after(DAY, () -> ran.add("ping"));
        settle();
        ping.cancel();
        settle();
        assertThat(asked.last()).isEqualTo(Wakeups.NEVER);

        now.addAndGet(DAY);
        asked.due.run();
        settle();
        assertThat(ran).isEmpty();
    }

    @Test
    void asksAgainWhenItWasWokenTooEarly() throws InterruptedException {
        loop.after(DAY, () -> ran.add("ping"));
        settle();
        int before = asked.times.size();

        asked.due.run();
        settle();

        assertThat(ran).isEmpty();
        assertThat(asked.times.size()).isGreaterThan(before);
        assertThat(asked.last()).isEqualTo(1_000 + DAY);
    }

    @Test
    void aTaskThatThrowsKeepsNoOtherFromRunning() throws InterruptedException {
        loop.after(DAY, () -> {
            throw new IllegalStateException("a bug");
        });
        loop.after(DAY, () -> ran.add("ping"));
        settle();

        now.addAndGet(DAY);
        asked.due.run();
        settle();

        assertThat(ran).containsExactly("ping");
        assertThat(bugs).hasSize(1);
    }

    @Test
    void aPhoneThatIsAwakeNeedsNoWakeup() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        now.set(0);
        loop.after(0, done::countDown);
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void staysAwakeForAnAnswerUntilItsTimeIsOver() throws InterruptedException {
        loop.after(DAY, () -> ran.add("ping"));
        loop.await(14_000, () -> ran.add("late"));
        settle();
        assertThat(asked.awake).containsExactly(15_000L);
        assertThat(asked.last()).isEqualTo(15_000);

        now.addAndGet(14_000);
        asked.due.run();
        settle();
        assertThat(ran).containsExactly("late");
        assertThat(asked.awake).containsExactly(15_000L, 0L);
        assertThat(asked.last()).isEqualTo(1_000 + DAY);
    }

    @Test
    void sleepsWhenTheAnswerIsThere() throws InterruptedException {
        Loop.Timer ping = loop.await(14_000, () -> ran.add("late"));
        Loop.Timer dial = loop.await(30_000, () -> ran.add("late"));
        settle();
        assertThat(asked.awake).last().isEqualTo(31_000L);

        dial.cancel();
        settle();
        assertThat(asked.awake).as("another is awaited").last().isEqualTo(15_000L);
        ping.cancel();
        settle();
        assertThat(asked.awake).last().isEqualTo(0L);
    }

    @Test
    void oneWaitThatFollowsAnotherLetsNoSleepBetweenThem() throws InterruptedException {
        loop.await(14_000, () -> {
            loop.after(500, () -> ran.add("ack"));
            loop.await(6_000, () -> ran.add("dead"));
        });
        settle();
        now.addAndGet(14_000);
        asked.due.run();
        settle();
        assertThat(asked.awake).containsExactly(15_000L, 21_000L);
    }

    @Test
    void aWaitThatThrowsIsOver() throws InterruptedException {
        loop.await(14_000, () -> {
            throw new IllegalStateException("a bug");
        });
        settle();
        now.addAndGet(14_000);
        asked.due.run();
        settle();
        assertThat(bugs).hasSize(1);
        assertThat(asked.awake).last().isEqualTo(0L);
    }

    @Test
    void noAnswerIsAwaitedLongerThanAMinute() throws InterruptedException {
        loop.await(DAY, () -> ran.add("late"));
        settle();
        assertThat(asked.awake).containsExactly(61_000L);
        assertThat(asked.last()).isEqualTo(1_000 + DAY);
    }

    @Test
    void aTimeBeyondAllTimesIsNever() throws InterruptedException {
        loop.after(Long.MAX_VALUE, () -> ran.add("never"));
        settle();
        asked.due.run();
        settle();
        assertThat(ran).isEmpty();
    }

    /** Until everything that was handed in, and what that handed in, has run. */
    private void settle() throws InterruptedException {
        for (int round = 0; round < 8; round++) {
            CountDownLatch through = new CountDownLatch(1);
            thread.execute(through::countDown);
            assertThat(through.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
