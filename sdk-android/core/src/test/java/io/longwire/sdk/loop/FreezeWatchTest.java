package io.longwire.sdk.loop;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FreezeWatchTest {
    private static final long HOUR = 3_600_000;
    private static final long ALWAYS_SEEN = FreezeWatch.SLICE_MILLIS + FreezeWatch.LATE_MILLIS + 1;

    private final List<String> ran = new CopyOnWriteArrayList<>();
    private volatile boolean there = true;
    private final FreezeWatch.Watched watched = new FreezeWatch.Watched() {
        @Override
        public boolean isThere() { return there; }

        @Override
        public void onFreeze() {
            ran.add("froze");
        }
    };
    private final VirtualLoop loop = new VirtualLoop();
    private final FreezeWatch watch = new FreezeWatch(loop, loop, watched);

    /** A clock that a test sets. */
    private static final class Set implements SdkClock {
        private final AtomicLong now = new AtomicLong();

        void pass(long millis) {
            now.addAndGet(millis);
        }

        @Override
        public long elapsedMillis() {
            return now.get();
        }

        @Override
        public long wallMillis() {
            return now.get();
        }
    }

    @Test
    void aProcessThatRunsIsNeverTakenForFrozen() {
        begin();
        for (long at = 0; at < HOUR; at += 777) {
            loop.after(at, () -> {
            });
        }
        loop.advance(HOUR);
        assertThat(ran).isEmpty();
    }

    @Test
    void aFreezeIsToldOnceWheneverInASliceItBegan() {
        for (long before = 0; before < FreezeWatch.SLICE_MILLIS; before += 250) {
            ran.clear();
            VirtualLoop fresh = new VirtualLoop();
            FreezeWatch watches = new FreezeWatch(fresh, fresh, watched);
            fresh.beforeEach(watches::look);
            watches.begin();
            fresh.advance(before);
            fresh.freeze(ALWAYS_SEEN);
            fresh.advance(HOUR);
            assertThat(ran).as("frozen after " + before + " ms").containsExactly("froze");
        }
    }

    @Test
    void looksEachTenSecondsAndIsLateByMoreThanTwo() {
        assertThat(FreezeWatch.SLICE_MILLIS).isEqualTo(10_000);
        assertThat(FreezeWatch.LATE_MILLIS).isEqualTo(2_000);
    }

    @Test
    void eachFreezeIsTold() {
        begin();
        for (int time = 1; time <= 3; time++) {
            loop.freeze(HOUR);
            loop.advance(1);
            assertThat(ran).hasSize(time);
        }
    }

    @Test
    void aSlowMachineIsNoFreeze() {
        begin();
        loop.freeze(FreezeWatch.SLICE_MILLIS + FreezeWatch.LATE_MILLIS);
        loop.advance(HOUR);
        assertThat(ran).isEmpty();
    }

    @Test
    void itIsToldBeforeAnythingThatFellDueInTheFreezeIsDone() {
        begin();
        loop.after(3_000, () -> ran.add("a verdict"));
        loop.freeze(ALWAYS_SEEN);
        loop.advance(0);
        assertThat(ran).containsExactly("froze", "a verdict");
    }

    @Test
    void nothingWaitsWhereThereIsNothingToWatchFor() {
        begin();
        begin();
        assertThat(loop.waiting()).as("one slice, however often it begins").isEqualTo(1);

        there = false;
        loop.advance(FreezeWatch.SLICE_MILLIS);
        assertThat(loop.waiting()).isZero();
        loop.freeze(HOUR);
        loop.execute(() -> ran.add("a task"));
        loop.advance(HOUR);
        assertThat(ran).containsExactly("a task");

        there = true;
        begin();
        loop.freeze(HOUR);
        loop.advance(0);
        assertThat(ran).containsExactly("a task", "froze");
    }

    @Test
    void whatHadGoneBeforeTheFreezeIsNotAskedAfter() {
        begin();
        there = false;
        loop.freeze(HOUR);
        loop.advance(HOUR);
        assertThat(ran).isEmpty();
        assertThat(loop.waiting()).isZero();
    }

    /** The loop of a phone: its clock counts sleep, the one of the watch stands meanwhile, as the timers do. */
    @Test
    void sleepIsNoFreezeOnAThreadOfItsOwn() throws InterruptedException {
        Set phone = new Set();
        Set awake = new Set();
        ThreadLoop thread = new ThreadLoop("test", phone, (where, bug) -> ran.add("bug"));
        FreezeWatch watches = new FreezeWatch(thread, awake, watched);
        thread.beforeEach(watches::look);
        run(thread, watches::begin);

        phone.pass(HOUR);
        run(thread, () -> ran.add("an alarm's task"));
        assertThat(ran).containsExactly("an alarm's task");

        phone.pass(ALWAYS_SEEN);
        awake.pass(ALWAYS_SEEN);
        run(thread, () -> ran.add("bytes from the socket"));
        assertThat(ran).containsExactly("an alarm's task", "froze", "bytes from the socket");
        thread.close(1_000);
    }

    @Test
    void aBugInWhatIsToldCostsNoTask() throws InterruptedException {
        ThreadLoop thread = new ThreadLoop("test", new Set(), (where, bug) -> ran.add("bug"));
        thread.beforeEach(() -> {
            throw new IllegalStateException("a bug");
        });
        run(thread, () -> ran.add("a task"));
        assertThat(ran).containsExactly("bug", "a task");
        thread.close(1_000);
    }

    private void begin() {
        loop.beforeEach(watch::look);
        watch.begin();
    }

    private static void run(ThreadLoop thread, Runnable task) throws InterruptedException {
        CountDownLatch through = new CountDownLatch(1);
        thread.execute(() -> {
            task.run();
            through.countDown();
        });
        assertThat(through.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
