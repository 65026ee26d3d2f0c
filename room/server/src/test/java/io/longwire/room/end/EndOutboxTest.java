package io.longwire.room.end;

import io.longwire.room.rig.FakeMetrics;
import io.longwire.room.session.Loop;
import io.longwire.room.session.LoopThread;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.EndResult;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EndOutboxTest {
    private static final int BOUND = 20_000;
    private static final int PLACES = 8192;

    private final VirtualClock clock = new VirtualClock();
    private final TestThread thread = new TestThread();
    private final Loop loop = new Loop(0, clock, thread, 16, () -> {
        throw new AssertionError("a bug on the loop");
    });
    private final Map<Long, Integer> tries = new HashMap<>(); // by message
    private final List<CompletableFuture<EndResult>> underWay = new ArrayList<>();
    private EndResult.Code code = EndResult.Code.UNAVAILABLE;
    /** Whether the saver does not answer at all. */
    private boolean silent;
    private final EndOutbox outbox = new EndOutbox(loop, this::end, BOUND, new FakeMetrics());

    @Test
    void thePauseGrowsThoughNewEndsFailToo() {
        for (int i = 1; i <= 120 * Loop.TICKS_PER_SECOND; i++) {
            add(i);
            tick();
        }
        assertThat(tries.get(1L)).as("at 0, 1, 3, 7, 15, 31, 61 and 91 s").isBetween(7, 9);

        code = EndResult.Code.ENDED_NOW;
        ticks(Duration.ofSeconds(31));

        assertThat(outbox.size()).isZero();
    }

    @Test
    void whatGoesAgainLeavesHalfOfThePlacesToNewEnds() {
        for (int i = 1; i <= PLACES + 1_000; i++) {
            add(i);
        }
        ticks(Duration.ofMillis(500));
        assertThat(tries.size()).as("all failed once").isEqualTo(PLACES + 1_000);
        silent = true;
        ticks(Duration.ofSeconds(1));
        assertThat(underWay.size()).isEqualTo(PLACES / 2);

        add(BOUND);
        tick();

        assertThat(tries).containsEntry((long) BOUND, 1);
    }

    @Test
    void whatFailsWhileOthersGoAgainSharesTheirPause() {
        add(1);
        tick();
        silent = true;
        ticks(Duration.ofSeconds(1));
        assertThat(underWay).as("the one that failed").hasSize(1);
        silent = false;
        add(2);
        ticks(Duration.ofSeconds(3));
        assertThat(tries).containsEntry(2L, 1);

        underWay.getFirst().complete(answer());
        ticks(Duration.ofMillis(1_900));
        assertThat(tries).as("twice a second").containsEntry(1L, 2).containsEntry(2L, 1);
        ticks(Duration.ofMillis(200));

        assertThat(tries).containsEntry(1L, 3).containsEntry(2L, 2);
    }

    private void add(long message) {
        outbox.add(EndItem.newBuilder().setKind(EndItem.Kind.ENDED).setEndpointId(message % 100)
                .setMessageId(message).build());
    }

    private CompletableFuture<EndResult> end(EndItem item) {
        tries.merge(item.getMessageId(), 1, Integer::sum);
        if (!silent) {
            return CompletableFuture.completedFuture(answer());
        }
        underWay.add(new CompletableFuture<>());
        return underWay.getLast();
    }

    private EndResult answer() {
        return EndResult.newBuilder().setCode(code).build();
    }

    private void ticks(Duration span) {
        for (int i = 0; i < Loop.ticks(span); i++) {
            tick();
        }
    }

    private void tick() {
        clock.advance(Duration.ofMillis(Loop.TICK_MILLIS));
        loop.sample();
        outbox.flush();
        thread.runAll();
    }

    /** Runs when the test says; all of the test is on the loop. */
    private static final class TestThread implements LoopThread {
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public boolean here() {
            return true;
        }

        void runAll() {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        }
    }
}
