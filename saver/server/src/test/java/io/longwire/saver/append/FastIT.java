package io.longwire.saver.append;

import com.google.protobuf.ByteString;
import io.lettuce.core.RedisClient;
import io.longwire.device.v1.Push;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.DeliveryClass;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.UpdateAppRequest;
import io.longwire.saver.Bench;
import io.longwire.saver.FakeReceipts;
import io.longwire.saver.RunningSaver;
import io.longwire.saver.inbox.RedisSession;
import io.longwire.saver.watch.SaverMetric;
import io.longwire.testkit.stores.RedisServer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static io.longwire.saver.Bench.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** FAST messages with a real replica beside the Redis. */
final class FastIT {
    private static final Logger LOG = LoggerFactory.getLogger(FastIT.class);
    private static final int REJECT_NEW = 1;
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    private Path directory = Path.of("");
    private Bench bench;
    private RedisServer replica;

    @BeforeEach
    void start() throws Exception {
        bench = new Bench().warm();
        replica = RedisServer.start(RedisServer.Options.in(directory.resolve("replica")));
        try (var client = RedisClient.create(bench.server.uri()); var connection = client.connect()) {
            connection.sync().configSet("repl-diskless-sync-delay", "0");
        }
        command(replica, "127.0.0.1", bench.server.port());
        await().until(this::replicated);
        bench.warm(); // the first replica of a Redis gives it another replication id
        // the first one opens the way to the replica
        await().until(() -> {
            long before = downgraded("not-confirmed");
            bench.append(item(bench.newEndpoint(), "first"));
            return downgraded("not-confirmed") == before;
        });
    }

    @AfterEach
    void stop() {
        replica.close();
        bench.close();
    }

    @Test
    void acceptsWhenAReplicaHasItAndWritesTheRowBehind() throws Exception {
        long endpoint = bench.newEndpoint();
        long rows = rows();
        lockLedger(() -> {
            AppendResult result = fast(item(endpoint, "fast"));

            assertThat(result.getCode()).isEqualTo(AppendResult.Code.ACCEPTED);
            assertThat(result.getCold()).isFalse();
            assertThat(bench.waiting(endpoint)).containsExactly(result.getMessageId());
            return result.getMessageId();
        });

        await().until(() -> rows() == rows + 1);
        assertThat(bench.count("SELECT kind FROM msg_log WHERE ep = " + endpoint)).isEqualTo(DeliveryClass.FAST_VALUE);
        await().untilAsserted(() -> assertThat(unwritten(endpoint)).isZero());
    }

    @Test
    void losesNoAckThatIsQuickerThanTheRow() throws Exception {
        for (int i = 0; i < 50; i++) {
            long endpoint = bench.newEndpoint();
            long message = bench.append(item(endpoint, "quick")).getMessageId();

            assertThat(bench.ack(endpoint, message)).isEqualTo(EndResult.Code.ENDED_NOW);

            assertThat(bench.waiting(endpoint)).isEmpty();
            await().untilAsserted(() -> assertThat(bench.count("SELECT COUNT(*) FROM msg_log m JOIN end_log e"
                    + " ON e.slot = m.slot AND e.ep = m.ep AND e.msg_id = m.msg_id WHERE m.ep = " + endpoint))
                    .isEqualTo(1));
        }
    }

    @Test
    void writesTheRowsThatADeadSaverLeftUnwritten() throws Exception {
        long endpoint = bench.newEndpoint();
        long message = leaveUnwritten(endpoint);
        int stock = bench.stock.messages();
        bench.pass(Duration.ofSeconds(6));

        get(bench.fast.work(Slots.of(endpoint)));

        assertThat(bench.count("SELECT COUNT(*) FROM msg_log WHERE ep = " + endpoint + " AND msg_id = " + message))
                .isEqualTo(1);
        await().untilAsserted(() -> assertThat(unwritten(endpoint)).isZero());
        assertThat(bench.stock.messages()).as("by the saver that died and by the one that wrote it")
                .isEqualTo(stock + 1);
        assertThat(bench.ack(endpoint, message)).isEqualTo(EndResult.Code.ENDED_NOW);
    }

    @Test
    void parksNoInboxWithAMessageThatIsInNoLedgerYet() throws Exception {
        long endpoint = bench.newEndpoint();
        long old = threeDaysOld(endpoint);
        long fast = leaveUnwritten(endpoint);

        bench.parking.round();
        bench.pass(Duration.ofSeconds(6));
        get(bench.fast.work(Slots.of(endpoint)));

        assertThat(bench.waiting(endpoint)).containsExactly(old, fast);
        assertThat(bench.count("SELECT COUNT(*) FROM msg_log WHERE ep = " + endpoint)).isOne();
    }

    @Test
    void parksNoInboxWithAMessageThatIsTooOldForItsRow() throws Exception {
        long endpoint = bench.newEndpoint();
        long old = threeDaysOld(endpoint);
        long fast = leaveUnwritten(endpoint);
        bench.pass(Duration.ofSeconds(601));
        get(bench.fast.work(Slots.of(endpoint)));

        bench.parking.round();

        assertThat(bench.waiting(endpoint)).containsExactly(old, fast);
        assertThat(bench.ack(endpoint, fast)).isEqualTo(EndResult.Code.NO_MESSAGE);
        assertThat(bench.waiting(endpoint)).containsExactly(old);
        assertThat(unwritten(endpoint)).as("its note left with it").isZero();
    }

    @Test
    void findsTheTraceOfARowThatItWritesFromTheInbox() throws Exception {
        long endpoint = bench.newEndpoint();
        ByteString trace = ByteString.copyFromUtf8("0 sixteen bytes.. parent 1");
        long message = fast(item(endpoint, "").setTraced(true).setEnvelope(Push.newBuilder()
                .setEndpointId(endpoint).setTrace(trace).build().toByteString())).getMessageId();
        await().until(() -> bench.count("SELECT COUNT(*) FROM msg_log WHERE ep = " + endpoint) == 1);
        await().untilAsserted(() -> assertThat(unwritten(endpoint)).isZero());
        bench.execute("DELETE FROM msg_log WHERE ep = " + endpoint);
        unwrittenAgain(endpoint, message);
        bench.pass(Duration.ofSeconds(6));
        get(bench.fast.work(Slots.of(endpoint)));

        bench.ack(endpoint, message);

        assertThat(bench.receipts.of(message)).extracting(FakeReceipts.Told::trace).containsExactly(trace);
        assertThat(bench.count("SELECT COUNT(*) FROM msg_log WHERE kind = 65 AND ep = " + endpoint)).isOne();
    }

    @Test
    void endsAMessageWhoseRowWasNeverWritten() throws Exception {
        long endpoint = bench.newEndpoint();
        long message = fast(item(endpoint, "no row")).getMessageId();
        await().until(() -> bench.count("SELECT COUNT(*) FROM msg_log WHERE ep = " + endpoint) == 1);
        await().untilAsserted(() -> assertThat(unwritten(endpoint)).isZero());
        bench.execute("DELETE FROM msg_log WHERE ep = " + endpoint);

        bench.pass(Duration.ofSeconds(601)); // what was seen is forgotten, and the id too old to be written

        assertThat(bench.ack(endpoint, message)).isEqualTo(EndResult.Code.NO_MESSAGE);
        assertThat(bench.waiting(endpoint)).as("not for ever").isEmpty();
        assertThat(bench.metrics.counter(SaverMetric.FAST_ORPHANS).count()).isEqualTo(1);
    }

    @Test
    void takesItAsDurableWithoutTheReplicasWord() throws Exception {
        replica.freeze();
        long endpoint = bench.newEndpoint();
        long before = downgraded("not-confirmed");

        AppendResult result = bench.append(item(endpoint, "durable"));

        assertThat(result.getCode()).isEqualTo(AppendResult.Code.ACCEPTED);
        assertThat(downgraded("not-confirmed")).isEqualTo(before + 1);
        assertThat(bench.count("SELECT COUNT(*) FROM msg_log WHERE ep = " + endpoint)).as("before the answer")
                .isEqualTo(1);
        assertThat(bench.waiting(endpoint)).containsExactly(result.getMessageId());
        replica.thaw();
    }

    @Test
    void takesItAsDurableWithoutAReplica() throws Exception {
        replica.kill();
        await().until(() -> !replicated());
        long endpoint = bench.newEndpoint();

        assertThat(bench.append(item(endpoint, "durable")).getCode()).isEqualTo(AppendResult.Code.ACCEPTED);

        assertThat(downgraded("no-replica")).isEqualTo(1);
        assertThat(bench.count("SELECT COUNT(*) FROM msg_log WHERE ep = " + endpoint)).isEqualTo(1);
    }

    @Test
    void sharesOneWaitAmongManyAndLosesNone() throws Exception {
        long endpoint = bench.newEndpoint();
        var asked = new ArrayList<CompletableFuture<AppendResult>>();
        for (int i = 0; i < 150; i++) {
            asked.add(bench.appends.append(item(endpoint, "m" + i).build()));
        }
        List<Long> ids = new ArrayList<>();
        for (var each : asked) {
            assertThat(get(each).getCode()).isEqualTo(AppendResult.Code.ACCEPTED);
            ids.add(get(each).getMessageId());
        }

        await().untilAsserted(() -> assertThat(
                bench.count("SELECT COUNT(DISTINCT msg_id) FROM msg_log WHERE ep = " + endpoint)).isEqualTo(150));
        assertThat(bench.waiting(endpoint)).isEqualTo(ids.subList(0, 8));
    }

    /** The figures are logged; what is asserted holds on any machine. */
    @Test
    @Tag("full")
    void measuresHowFarTheLedgerIsBehind() throws Exception {
        measure(DeliveryClass.FAST, 1);
        measure(DeliveryClass.DURABLE, 1);
        measure(DeliveryClass.FAST, 50);
        measure(DeliveryClass.DURABLE, 50);

        assertThat(downgraded("ledger")).isZero();
    }

    // The size of an envelope tells which message's row was committed.
    private void measure(DeliveryClass how, int atOnce) throws Exception {
        int count = 2_000;
        var answered = new AtomicLongArray(count + 1);
        var committed = new AtomicLongArray(count + 1);
        bench.stock.onStored(bytes -> committed.set(bytes, Clock.system().nanos()));
        var taken = new ArrayList<Long>();
        var places = new Semaphore(atOnce);
        var endpoints = new ArrayList<Long>();
        for (int i = 0; i < 40; i++) {
            endpoints.add(bench.newEndpoint());
        }
        var asked = new ArrayList<CompletableFuture<Long>>();
        for (int i = 1; i <= count; i++) {
            int at = i;
            places.acquire();
            bench.clock.advance(Duration.ofMillis(1));
            if (i % 500 == 0) {
                bench.cold.refresh();
            }
            long began = Clock.system().nanos();
            asked.add(bench.appends.append(bench.item(endpoints.get(i % 40), "x".repeat(i), DAY).setDeliveryClass(how)
                    .build()).thenApply(result -> {
                        long now = Clock.system().nanos();
                        answered.set(at, now);
                        places.release();
                        return now - began;
                    }));
        }
        for (var each : asked) {
            taken.add(get(each));
        }
        await().until(() -> IntStream.rangeClosed(1, count).allMatch(i -> committed.get(i) != 0));
        List<Long> behind = IntStream.rangeClosed(1, count)
                .mapToObj(i -> Math.max(0, committed.get(i) - answered.get(i))).sorted().toList();
        taken.sort(Long::compare);
        LOG.info(String.format(Locale.ROOT, "{\"class\": \"%s\", \"at_once\": %d, \"accept_ms\": {\"p50\": %.2f,"
                + " \"p99\": %.2f}, \"behind_ms\": {\"p50\": %.2f, \"p99\": %.2f, \"max\": %.2f}}", how, atOnce,
                millis(taken, 0.5), millis(taken, 0.99), millis(behind, 0.5), millis(behind, 0.99),
                millis(behind, 1)));
        assertThat(behind.getLast()).isLessThan(Duration.ofSeconds(5).toNanos());
        bench.stock.onStored(bytes -> { // enough
        });
    }

    private static double millis(List<Long> sorted, double part) {
        return sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * part)) / 1e6;
    }

    private interface Work {
        long run() throws Exception;
    }

    // The row cannot be written while this runs; an answer that waited for it would fail.
    private void lockLedger(Work work) throws Exception {
        try (var connection = bench.shard.connectForJob(); var statement = connection.createStatement()) {
            statement.execute("LOCK TABLES msg_log WRITE");
            try {
                work.run();
            } finally {
                statement.execute("UNLOCK TABLES");
            }
        }
    }

    @Test
    void tellsAgainThatAFastMessageWasRefusedAlthoughThereIsRoomByNow() throws Exception {
        bench.apps.update(UpdateAppRequest.newBuilder().setApp(AppRecord.newBuilder().setAppId(bench.app)
                .setInboxMessages(1).setOverflow(REJECT_NEW)).addMask("inbox_messages").addMask("overflow").build());
        long endpoint = bench.newEndpoint();
        long first = bench.accept(endpoint, "first", DAY);
        AppendItem.Builder second = item(endpoint, "second").setIdempotency(RunningSaver.key("k", "body"));
        AppendResult refused = bench.append(second);
        bench.ack(endpoint, first);

        AppendResult repeated = bench.append(second.setMessageId(bench.newId()));

        assertThat(refused.getCode()).isEqualTo(AppendResult.Code.REJECTED);
        assertThat(repeated).isEqualTo(refused);
        assertThat(bench.waiting(endpoint)).isEmpty();
    }

    private AppendItem.Builder item(long endpoint, String text) {
        return bench.item(endpoint, text, DAY).setDeliveryClass(DeliveryClass.FAST);
    }

    // What no replica confirmed in its time is DURABLE; told again it is FAST.
    private AppendResult fast(AppendItem.Builder item) {
        return await().until(() -> confirmed(item), result -> result != null);
    }

    private @Nullable AppendResult confirmed(AppendItem.Builder item) throws Exception {
        long before = downgraded("not-confirmed");
        var asked = bench.appends.append(item.build());
        await().until(() -> asked.isDone() || downgraded("not-confirmed") > before);
        return downgraded("not-confirmed") > before ? null : get(asked);
    }

    private boolean replicated() {
        RedisSession session = bench.redis.session(0);
        return session != null && session.replicated();
    }

    private long downgraded(String why) {
        return bench.metrics.counter(SaverMetric.FAST_DOWNGRADES, "why", why).count();
    }

    private long rows() throws SQLException {
        return bench.count("SELECT COUNT(*) FROM msg_log");
    }

    private long unwritten(long endpoint) throws Exception {
        try (var client = RedisClient.create(bench.server.uri()); var connection = client.connect()) {
            return connection.sync().zcard("f:" + Slots.tag(Slots.of(endpoint)));
        }
    }

    private long threeDaysOld(long endpoint) throws Exception {
        long message = bench.accept(endpoint, "old", Duration.ofDays(20));
        for (int day = 0; day < 3; day++) {
            bench.pass(Duration.ofHours(24));
            bench.partitions.round();
        }
        bench.pass(Duration.ofMinutes(1));
        return message;
    }

    // As if the saver had died before it wrote the row: no row, and the note still there.
    private long leaveUnwritten(long endpoint) throws Exception {
        long message = fast(item(endpoint, "left behind")).getMessageId();
        await().until(() -> bench.count("SELECT COUNT(*) FROM msg_log WHERE ep = " + endpoint) == 1);
        await().untilAsserted(() -> assertThat(unwritten(endpoint)).isZero());
        bench.execute("DELETE FROM msg_log WHERE ep = " + endpoint);
        unwrittenAgain(endpoint, message);
        return message;
    }

    private void unwrittenAgain(long endpoint, long message) throws Exception {
        var member = java.nio.ByteBuffer.allocate(16).putLong(endpoint).putLong(message).array();
        try (var client = RedisClient.create(bench.server.uri());
                var connection = client.connect(io.lettuce.core.codec.ByteArrayCodec.INSTANCE)) {
            connection.sync().zadd(("f:" + Slots.tag(Slots.of(endpoint))).getBytes(
                    java.nio.charset.StandardCharsets.US_ASCII), (double) bench.clock.wallMillis(), member);
        }
    }

    private static void command(RedisServer server, String host, int port) {
        try (var client = RedisClient.create(server.uri()); var connection = client.connect()) {
            connection.sync().replicaof(host, port);
        }
    }
}
