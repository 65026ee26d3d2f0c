package io.longwire.saver.ledger;

import io.longwire.device.id.MessageId;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.rpc.saver.How;
import io.longwire.saver.watch.SaverMetric;
import io.longwire.testkit.stores.Stores;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

final class BatchQueueIT {
    private static final BatchQueue.Limits LIMITS = new BatchQueue.Limits(2, 5_000, 8 << 20, Duration.ofMillis(2),
            Duration.ofSeconds(10));
    private static final Clock CLOCK = Clock.system();

    private final PrometheusMetrics metrics = new PrometheusMetrics();
    private final Stores.Database database = Stores.shared().freshDatabase("batch");
    private Shard shard;
    private BatchQueue<MessageRow, Stored> messages;
    private final AtomicLong lookedUp = new AtomicLong();
    private Committed committed;
    private BatchQueue<EndRow, Concluded> ends;
    private int counter;

    @BeforeEach
    void start() throws SQLException {
        shard = new Shard(0, new ShardConfig(database.jdbcUrl(), database.user(), database.password(), 12, 2), CLOCK,
                metrics);
        Schema.migrate(shard);
        for (String table : List.of("msg_log", "end_log", "msg_cold")) {
            sql("ALTER TABLE " + table + " ADD PARTITION (PARTITION p1 VALUES LESS THAN ("
                    + MessageId.firstOf(CLOCK.wallMillis() + 3_600_000) + "))");
        }
        shard.ready();
        messages = shard.inserts("message", new InsertMessages(new IdAge(CLOCK)), LIMITS);
        committed = new Committed(CLOCK);
        ends = shard.inserts("end", new InsertEnds(new IdAge(CLOCK), committed, lookedUp::addAndGet), LIMITS);
    }

    @AfterEach
    void stop() {
        messages.close();
        ends.close();
        shard.close();
        metrics.close();
    }

    @Test
    void commitsManyRowsInFewBatches() throws Exception {
        var stored = new ArrayList<CompletableFuture<Stored>>();
        for (int i = 0; i < 2_000; i++) {
            stored.add(messages.submit(row(i, 100)));
        }

        for (var each : stored) {
            assertThat(each.get(20, TimeUnit.SECONDS)).isEqualTo(Stored.COMMITTED);
        }
        assertThat(count("SELECT COUNT(*) FROM msg_log")).isEqualTo(2_000);
        assertThat(counted(SaverMetric.LEDGER_BATCHES)).isLessThan(200);
    }

    @Test
    void storesAndCountsEachRowOnceWhateverRoomItsStatementHas() throws Exception {
        var inserts = new InsertMessages(new IdAge(CLOCK));
        var endings = new InsertEnds(new IdAge(CLOCK), committed, lookedUp::addAndGet);
        long total = 0;
        try (Connection connection = shard.connect()) {
            for (int size : List.of(1, 5, 7, 33, 129, 199, 200)) {
                var rows = new ArrayList<MessageRow>();
                for (int i = 0; i < size; i++) {
                    rows.add(row(i, 100));
                }
                var ending = rows.stream().map(row -> end(row, How.ACKED, 5)).toList();
                total += size;

                assertThat(inserts.run(connection, rows)).hasSize(size).containsOnly(Stored.COMMITTED);
                assertThat(endings.run(connection, ending)).extracting(Concluded::ended).hasSize(size)
                        .containsOnly(Ended.NOW);
                assertThat(endings.run(connection, ending)).extracting(Concluded::ended).containsOnly(Ended.BEFORE);
                assertThat(count("SELECT COUNT(*) FROM msg_log")).isEqualTo(total);
                assertThat(count("SELECT COUNT(*) FROM end_log")).isEqualTo(total);
            }
        }
    }

    @Test
    void failsOnlyThePoisonRowOfABatch() throws Exception {
        var stored = new ArrayList<CompletableFuture<Stored>>();
        for (int i = 0; i < 300; i++) {
            stored.add(messages.submit(row(i, i == 137 ? 7_000 : 100))); // body is VARBINARY(6144)
        }

        for (int i = 0; i < 300; i++) {
            var each = stored.get(i);
            if (i == 137) {
                assertThatThrownBy(each::join).isInstanceOf(CompletionException.class)
                        .hasCauseInstanceOf(StoreFailure.class).hasMessageContaining("body");
            } else {
                assertThat(each.get(20, TimeUnit.SECONDS)).isEqualTo(Stored.COMMITTED);
            }
        }
        assertThat(counted(SaverMetric.LEDGER_BISECTED)).isPositive();
        assertThat(count("SELECT COUNT(*) FROM msg_log")).isEqualTo(299);
    }

    @Test
    void absorbsADuplicateAndKeepsTheFirstRow() throws Exception {
        MessageRow row = row(1, 100);
        messages.submit(row).get(20, TimeUnit.SECONDS);
        var other = new MessageRow(row.key(), row.app(), 0, row.expireAt() + 1, row.storedAt(), new byte[3]);

        assertThat(messages.submit(other).get(20, TimeUnit.SECONDS)).isEqualTo(Stored.COMMITTED);

        assertThat(count("SELECT LENGTH(body) FROM msg_log")).isEqualTo(100);
    }

    @Test
    void refusesAStaleIdAtEverySendAndOneWithoutAPartitionAsItsOwnError() throws Exception {
        long now = CLOCK.wallMillis();
        var stale = new MessageRow(new MessageKey(1, MessageId.of(now - 601_000, 1, 1)), 1, 0, now + 1000, now,
                new byte[1]);
        assertThat(messages.submit(stale).get(20, TimeUnit.SECONDS)).isEqualTo(Stored.STALE);

        now = CLOCK.wallMillis();
        var ahead = new MessageRow(new MessageKey(1, MessageId.of(now + 70_000, 1, 1)), 1, 0, now + 1000, now,
                new byte[1]); // 60 s are too far, and 10 s pass on the slowest machine
        assertThat(messages.submit(ahead).get(20, TimeUnit.SECONDS)).isEqualTo(Stored.STALE);

        sql("ALTER TABLE msg_log DROP PARTITION p1"); // what a missing partition does
        assertThatThrownBy(() -> messages.submit(row(5, 10)).get(20, TimeUnit.SECONDS))
                .hasMessageContaining("partition");
    }

    @Test
    void keepsTheFirstEnd() throws Exception {
        MessageRow row = row(1, 100);
        messages.submit(row).get(20, TimeUnit.SECONDS);

        List<CompletableFuture<Concluded>> both = List.of(ends.submit(end(row, How.ACKED, 11)),
                ends.submit(end(row, How.EXPIRED, 12)));

        assertThat(both.getFirst().get(20, TimeUnit.SECONDS))
                .isEqualTo(new Concluded(Ended.NOW, 1, 0, 0, 100, How.ACKED, 0));
        assertThat(both.getLast().get(20, TimeUnit.SECONDS))
                .isEqualTo(new Concluded(Ended.BEFORE, 1, 0, 0, 100, How.ACKED, 0));
        assertThat(ended(end(row, How.CANCELLED, 13))).isEqualTo(Ended.BEFORE);
        assertThat(count("SELECT at FROM end_log")).isEqualTo(11);
        assertThat(ended(EndRow.own(new MessageKey(5, 5), How.ACKED, 0, 1))).isEqualTo(Ended.NO_MESSAGE);
        assertThat(messages.submit(row).get(20, TimeUnit.SECONDS)).isEqualTo(Stored.ENDED_BEFORE);
    }

    @Test
    void looksUpNoRowThatIsKnownToBeCommitted() throws Exception {
        MessageRow row = row(1, 100);
        messages.submit(row).get(20, TimeUnit.SECONDS);
        committed.add(row);

        assertThat(ended(new EndRow(row.key(), 2, How.ACKED, 0, 11, EndRow.Course.NONE))).as("another app's")
                .isEqualTo(Ended.NO_MESSAGE);
        assertThat(ended(end(row, How.ACKED, 11))).isEqualTo(Ended.NOW);
        assertThat(lookedUp).hasValue(0);
        assertThat(count("SELECT app FROM end_log")).isEqualTo(1);

        assertThat(ended(end(row, How.ACKED, 11))).as("the same again").isEqualTo(Ended.BEFORE);
        assertThat(lookedUp).as("what was ended is not taken for living").hasValue(1);
    }

    @Test
    void seesThatAnotherSaverEndedWhatIsKnownHere() throws Exception {
        MessageRow row = row(1, 100);
        messages.submit(row).get(20, TimeUnit.SECONDS);
        assertThat(ended(new EndRow(row.key(), 1, How.CANCELLED, EndRow.REVOKED, 11, EndRow.Course.NONE)))
                .as("by the other one").isEqualTo(Ended.NOW);
        committed.add(row);
        MessageRow other = row(2, 100);
        messages.submit(other).get(20, TimeUnit.SECONDS);
        committed.add(other);

        var late = ends.submit(end(row, How.ACKED, 12));
        var fine = ends.submit(end(other, How.ACKED, 12));

        assertThat(late.get(20, TimeUnit.SECONDS))
                .isEqualTo(new Concluded(Ended.BEFORE, 1, 0, 0, 100, How.CANCELLED, EndRow.REVOKED));
        assertThat(fine.get(20, TimeUnit.SECONDS).ended()).isEqualTo(Ended.NOW);
        assertThat(count("SELECT at FROM end_log WHERE ep = 1")).isEqualTo(11);
    }

    private Ended ended(EndRow row) throws Exception {
        return ends.submit(row).get(20, TimeUnit.SECONDS).ended();
    }

    @Test
    void refusesAtOnceWhenFullAndCompletesEverythingAtClose() throws Exception {
        var small = shard.inserts("small", new InsertMessages(new IdAge(CLOCK)),
                new BatchQueue.Limits(1, 3, 1 << 20, Duration.ZERO, Duration.ofSeconds(2)));
        database.server().freeze();
        var submitted = new ArrayList<CompletableFuture<Stored>>();
        try {
            for (int i = 0; i < 50; i++) {
                submitted.add(small.submit(row(i, 10)));
            }
            assertThat(submitted).anyMatch(each -> each.isCompletedExceptionally());
        } finally {
            database.server().thaw();
        }
        small.close();

        assertThat(submitted).allMatch(CompletableFuture::isDone);
        assertThat(kinds(submitted)).contains(StoreFailure.Kind.BUSY);
        assertThatThrownBy(() -> small.submit(row(99, 10)).join()).hasMessageContaining("closing");
    }

    @Test
    void sendsABatchAgainAfterTheServerWasKilledUnderIt() throws Exception {
        messages.submit(row(0, 10)).get(20, TimeUnit.SECONDS);
        database.server().kill();
        var lost = messages.submit(row(1, 10));
        assertThatThrownBy(() -> lost.get(20, TimeUnit.SECONDS)).hasMessageContaining("ledger 0");

        database.server().restart();

        await().atMost(Duration.ofSeconds(40)).ignoreExceptions()
                .until(() -> messages.submit(row(2, 10)).get(20, TimeUnit.SECONDS) == Stored.COMMITTED);
        assertThat(count("SELECT COUNT(*) FROM msg_log WHERE ep = 0")).as("committed before the kill").isEqualTo(1);
    }

    private static List<StoreFailure.Kind> kinds(List<CompletableFuture<Stored>> futures) {
        return futures.stream().filter(CompletableFuture::isCompletedExceptionally)
                .map(each -> StoreFailure.of(each.exceptionNow()).kind()).toList();
    }

    private MessageRow row(long endpoint, int bytes) {
        long now = CLOCK.wallMillis();
        return new MessageRow(new MessageKey(endpoint, MessageId.of(now, 1, counter++ & 4095)), 1, 0, now + 60_000,
                now, new byte[bytes]);
    }

    private static EndRow end(MessageRow row, How how, long at) {
        return new EndRow(row.key(), 1, how, 0, at, EndRow.Course.NONE);
    }

    private long counted(SaverMetric metric) {
        return metrics.counter(metric, "queue", "message").count();
    }

    private void sql(String text) throws SQLException {
        try (Connection connection = shard.connectForJob(); Statement statement = connection.createStatement()) {
            statement.execute(text);
        }
    }

    private long count(String text) throws SQLException {
        try (Connection connection = shard.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(text)) {
            row.next();
            return row.getLong(1);
        }
    }
}
