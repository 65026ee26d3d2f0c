package io.longwire.saver.fetch;

import io.longwire.device.v1.Push;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.FetchItem;
import io.longwire.rpc.saver.FetchResult;
import io.longwire.rpc.saver.StoredMessage;
import io.longwire.saver.Bench;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Messages whose payload stands once, in their head: never given without it, wherever they come from. */
final class HeadlessIT {
    private static final Duration TTL = Duration.ofDays(20);

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
    void givesTheMessageWithThePayloadOfItsHead() throws Exception {
        long endpoint = bench.newEndpoint();
        long plain = bench.accept(endpoint, "plain", TTL);
        long headless = headless(endpoint, "for many");

        FetchResult result = bench.fetch(endpoint);

        assertThat(result.getCode()).isEqualTo(FetchResult.Code.OK);
        assertThat(result.getMessagesList()).extracting(StoredMessage::getMessageId).containsExactly(plain, headless);
        assertThat(result.getMessages(0).getEnvelope().toStringUtf8()).isEqualTo("plain");
        assertThat(payload(result.getMessages(1))).isEqualTo("for many");
        assertThat(bench.count("SELECT LENGTH(body) FROM msg_log WHERE msg_id = " + headless)).isLessThan(30);
    }

    @Test
    void givesNoMessageWithoutItsPayload() throws Exception {
        long endpoint = bench.newEndpoint();
        long plain = bench.accept(endpoint, "plain", TTL);
        long headless = headless(endpoint, "for many");
        bench.heads.lose(headless);

        FetchResult result = bench.fetch(endpoint);
        assertThat(result.getCode()).isEqualTo(FetchResult.Code.PARTIAL);
        assertThat(result.getMessagesList()).extracting(StoredMessage::getMessageId).containsExactly(plain);

        bench.heads.put(headless, "for many");
        assertThat(bench.waiting(endpoint)).containsExactly(plain, headless);
    }

    // The best of a few, because the machine may stand still meanwhile: one wait after the other is never quicker.
    @Test
    void waitsForASilentLedgerOnlyOnceWhateverItLacks() throws Exception {
        long endpoint = bench.newEndpoint();
        long plain = bench.accept(endpoint, "plain", TTL);
        bench.heads.silence(headless(endpoint, "for many"));
        bench.clock.advance(Duration.ofMillis(2_100)); // the copy of the COLD set is old: the ledger is asked, too
        List<Duration> took = new ArrayList<>();
        try (Connection connection = bench.shard.connectForJob(); Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLES msg_log WRITE");
            await().until(() -> {
                long began = Clock.system().nanos();
                FetchResult result = Bench
                        .get(bench.fetches.fetch(FetchItem.newBuilder().setEndpointId(endpoint).build()));
                if (result.getCode() == FetchResult.Code.PARTIAL) { // else its Redis was late
                    took.add(Duration.ofNanos(Clock.system().nanos() - began));
                    assertThat(result.getMessagesList()).extracting(StoredMessage::getMessageId)
                            .containsExactly(plain);
                }
                return took.size() == 4;
            });
            statement.execute("UNLOCK TABLES");
        }

        assertThat(Collections.min(took)).isLessThan(Duration.ofMillis(480));
    }

    @Test
    void keepsThePayloadApartThroughColdSlotsRepairCompactionAndParking() throws Exception {
        long endpoint = bench.newEndpoint();
        long headless = headless(endpoint, "for many");

        bench.clock.advance(Duration.ofMillis(2_100));
        givesIt(endpoint, headless, "from the ledger: the copy of the COLD set is old");
        bench.server.wipe();
        await().until(() -> bench.redis.session(0) != null);
        bench.warm();
        givesIt(endpoint, headless, "repaired");
        bench.pass(Duration.ofHours(4));
        bench.partitions.round();
        bench.cold.refresh();
        bench.server.wipe();
        await().until(() -> bench.redis.session(0) != null);
        bench.warm();
        givesIt(endpoint, headless, "repaired from msg_cold");
        for (int day = 0; day < 4; day++) {
            bench.pass(Duration.ofHours(24));
            bench.partitions.round();
            bench.parking.round();
            bench.cold.refresh();
        }
        givesIt(endpoint, headless, "un-parked");
    }

    @Test
    void staysWithinTheBytesThatAreWanted() throws Exception {
        long endpoint = bench.newEndpoint();
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(headless(endpoint, "x".repeat(4_000)));
        }

        FetchResult result = Bench.get(bench.fetches.fetch(FetchItem.newBuilder()
                .setEndpointId(endpoint).setMaxBytes(9_000).build()));

        assertThat(result.getMessagesList()).extracting(StoredMessage::getMessageId)
                .containsExactlyElementsOf(ids.subList(0, 2));
        assertThat(result.getMore()).isTrue();
    }

    @Test
    void refusesAMessageOfAnAppWhoseStockIsFull() throws Exception {
        long endpoint = bench.newEndpoint();
        bench.accept(endpoint, "four", TTL);
        assertThat(bench.stock.messages()).isEqualTo(1);
        assertThat(bench.stock.bytes()).isEqualTo(4);
        bench.stock.full(true);

        AppendResult refused = bench.append(bench.item(endpoint, "one too many", TTL));

        assertThat(refused.getCode()).isEqualTo(AppendResult.Code.REJECTED);
        assertThat(refused.getReason()).startsWith("quota: stored_messages");
        assertThat(bench.count("SELECT COUNT(*) FROM msg_log")).isEqualTo(1);
    }

    private void givesIt(long endpoint, long message, String as) throws Exception {
        FetchResult result = bench.fetch(endpoint);
        assertThat(result.getMessagesList()).as(as).extracting(StoredMessage::getMessageId).containsExactly(message);
        assertThat(payload(result.getMessages(0))).as(as).isEqualTo("for many");
    }

    private long headless(long endpoint, String payload) throws Exception {
        AppendItem.Builder item = bench.item(endpoint, "", TTL).setHeadless(true)
                .setEnvelope(Push.newBuilder().setEndpointId(endpoint).build().toByteString());
        bench.heads.put(item.getMessageId(), payload);
        assertThat(bench.append(item).getCode()).isEqualTo(AppendResult.Code.ACCEPTED);
        return item.getMessageId();
    }

    private static String payload(StoredMessage message) throws Exception {
        return Push.parseFrom(message.getEnvelope()).getPayload().toStringUtf8();
    }
}
