package io.longwire.saver.due;

import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.How;
import io.longwire.saver.Bench;
import io.longwire.saver.due.Reach.Outcome;
import io.longwire.saver.inbox.RedisSession;
import io.longwire.saver.inbox.SlotKeys;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static io.longwire.saver.Bench.get;
import static org.assertj.core.api.Assertions.assertThat;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DueWorkerIT {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration DUE = Duration.ofSeconds(20);

    private Bench bench;
    private SlotKeys slots;

    @BeforeAll
    void start() throws Exception {
        bench = new Bench().warm();
        slots = new SlotKeys(bench.clock);
    }

    @AfterAll
    void stop() {
        bench.close();
    }

    @Test
    void looksAfterTwentySecondsAndKeepsTheEntryWhileNobodyKnows() throws Exception {
        long endpoint = waitingEndpoint();
        bench.reach.answer(Outcome.UNKNOWN);
        work(endpoint);
        assertThat(bench.reach.asked()).as("not due yet").doesNotContain(endpoint);

        bench.pass(DUE);
        work(endpoint);

        assertThat(bench.reach.asked()).contains(endpoint);
        assertThat(dueAt(endpoint)).isEqualTo(bench.clock.wallMillis() + 20_000);
    }

    @Test
    void forgetsAnEndpointThatIsForSureAway() throws Exception {
        for (Outcome outcome : new Outcome[]{Outcome.OFFLINE, Outcome.NOT_READY}) {
            long endpoint = waitingEndpoint();
            bench.reach.answer(outcome);
            bench.pass(DUE);

            work(endpoint);

            assertThat(dueAt(endpoint)).isZero();
            assertThat(bench.waiting(endpoint)).as("it fetches when it comes").hasSize(1);
        }
    }

    @Test
    void keepsTheEntryWhenSomethingWasAppendedDuringTheLook() throws Exception {
        long endpoint = waitingEndpoint();
        bench.pass(DUE);
        bench.reach.answer(Outcome.OFFLINE);
        bench.reach.meanwhile(() -> appendQuietly(endpoint));
        try {
            work(endpoint);
        } finally {
            bench.reach.meanwhile(() -> {
            });
        }

        assertThat(dueAt(endpoint)).isEqualTo(bench.clock.wallMillis() + 20_000 - 1);
    }

    @Test
    void keepsTheEntryOfAnEndpointThatWasToldUntilItHasAcked() throws Exception {
        long endpoint = bench.newEndpoint();
        long message = bench.accept(endpoint, "told", DAY);
        bench.reach.answer(Outcome.TOLD);
        bench.pass(DUE);
        work(endpoint);
        assertThat(dueAt(endpoint)).isPositive();

        get(bench.endings.handle(EndItem.newBuilder().setEndpointId(endpoint).setMessageId(message)
                .setAppId(bench.app).setHow(How.ACKED).build()));

        assertThat(dueAt(endpoint)).isZero();
    }

    @Test
    void endsWhatHasExpired() throws Exception {
        long endpoint = bench.newEndpoint();
        long dead = bench.accept(endpoint, "dead", Duration.ofSeconds(10));
        long alive = bench.accept(endpoint, "alive", DAY);
        bench.reach.answer(Outcome.UNKNOWN);
        bench.pass(DUE);

        work(endpoint);

        assertThat(bench.count("SELECT how FROM end_log WHERE ep = " + endpoint + " AND msg_id = " + dead))
                .isEqualTo(How.EXPIRED_VALUE);
        assertThat(bench.waiting(endpoint)).containsExactly(alive);
    }

    @Test
    void worksNothingWhileFenced() throws Exception {
        var worked = new WorkedSlots(bench.cluster);
        assertThat(worked.has(17)).isTrue();

        bench.cluster.fence(true);

        assertThat(worked.has(17)).isFalse();
        bench.cluster.fence(false);
        worked.close();
    }

    private long waitingEndpoint() throws Exception {
        long endpoint = bench.newEndpoint();
        bench.accept(endpoint, "waiting", DAY);
        return endpoint;
    }

    private void appendQuietly(long endpoint) {
        try {
            bench.accept(endpoint, "in between", DAY);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private void work(long endpoint) throws Exception {
        get(bench.due.work(Slots.of(endpoint)));
    }

    private long dueAt(long endpoint) throws Exception {
        RedisSession session = bench.redis.session(Slots.of(endpoint));
        assertThat(session).isNotNull();
        return get(slots.dueAt(session, endpoint));
    }
}
