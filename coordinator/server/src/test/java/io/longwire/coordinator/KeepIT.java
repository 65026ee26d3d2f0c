package io.longwire.coordinator;

import io.lettuce.core.RedisClient;
import io.lettuce.core.XAddArgs;
import io.longwire.coordinator.channel.ChannelName;
import io.longwire.coordinator.client.Partitions;
import io.longwire.coordinator.keep.KeepConfig;
import io.longwire.coordinator.redis.Keys;
import io.longwire.rpc.coordinator.UplinkBatch;
import io.longwire.rpc.coordinator.UplinkBatchReply;
import io.longwire.rpc.coordinator.UplinkResult;
import io.longwire.rpc.coordinator.UplinkResult.Code;
import io.longwire.testkit.stores.RedisServer;
import io.longwire.testkit.stores.Stores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** How uplinks come in, on a real Redis. */
final class KeepIT {
    private RedisServer redis;
    private Rig rig;

    @BeforeEach
    void start() {
        redis = Stores.shared().freshRedis();
        rig = Rig.start("a", redis.port());
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void keepsEachSeqOfAnEndpointOnce() throws Exception {
        assertThat(rig.send(Rig.ENDPOINT, 1, "a")).isEqualTo(Code.KEPT);
        assertThat(rig.send(Rig.ENDPOINT, 1, "a")).as("a retry").isEqualTo(Code.KEPT);
        assertThat(rig.send(Rig.ENDPOINT, 3, "c")).isEqualTo(Code.KEPT);
        assertThat(rig.send(Rig.ENDPOINT, 2, "b")).as("a late one").isEqualTo(Code.KEPT);
        assertThat(rig.send(Rig.ENDPOINT, 2, "b")).isEqualTo(Code.KEPT);
        assertThat(rig.send(Rig.ENDPOINT, 1_000, "z")).as("far ahead").isEqualTo(Code.KEPT);
        assertThat(rig.send(Rig.ENDPOINT, 1_000, "z")).isEqualTo(Code.KEPT);
        assertThat(rig.send(Rig.ENDPOINT, 999, "y")).as("the ring forgot what it had at that place")
                .isEqualTo(Code.KEPT);
        assertThat(rig.send(Rig.ENDPOINT + 4096, 1, "another endpoint")).isEqualTo(Code.KEPT);

        FakeTaker taker = rig.taker("all", 100);

        await().until(() -> taker.taken.size() == 6);
        assertThat(taker.texts()).containsExactly("a", "c", "b", "z", "y", "another endpoint");
    }

    @Test
    void keepsDoublesOfOneBatchOnceAndTheRestInItsOrder() throws Exception {
        var batch = UplinkBatch.newBuilder();
        for (int i = 1; i <= 50; i++) {
            batch.addItems(Rig.item(Rig.ENDPOINT, i, "u" + i)).addItems(Rig.item(Rig.ENDPOINT, i, "double"));
        }
        List<UplinkResult> results = rig.uplinks.keep(batch.build()).get(10, TimeUnit.SECONDS).getResultsList();
        assertThat(results).hasSize(100).allMatch(result -> result.getCode() == Code.KEPT);

        FakeTaker taker = rig.taker("all", 100);

        await().until(() -> taker.taken.size() == 50);
        assertThat(taker.texts()).containsExactlyElementsOf(
                IntStream.rangeClosed(1, 50).mapToObj(i -> "u" + i).toList());
    }

    @Test
    void namesNoTwoEventsOfAPartitionAlike() throws Exception {
        var batch = UplinkBatch.newBuilder();
        for (long i = 1; i <= 200; i++) { // one pipeline, so many in each millisecond
            batch.addItems(Rig.item(Rig.ENDPOINT, 3 * i, "o"))
                    .addItems(Rig.item(Rig.ENDPOINT, 3 * i + 1, "c").toBuilder().setType("chat"))
                    .addItems(Rig.item(Rig.ENDPOINT, 3 * i + 2, "x").toBuilder().setAppId(8));
        }
        rig.uplinks.keep(batch.build()).get(10, TimeUnit.SECONDS);

        List<FakeTaker> takers = List.of(rig.taker("all", 1_000),
                new FakeTaker(rig.channels, new ChannelName(Rig.APP, "chat", "all"), Rig.MINUTE, 1_000).attached(),
                new FakeTaker(rig.channels, new ChannelName(8, "order", "all"), Rig.MINUTE, 1_000).attached());

        await().until(() -> takers.stream().allMatch(taker -> taker.taken.size() == 200));
        assertThat(takers.stream().flatMap(taker -> taker.taken.stream()).map(event -> event.id().text()))
                .doesNotHaveDuplicates();
    }

    @Test
    void goesOnAboveAStreamThatIsAheadOfTheCounter() throws Exception {
        rig.send(Rig.ENDPOINT, 1, "before");
        byte[] stream = Keys.stream(Partitions.of(Rig.ENDPOINT), Rig.APP, "order");
        Objects.requireNonNull(rig.redis.session(Partitions.of(Rig.ENDPOINT))).command(
                commands -> commands.xadd(stream, new XAddArgs().id("4000000000000-7"), Map.of(Keys.ascii("e"),
                        Rig.item(Rig.ENDPOINT, 2, "ahead").toByteArray())))
                .get(10, TimeUnit.SECONDS);

        assertThat(rig.send(Rig.ENDPOINT, 3, "after")).isEqualTo(Code.KEPT);
        assertThat(rig.send(Rig.item(Rig.ENDPOINT, 4, "other").toBuilder().setType("chat").build()).getCode())
                .isEqualTo(Code.KEPT);

        FakeTaker taker = rig.taker("all", 100);
        FakeTaker chat = new FakeTaker(rig.channels, new ChannelName(Rig.APP, "chat", "all"), Rig.MINUTE, 100)
                .attached();
        await().until(() -> taker.taken.size() == 3 && chat.taken.size() == 1);
        assertThat(taker.texts()).containsExactly("before", "ahead", "after");
        assertThat(taker.taken.getLast().id().stream()).isEqualTo("4000000000000-8");
        assertThat(chat.taken.getLast().id().stream()).isEqualTo("4000000000000-9");
    }

    @Test
    void refusesWhatBreaksARuleAndNamesIt() throws Exception {
        UplinkResult noType = rig.send(Rig.item(Rig.ENDPOINT, 1, "x").toBuilder().setType("a b").build());
        UplinkResult noSeq = rig.send(Rig.item(Rig.ENDPOINT, 0, "x"));
        UplinkResult large = rig.send(Rig.item(Rig.ENDPOINT, 1, "x".repeat(16_385)));

        assertThat(List.of(noType, noSeq, large)).allMatch(result -> result.getCode() == Code.REFUSED)
                .allMatch(result -> result.getText().contains("(expected: "));
    }

    @Test
    void takesNoFifthTypeWhereFourAreAllowed() throws Exception {
        for (int i = 0; i < 4; i++) {
            assertThat(rig.send(Rig.item(Rig.ENDPOINT, i + 1, "x").toBuilder().setType("t" + i).build()).getCode())
                    .isEqualTo(Code.KEPT);
        }
        UplinkResult fifth = rig.send(Rig.item(Rig.ENDPOINT, 9, "x").toBuilder().setType("t4").build());

        assertThat(fifth.getCode()).isEqualTo(Code.REFUSED);
        assertThat(fifth.getText()).startsWith("type: t4");
    }

    @Test
    void saysFullDropsNothingAndTakesAgainWhenItWasRead() throws Exception {
        rig.close();
        rig = Rig.start("a", redis.port(), Rig.keep(10_000, Duration.ofDays(3)));
        int kept = 0;
        while (rig.send(Rig.ENDPOINT, kept + 1, "x".repeat(1_000)) == Code.KEPT) {
            kept++;
        }
        assertThat(kept).isBetween(7, 9);
        UplinkResult full = rig.send(Rig.item(Rig.ENDPOINT, kept + 1, "x".repeat(1_000)));
        assertThat(full.getCode()).isEqualTo(Code.FULL);
        assertThat(full.getRetryAfterMs()).isPositive();

        FakeTaker taker = rig.taker("all", 100);
        int all = kept;
        await().until(() -> taker.taken.size() == all);
        taker.finAll();

        int next = kept + 1;
        await().until(() -> rig.send(Rig.ENDPOINT, next, "now") == Code.KEPT);
    }

    @Test
    void removesWhatNobodyReadsByAgeAndCountsIt() throws Exception {
        rig.close();
        rig = Rig.start("a", redis.port(), Rig.keep(1 << 20, Duration.ofSeconds(1)));
        long counted = rig.metrics.counter(CoordinatorMetric.TOO_OLD).count();
        rig.send(Rig.ENDPOINT, 1, "too old");

        await().until(() -> rig.metrics.counter(CoordinatorMetric.TOO_OLD).count() == counted + 1);

        rig.keeping.set(Rig.keep(1 << 20, Duration.ofDays(3))); // it is to be there when the taker comes
        rig.send(Rig.ENDPOINT, 2, "fresh");
        FakeTaker taker = rig.taker("late", 100);
        await().until(() -> taker.texts().equals(List.of("fresh")));
    }

    @Test
    void takesOverAnotherAgeWhileItRuns() throws Exception {
        rig.send(Rig.ENDPOINT, 1, "nobody reads it");
        long counted = rig.metrics.counter(CoordinatorMetric.TOO_OLD).count();

        rig.keeping.set(Rig.keep(1 << 20, Duration.ofSeconds(1)));

        await().until(() -> rig.metrics.counter(CoordinatorMetric.TOO_OLD).count() == counted + 1);
    }

    @Test
    void takesOverHowManyMayWaitForTheStore() throws Exception {
        KeepConfig rules = rig.keeping.get();
        rig.keeping.set(waiting(rules, 1));
        assertThat(codesWhileTheStoreIsFrozen(1)).containsExactly(Code.KEPT, Code.UNAVAILABLE);
        assertThat(rig.metrics.counter(CoordinatorMetric.KEEPING_FULL).count()).isEqualTo(1);

        rig.keeping.set(waiting(rules, 2));
        assertThat(codesWhileTheStoreIsFrozen(3)).containsExactly(Code.KEPT, Code.KEPT);
    }

    private static KeepConfig waiting(KeepConfig rules, int most) {
        return new KeepConfig(rules.bytesPerApp(), rules.typesPerApp(), rules.maxAge(), rules.endpointPerSecond(),
                rules.appPerSecond(), most);
    }

    // The first one waits for the store as long as it is frozen, so the second meets it there.
    private List<Code> codesWhileTheStoreIsFrozen(long seq) throws Exception {
        CompletableFuture<UplinkBatchReply> reply;
        redis.freeze();
        try {
            reply = rig.uplinks.keep(UplinkBatch.newBuilder().addItems(Rig.item(Rig.ENDPOINT, seq, "first"))
                    .addItems(Rig.item(Rig.ENDPOINT, seq + 1, "second")).build());
        } finally {
            redis.thaw();
        }
        return reply.get(10, TimeUnit.SECONDS).getResultsList().stream().map(UplinkResult::getCode).toList();
    }

    @Test
    void saysKeptOnlyWhenAReplicaHasItWhereOneIsAskedFor(@TempDir Path directory) throws Exception {
        rig.close();
        rig = Rig.start("a", Rig.store(redis.port(), 1), Rig.keep(1 << 20, Duration.ofDays(3)));
        assertThat(rig.send(Rig.ENDPOINT, 1, "alone")).isEqualTo(Code.UNAVAILABLE);

        try (var replica = RedisServer.start(RedisServer.Options.in(directory));
                var client = RedisClient.create(replica.uri());
                var connection = client.connect()) {
            connection.sync().replicaof(redis.host(), redis.port());
            assertThat(replica.running()).isTrue();
            // the first replica gives the node another replication id, and so the rig another session
            await().until(() -> rig.send(Rig.ENDPOINT, 1, "alone") == Code.KEPT);
            await().until(() -> rig.send(Rig.ENDPOINT, 2, "both") == Code.KEPT); // it may be late while it writes
            replica.kill(); // told to stop while it writes its first file, it takes half a minute
        }
        FakeTaker taker = rig.taker("all", 10);
        await().until(() -> taker.texts().equals(List.of("alone", "both")));
    }

    @Test
    void answersUnavailableWhileRedisIsAwayAndKeepsOnceAfterwards() throws Exception {
        rig.send(Rig.ENDPOINT, 1, "before");
        redis.kill();
        await().until(() -> rig.redis.keeping(0) == null);
        assertThat(rig.send(Rig.ENDPOINT, 2, "meanwhile")).isEqualTo(Code.UNAVAILABLE);

        redis.restart();
        rig.awaitRedis();

        assertThat(rig.send(Rig.ENDPOINT, 2, "meanwhile")).isEqualTo(Code.KEPT);
        assertThat(rig.send(Rig.ENDPOINT, 1, "before")).as("known from the append-only file").isEqualTo(Code.KEPT);
        FakeTaker taker = rig.taker("all", 100);
        await().until(() -> taker.taken.size() == 2);
        assertThat(taker.texts()).containsExactly("before", "meanwhile");
    }
}
