package io.longwire.saver.partition;

import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.rpc.saver.Conservation;
import io.longwire.rpc.saver.ConservationRequest;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.How;
import io.longwire.saver.Bench;
import io.longwire.saver.FakeReceipts;
import io.longwire.saver.end.EndEffects;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.longwire.saver.Bench.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Days in seconds: the clock is the test's. */
final class CompactionIT {
    private Bench bench;

    @BeforeEach
    void start() throws Exception {
        bench = new Bench().warm();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void movesWhatLivesAndDropsTheRestWithoutLosingARow() throws Exception {
        long began = bench.clock.wallMillis();
        long endpoint = bench.newEndpoint();
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            ids.add(bench.accept(bench.newEndpoint(), "m" + i, Duration.ofDays(5)));
        }
        long acked = bench.accept(endpoint, "acked", Duration.ofDays(5));
        assertThat(ack(endpoint, acked)).isEqualTo(EndResult.Code.ENDED_NOW);
        long expired = bench.accept(endpoint, "expired", Duration.ofMinutes(5));
        long living = bench.accept(endpoint, "living", Duration.ofDays(5));
        Conservation before = conservation(began);

        pass(Duration.ofHours(4));

        assertThat(bench.count("SELECT COUNT(*) FROM msg_log")).isZero();
        assertThat(bench.count("SELECT COUNT(*) FROM msg_cold WHERE how = 0")).isEqualTo(31);
        assertThat(bench.count("SELECT how FROM end_log WHERE msg_id = " + expired)).isEqualTo(How.EXPIRED_VALUE);
        Conservation after = conservation(began);
        assertThat(before.getRows()).isEqualTo(33);
        assertThat(after.getRows()).isEqualTo(33);
        assertThat(after.getEndedOrThrow("ACKED")).isEqualTo(1);
        assertThat(after.getEndedOrThrow("EXPIRED")).isEqualTo(1);
        assertThat(after.getLive()).isEqualTo(31);
        assertThat(after.getGap()).isZero();
        assertThat(bench.waiting(endpoint)).as("the inbox still has it").containsExactly(living);
        assertThat(ids).doesNotContain(living);
    }

    @Test
    void countsAgainWhatEndedWhileAPartitionCouldNotBeDropped() throws Exception {
        long began = bench.clock.wallMillis();
        long endpoint = bench.newEndpoint();
        long message = bench.accept(endpoint, "lives when it is counted first", Duration.ofDays(5));
        bench.pass(Duration.ofHours(4));
        try (Connection reader = bench.shards.list().getFirst().connectForJob()) {
            for (LedgerTable table : LedgerTable.values()) { // else the next round waits for that
                Partitions.ensure(reader, table, bench.clock.wallMillis());
            }
            reader.setAutoCommit(false);
            try (var statement = reader.createStatement(); var rows = statement.executeQuery("SELECT 1 FROM msg_log")) {
                assertThat(rows.next()).isTrue();
                assertThatThrownBy(() -> bench.partitions.round()).isInstanceOf(SQLException.class); // as a dump does
            }
            assertThat(ack(endpoint, message)).isEqualTo(EndResult.Code.ENDED_NOW);
            reader.rollback();
        }
        bench.partitions.round();

        Conservation after = conservation(began);
        assertThat(after.getRows()).isEqualTo(1);
        assertThat(after.getLive()).isZero();
        assertThat(after.getGap()).isZero();
    }

    @Test
    void refillsAWipedRedisFromTheColdTable() throws Exception {
        long endpoint = bench.newEndpoint();
        long living = bench.accept(endpoint, "living", Duration.ofDays(5));
        pass(Duration.ofHours(4));
        bench.server.wipe();
        await().until(() -> bench.redis.session(0) != null);

        bench.cold.refresh();
        assertThat(bench.waiting(endpoint)).as("COLD: by the ledger").containsExactly(living);
        bench.warm();

        assertThat(bench.waiting(endpoint)).containsExactly(living);
        assertThat(ack(endpoint, living)).isEqualTo(EndResult.Code.ENDED_NOW);
        assertThat(bench.waiting(endpoint)).isEmpty();
    }

    @Test
    void endsAnOldMessageInTheColdTableOnce() throws Exception {
        long endpoint = bench.newEndpoint();
        long message = bench.accept(endpoint, "old", Duration.ofDays(5));
        pass(Duration.ofHours(30));

        assertThat(ack(endpoint, message)).isEqualTo(EndResult.Code.ENDED_NOW);
        assertThat(ack(endpoint, message)).isEqualTo(EndResult.Code.ALREADY_ENDED);

        assertThat(bench.count("SELECT COUNT(*) FROM end_log")).isZero();
        assertThat(bench.count("SELECT how FROM msg_cold WHERE msg_id = " + message)).isEqualTo(How.ACKED_VALUE);
    }

    @Test
    void endsWhatExpiresInTheColdTable() throws Exception {
        long endpoint = bench.newEndpoint();
        long message = bench.accept(endpoint, "for a day", Duration.ofDays(2));
        pass(Duration.ofHours(4));
        assertThat(bench.count("SELECT how FROM msg_cold WHERE msg_id = " + message)).isZero();

        pass(Duration.ofDays(2));

        assertThat(bench.count("SELECT how FROM msg_cold WHERE msg_id = " + message)).isEqualTo(How.EXPIRED_VALUE);
    }

    @Test
    void keepsADayOfPartitionsAheadAndDropsEndsAfterEightDays() throws Exception {
        long endpoint = bench.newEndpoint();
        long message = bench.accept(endpoint, "acked in time", Duration.ofDays(20));
        pass(Duration.ofHours(4));
        ack(endpoint, message);
        assertThat(bench.count("SELECT COUNT(*) FROM end_log")).isEqualTo(1);

        for (int day = 0; day < 9; day++) {
            pass(Duration.ofDays(1));
            assertThat(bench.partitions.trouble()).isEmpty();
        }

        assertThat(bench.count("SELECT COUNT(*) FROM end_log")).isZero();
        assertThat(bench.count("SELECT COUNT(*) FROM msg_cold")).as("deleted with its end").isZero();
        assertThat(bench.count("SELECT COUNT(*) FROM information_schema.PARTITIONS"
                + " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'msg_log'")).isBetween(50L, 60L);
    }

    @Test
    void dropsNothingWhileALiveRowIsNotInTheColdTable() throws Exception {
        long endpoint = bench.newEndpoint();
        bench.accept(endpoint, "living", Duration.ofDays(5));
        // a row that cannot be copied: msg_cold has no partition for it
        bench.execute("ALTER TABLE msg_cold MODIFY body VARBINARY(3) NOT NULL");

        bench.clock.advance(Duration.ofHours(4));
        assertThatThrownBy(bench.partitions::round).hasMessageContaining("body");

        assertThat(bench.count("SELECT COUNT(*) FROM msg_log")).isEqualTo(1);
        bench.execute("ALTER TABLE msg_cold MODIFY body VARBINARY(6144) NOT NULL");
        bench.partitions.round();
        assertThat(bench.count("SELECT COUNT(*) FROM msg_log")).isZero();
        assertThat(bench.count("SELECT COUNT(*) FROM msg_cold")).isEqualTo(1);
    }

    @Test
    void leavesAShardToTheKeeperAtWorkAndTakesItOverWhenThatDies() throws Exception {
        long endpoint = bench.newEndpoint();
        bench.accept(endpoint, "living", Duration.ofDays(5));
        long expired = bench.accept(endpoint, "expired", Duration.ofMinutes(5));
        bench.pass(Duration.ofHours(4));
        var receipts = new FakeReceipts();
        receipts.answer = new CompletableFuture<>(); // stops it in the middle
        try (var metrics = new PrometheusMetrics()) {
            var other = new PartitionKeeper(bench.shards, new EndEffects(receipts, bench.stock), bench.clock,
                    HaltPoints.none(), metrics);
            var work = CompletableFuture.runAsync(() -> round(other));
            await().until(() -> !receipts.of(expired).isEmpty());

            bench.partitions.round();

            assertThat(bench.count("SELECT COUNT(*) FROM msg_log")).as("left to the other").isEqualTo(2);
            assertThat(bench.count("SELECT COUNT(*) FROM msg_cold")).isZero();
            assertThat(bench.count("SELECT COUNT(*) FROM end_log")).isZero();
            assertThat(bench.partitions.trouble()).as("measured all the same").isEmpty();

            bench.execute("KILL " + bench.count("SELECT IS_USED_LOCK(CONCAT(LEFT(DATABASE(), 40), '.partitions'))"));
            await().untilAsserted(() -> {
                bench.partitions.round();
                assertThat(bench.count("SELECT COUNT(*) FROM msg_log")).isZero();
            });
            receipts.answer.complete(null); // it goes on without its lock
            assertThat(work).failsWithin(Duration.ofMinutes(1));
        }
        assertThat(bench.count("SELECT COUNT(*) FROM msg_cold WHERE how = 0")).isEqualTo(1);
        assertThat(bench.count("SELECT COUNT(*) FROM end_log WHERE how = " + How.EXPIRED_VALUE)).isEqualTo(1);
    }

    private static void round(PartitionKeeper keeper) {
        try {
            keeper.round();
        } catch (SQLException failed) {
            throw new CompletionException(failed);
        }
    }

    private void pass(Duration time) throws Exception {
        bench.pass(time);
        bench.partitions.round();
        bench.cold.refresh();
    }

    private Conservation conservation(long from) throws Exception {
        return bench.conservation.scan(ConservationRequest.newBuilder().setFromMs(from - 60_000)
                .setToMs(from + Duration.ofHours(12).toMillis()).build());
    }

    private EndResult.Code ack(long endpoint, long message) throws Exception {
        return get(bench.endings.handle(EndItem.newBuilder().setEndpointId(endpoint).setMessageId(message)
                .setAppId(bench.app).setHow(How.ACKED).setAtMs(bench.clock.wallMillis()).build())).getCode();
    }
}
