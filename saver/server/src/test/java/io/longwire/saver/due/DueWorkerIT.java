package io.longwire.saver.due;

import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.How;
import io.longwire.saver.Bench;
import io.longwire.saver.SaverConfig;
import io.longwire.saver.due.Reach.Outcome;
import io.longwire.saver.inbox.RedisSession;
import io.longwire.saver.inbox.SlotKeys;
import io.longwire.testkit.config.RunningConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static io.longwire.saver.Bench.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DueWorkerIT {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration DUE = Duration.ofSeconds(20);
    private static final int SLOT = 77;

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
    void beginsMoreSlotsAtOnceWhenItMay() throws Exception {
        var config = new RunningConfig<>("{shards: [{url: 'jdbc:mysql://db/longwire'}], due: {atOnce: 1}}",
                SaverConfig::read);
        var worker = new DueWorker(new WorkedSlots(bench.cluster), bench.redis, bench.clock, bench.endings, bench.reach,
                config.live(SaverConfig::due)::get, bench.metrics);
        long slow = waitingEndpoint();
        long other = bench.newEndpoint(slow + 1); // of the next slot
        bench.accept(other, "waiting", DAY);
        bench.pass(DUE);
        var goesOn = new CompletableFuture<Boolean>();
        bench.reach.meanwhile(goesOn::join);
        try {
            var first = worker.work(Slots.of(slow));
            await().until(() -> bench.reach.asked().contains(slow));
            get(worker.work(Slots.of(other)));
            assertThat(bench.reach.asked()).doesNotContain(other);

            assertThat(config.lay("due: {atOnce: 2}")).isEmpty();
            var second = worker.work(Slots.of(other));
            await().until(() -> bench.reach.asked().contains(other));

            assertThat(config.lay("due: {atOnce: 0}")).hasValueSatisfying(why -> assertThat(why)
                    .contains("due.atOnce: 0 (expected: a whole number from 1 to 100000)"));
            assertThat(config.waiting()).isEmpty();
            goesOn.complete(true);
            get(first);
            get(second);
        } finally {
            goesOn.complete(true);
            bench.reach.meanwhile(() -> {
            });
            worker.close();
        }
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
    void looksAsOftenAsAtFirstAtAnEndpointThatWasAway() throws Exception {
        long endpoint = waitingEndpoint();
        for (int i = 0; i < 9; i++) {
            bench.reach.answer(Outcome.OFFLINE);
            bench.pass(DUE);
            work(endpoint);
            bench.accept(endpoint, "another", DAY);
        }
        bench.reach.answer(Outcome.UNKNOWN);
        bench.pass(DUE);

        work(endpoint);

        assertThat(dueAt(endpoint)).isEqualTo(bench.clock.wallMillis() + 20_000);
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

    @Test
    void takesOverHowManyItLooksAt() throws Exception {
        var config = new RunningConfig<>("{shards: [{url: 'jdbc:mysql://db/longwire'}], due: {perSlot: 1}}",
                SaverConfig::read);
        var worker = new DueWorker(new WorkedSlots(bench.cluster), bench.redis, bench.clock, bench.endings, bench.reach,
                config.live(SaverConfig::due)::get, bench.metrics);
        var endpoints = new ArrayList<Long>();
        for (long i = 0; i < 5; i++) {
            endpoints.add(bench.newEndpoint(ThreadLocalRandom.current().nextLong(1L << 35) << 12 | SLOT));
            bench.accept(endpoints.getLast(), "waiting", DAY);
        }
        assertThat(endpoints).as("all of one slot").allMatch(endpoint -> Slots.of(endpoint) == SLOT);
        bench.reach.answer(Outcome.UNKNOWN);
        bench.pass(DUE);

        int before = bench.reach.asked().size();
        get(worker.work(SLOT));
        assertThat(bench.reach.asked()).hasSize(before + 1);

        assertThat(config.lay("due: {perSlot: 3}")).isEmpty();
        get(worker.work(SLOT));
        assertThat(bench.reach.asked()).hasSize(before + 4);

        assertThat(config.lay("due: {perSlot: 0}")).hasValueSatisfying(why -> assertThat(why)
                .contains("due.perSlot: 0 (expected: a whole number from 1 to 10000)"));
        get(worker.work(SLOT));
        assertThat(bench.reach.asked()).as("three more, if there are").containsAll(endpoints);
        assertThat(config.waiting()).isEmpty();
        worker.close();
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
