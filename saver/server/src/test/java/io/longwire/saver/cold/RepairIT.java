package io.longwire.saver.cold;

import io.lettuce.core.RedisClient;
import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.How;
import io.longwire.saver.Bench;
import io.longwire.saver.inbox.Inbox;
import io.longwire.saver.inbox.RedisSession;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.longwire.saver.Bench.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What may be believed, step by step under the test's clock. */
final class RepairIT {
    private static final Duration DAY = Duration.ofDays(1);

    private Bench bench;

    @BeforeEach
    void start() throws Exception {
        bench = new Bench();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void believesNothingBeforeTheFirstRepair() throws Exception {
        long endpoint = bench.newEndpoint();
        bench.cold.refresh();

        AppendResult result = bench.append(bench.item(endpoint, "early", DAY));

        assertThat(result.getCode()).isEqualTo(AppendResult.Code.ACCEPTED);
        assertThat(result.getCold()).as("no data set is announced yet").isTrue();
        assertThat(warm(endpoint)).isFalse();
        assertThat(bench.waiting(endpoint)).containsExactly(result.getMessageId());
    }

    @Test
    void waitsUntilEverySaverCanKnowTheDataSet() throws Exception {
        long endpoint = bench.newEndpoint();
        bench.cold.refresh();
        bench.repair.round();
        bench.pass(Duration.ofMillis(2_900));
        bench.repair.round();
        assertThat(warm(endpoint)).as("announced 2.9 s ago").isFalse();
        assertThat(bench.append(bench.item(endpoint, "confirmed", DAY)).getCold()).isFalse();

        bench.pass(Duration.ofMillis(200));
        bench.repair.round();

        assertThat(warm(endpoint)).isTrue();
    }

    @Test
    void believesNoOldCopyOfTheColdSet() throws Exception {
        bench.warm();
        long endpoint = bench.newEndpoint();
        assertThat(warm(endpoint)).isTrue();

        bench.clock.advance(Duration.ofMillis(2_100));

        assertThat(warm(endpoint)).isFalse();
        assertThat(bench.append(bench.item(endpoint, "unsure", DAY)).getCold()).isTrue();
    }

    @Test
    void staysColdWhenAMarkIsSetDuringItsRepair() throws Exception {
        bench.warm();
        long endpoint = bench.newEndpoint();
        int slot = Slots.of(endpoint);
        bench.clock.advance(Duration.ofMillis(2_100));
        bench.append(bench.item(endpoint, "marks its slot", DAY));
        bench.reach.meanwhile(() -> markAgain(slot));
        bench.pass(Duration.ofSeconds(1));
        // the message is in Redis already: make the repair look somebody up while it runs
        forget(endpoint);

        bench.repair.round();

        assertThat(warm(endpoint)).as("cold_gen moved behind the generation that was repaired").isFalse();
        bench.reach.meanwhile(() -> {
        });
        bench.pass(Duration.ofSeconds(3));
        bench.repair.round();
        assertThat(warm(endpoint)).isTrue();
    }

    @Test
    void putsBackWhatIsMissingAndNothingThatHasEnded() throws Exception {
        bench.warm();
        long endpoint = bench.newEndpoint();
        long acked = bench.accept(endpoint, "acked", DAY);
        List<Long> living = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            living.add(bench.accept(endpoint, "m" + i, DAY));
        }
        ack(endpoint, acked);

        bench.server.wipe();
        await().until(() -> bench.redis.session(0) != null);
        bench.cold.refresh();
        assertThat(bench.waiting(endpoint)).as("from the ledger").isEqualTo(living);
        bench.warm();

        assertThat(warm(endpoint)).isTrue();
        assertThat(bench.waiting(endpoint)).isEqualTo(living);
        assertThat(bench.reach.asked()).contains(endpoint);
    }

    @Test
    void noticesAFlushOfARunningRedis() throws Exception {
        bench.warm();
        long endpoint = bench.newEndpoint();
        long message = bench.accept(endpoint, "flushed away", DAY);
        try (RedisClient client = RedisClient.create("redis://127.0.0.1:" + bench.server.port())) {
            assertThat(client.connect().sync().flushall()).isEqualTo("OK");
        }

        for (int i = 0; i < 50; i++) {
            bench.pass(Duration.ofMillis(100));
            bench.cold.refresh();
            bench.repair.verifySome();
        }
        bench.cold.refresh();
        assertThat(warm(endpoint)).isFalse();
        bench.pass(Duration.ofSeconds(4));
        bench.cold.refresh();
        bench.repair.round();

        assertThat(warm(endpoint)).isTrue();
        assertThat(bench.waiting(endpoint)).containsExactly(message);
    }

    @Test
    void endsTheOldestWhenMoreWasAcceptedWithoutRedisThanAnInboxHolds() throws Exception {
        bench.warm();
        long endpoint = bench.newEndpoint();
        bench.server.kill();
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 450; i++) {
            ids.add(bench.accept(endpoint, "m" + i, DAY));
        }
        bench.server.restart();
        await().until(() -> bench.redis.session(0) != null);

        bench.warm();

        assertThat(warm(endpoint)).isTrue();
        assertThat(bench.count("SELECT COUNT(*) FROM end_log WHERE ep = " + endpoint + " AND how = "
                + How.OVERFLOWED_VALUE)).isEqualTo(250);
        assertThat(bench.waiting(endpoint)).isEqualTo(ids.subList(250, 258));
    }

    private boolean warm(long endpoint) {
        int slot = Slots.of(endpoint);
        return bench.cold.warm(slot, bench.redis.session(slot));
    }

    private void markAgain(int slot) {
        try {
            bench.execute("UPDATE slot_state SET cold_gen = cold_gen + 1 WHERE slot = " + slot);
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    private void forget(long endpoint) throws Exception {
        RedisSession session = bench.redis.session(Slots.of(endpoint));
        assertThat(session).isNotNull();
        var inbox = new Inbox(bench.clock);
        get(inbox.remove(session, endpoint, get(inbox.fetch(session, endpoint, List.of(), 8, 1 << 16)).messages()
                .stream().map(waiting -> waiting.message()).toList(), false));
    }

    private void ack(long endpoint, long message) throws Exception {
        get(bench.endings.handle(EndItem.newBuilder().setEndpointId(endpoint).setMessageId(message)
                .setAppId(bench.app).setHow(How.ACKED).build()));
    }
}
