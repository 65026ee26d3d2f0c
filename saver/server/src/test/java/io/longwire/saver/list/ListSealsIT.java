package io.longwire.saver.list;

import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.saver.AudienceList;
import io.longwire.rpc.saver.AudienceList.State;
import io.longwire.saver.Bench;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.ShardConfig;
import io.longwire.saver.ledger.StoreFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static io.longwire.saver.Bench.get;
import static io.longwire.saver.list.ListBench.sealOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Several at it, and who dies at it. Where a test has to come in between, it holds the row of the list. */
final class ListSealsIT {
    private static final Logger LOG = LoggerFactory.getLogger(ListSealsIT.class);
    private static final int MANY = Integer.getInteger("longwire.list.endpoints", 1_000_000);

    private Bench bench;
    private ListBench all;
    private AudienceList list;

    @BeforeEach
    void start() throws Exception {
        bench = new Bench();
        all = new ListBench(bench);
        list = all.create("k");
        all.append(list, 0, new Random(1).longs(3_000).toArray());
        all.append(list, 1, new Random(2).longs(3_000).toArray());
    }

    @AfterEach
    void stop() {
        all.close();
        bench.close();
    }

    @Test
    void answersTheSameWhenItIsRepeated() throws Exception {
        AudienceList sealed = all.seal(list, 2);

        assertThat(sealed.getEndpoints()).isEqualTo(6_000);
        assertThat(all.seal(list, 2)).isEqualTo(sealed);
        assertThat(all.seal(list, 7)).as("whatever it names: there are no parts any more").isEqualTo(sealed);
        try (Connection connection = bench.shard.connectForJob()) {
            OldLists.round(connection, bench.clock.wallMillis(), bench.metrics);
        }
        assertThat(all.rows("audience_part")).isZero();
        assertThat(all.seal(list, 2)).isEqualTo(sealed);
        assertThat(all.rows("audience_chunk")).isEqualTo(64);
        all.delete(list);
        assertThatThrownBy(() -> all.seal(list, 2)).hasCauseInstanceOf(ListRefusal.class)
                .hasMessageContaining("is DELETED (expected: OPEN)");
    }

    @Test
    void isDoneOnceByTwoSaversAtOnce() throws Exception {
        var config = new ShardConfig(bench.database.jdbcUrl(), bench.database.user(), bench.database.password(), 12,
                2);
        try (var other = new Shard(0, config, bench.clock, bench.metrics); Connection holder = hold()) {
            other.ready();
            CompletableFuture<AudienceList> first = all.seals.seal(sealOf(list, 2));
            CompletableFuture<AudienceList> joined = all.seals.seal(sealOf(list, 2));
            awaitChunks();
            CompletableFuture<AudienceList> second = all.seals(other).seal(sealOf(list, 2));
            await().until(() -> bench.count("SELECT COUNT(*) FROM information_schema.processlist"
                    + " WHERE state = 'User lock' AND db = DATABASE()") == 1);
            assertThat(joined).isSameAs(first);
            assertThat(second).isNotDone();
            holder.commit();

            assertThat(get(second)).isEqualTo(get(first)).returns(State.SEALED, AudienceList::getState);
        }
        assertThat(all.content(all.look(list))).hasSize(6_000).doesNotHaveDuplicates();
    }

    @Test
    void leavesTheListOpenWhenItDiesAndIsDoneByWhoComesNext() throws Exception {
        try (Connection holder = hold()) {
            CompletableFuture<AudienceList> dies = all.seals.seal(sealOf(list, 2));
            awaitChunks();
            bench.execute("KILL " + bench.count("SELECT IS_USED_LOCK(CONCAT(LEFT(DATABASE(), 40), '.',"
                    + " '" + ListSeals.lockOf(list.getListId()) + "'))"));
            assertThatThrownBy(() -> get(dies)).hasCauseInstanceOf(StoreFailure.class);
            holder.rollback();
        }
        assertThat(all.look(list).getState()).isEqualTo(State.OPEN);
        assertThatThrownBy(() -> all.chunk(list, 0, 0)).hasCauseInstanceOf(ListRefusal.class);
        all.append(list, 1, 5, 6);

        AudienceList sealed = all.seal(list, 2);

        assertThat(all.content(sealed)).hasSize(3_002).contains(5L, 6L);
        assertThat(all.rows("audience_chunk")).as("nothing of the first one").isEqualTo(64);
    }

    @Test
    void doesNotSealWhatAPartHasChangedMeanwhile() throws Exception {
        CompletableFuture<AudienceList> late;
        try (Connection holder = hold()) {
            late = all.seals.seal(sealOf(list, 2));
            awaitChunks();
            try (var update = holder.createStatement()) {
                update.execute("UPDATE audience_list SET version = version + 1");
            }
            holder.commit();
        }

        assertThatThrownBy(() -> get(late)).hasCauseInstanceOf(StoreFailure.class)
                .hasMessageContaining("list: a part came while it was sealed (expected: none; seal it again)");
        assertThat(all.look(list).getState()).isEqualTo(State.OPEN);
        assertThat(all.seal(list, 2).getEndpoints()).isEqualTo(6_000);
    }

    @Test
    void sealsAMillion() throws Exception {
        AudienceList large = all.create("large");
        var random = new Random(5);
        int parts = (MANY + 9_999) / 10_000;
        long began = Clock.system().nanos();
        for (int part = 0; part < parts; part++) {
            all.append(large, part, random.longs(Math.min(10_000, MANY - 10_000 * part)).toArray());
        }
        long appended = Clock.system().nanos();

        AudienceList sealed = all.seal(large, parts);

        LOG.info("{} endpoints: {} parts appended one by one in {} ms, sealed in {} ms, {} chunks, {} MB of heap used",
                MANY, parts, Duration.ofNanos(appended - began).toMillis(),
                Duration.ofNanos(Clock.system().nanos() - appended).toMillis(),
                sealed.getChunksList().stream().mapToInt(chunks -> chunks).sum(),
                (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20);
        assertThat(sealed.getEndpoints()).isEqualTo(MANY);
        assertThat(all.rows("audience_chunk WHERE list_id = " + large.getListId()))
                .isEqualTo(sealed.getChunksList().stream().mapToInt(chunks -> chunks).sum());
        assertThat(LongStream.of(all.chunk(sealed, 63, 0)).map(SlotOrder::key).toArray()).isSorted().hasSize(1_000);
    }

    private Connection hold() throws SQLException {
        Connection holder = bench.shard.connectForJob();
        holder.setAutoCommit(false);
        try (var select = holder.createStatement()) {
            select.execute("SELECT 1 FROM audience_list WHERE list_id = " + list.getListId() + " FOR UPDATE");
        }
        return holder;
    }

    // All 64 ranges have some; then it waits for the row.
    private void awaitChunks() {
        await().until(() -> all.rows("audience_chunk") == 64);
    }
}
