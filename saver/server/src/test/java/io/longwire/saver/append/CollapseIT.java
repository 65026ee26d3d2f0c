package io.longwire.saver.append;

import com.google.protobuf.ByteString;
import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.ConservationRequest;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.FetchResult;
import io.longwire.rpc.saver.How;
import io.longwire.saver.Bench;
import io.longwire.saver.ledger.EndRow;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The newest message of a key stands for the unread ones before it, whatever happens to Redis. */
final class CollapseIT {
    private static final Duration DAY = Duration.ofDays(1);

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
    void keepsOnlyTheNewestUnreadOfAKey() throws Exception {
        long endpoint = bench.newEndpoint();
        AppendResult first = bench.append(keyed(endpoint, "score"));
        AppendResult other = bench.append(keyed(endpoint, "weather"));

        AppendResult second = bench.append(keyed(endpoint, "score"));

        assertThat(first.getCollapsedId()).isZero();
        assertThat(second.getCollapsedId()).isEqualTo(first.getMessageId());
        assertThat(bench.waiting(endpoint)).containsExactly(other.getMessageId(), second.getMessageId());
        collapsedBy(first.getMessageId(), second.getMessageId(), EndRow.COLLAPSED_BY_KEY);
        assertThat(bench.receipts.of(first.getMessageId())).as("another one stands for it").isEmpty();
        await().untilAsserted(() -> assertThat(bench.stock.messages()).isEqualTo(2));

        bench.ack(endpoint, second.getMessageId());
        assertThat(bench.append(keyed(endpoint, "score")).getCollapsedId()).as("it was read").isZero();
    }

    @Test
    void endsAMessageThatComesAfterANewerOneOfItsKey() throws Exception {
        long endpoint = bench.newEndpoint();
        AppendItem.Builder late = keyed(endpoint, "score");
        AppendResult newer = bench.append(keyed(endpoint, "score"));

        AppendResult answer = bench.append(late);

        assertThat(answer.getCode()).isEqualTo(AppendResult.Code.ACCEPTED);
        assertThat(bench.waiting(endpoint)).containsExactly(newer.getMessageId());
        collapsedBy(late.getMessageId(), newer.getMessageId(), EndRow.COLLAPSED_BY_KEY);
        assertThat(bench.append(late).getCode()).as("asked again").isEqualTo(AppendResult.Code.ACCEPTED);
        assertThat(bench.waiting(endpoint)).containsExactly(newer.getMessageId());
    }

    @Test
    void replacesTheMessageThatIsNamed() throws Exception {
        long endpoint = bench.newEndpoint();
        long first = bench.accept(endpoint, "draft", DAY);
        long foreign = bench.accept(bench.newEndpoint(), "another endpoint's", DAY);

        AppendResult second = bench.append(bench.item(endpoint, "final", DAY).setReplaces(first));
        AppendResult none = bench.append(bench.item(endpoint, "of nobody", DAY).setReplaces(foreign));

        assertThat(second.getCollapsedId()).isEqualTo(first);
        assertThat(none.getCollapsedId()).isZero();
        assertThat(bench.waiting(endpoint)).containsExactly(second.getMessageId(), none.getMessageId());
        collapsedBy(first, second.getMessageId(), EndRow.COLLAPSED_BY_REPLACE);
        assertThat(bench.ack(endpoint, first)).isEqualTo(EndResult.Code.ALREADY_ENDED);
        assertThat(bench.append(bench.item(endpoint, "again", DAY).setReplaces(first)).getCollapsedId())
                .as("it has ended").isZero();
    }

    @Test
    void collapsesInAColdSlotAndDoesNotResurrectAtItsRepair() throws Exception {
        long endpoint = bench.newEndpoint();
        long first = bench.append(keyed(endpoint, "score")).getMessageId();
        bench.clock.advance(Duration.ofMillis(2_100)); // nothing is believed: the appends go to a COLD slot
        bench.server.kill();
        await().until(() -> bench.redis.session(Slots.of(endpoint)) == null);
        AppendResult second = bench.append(keyed(endpoint, "score"));
        AppendResult third = bench.append(keyed(endpoint, "score"));
        assertThat(third.getCold()).isTrue();
        bench.cold.refresh();

        assertThat(bench.waiting(endpoint)).as("by the ledger").containsExactly(third.getMessageId());
        collapsedBy(first, third.getMessageId(), EndRow.COLLAPSED_BY_KEY);
        collapsedBy(second.getMessageId(), third.getMessageId(), EndRow.COLLAPSED_BY_KEY);

        bench.server.restart();
        await().until(() -> bench.redis.session(0) != null);
        bench.warm();
        assertThat(bench.fetch(endpoint).getCode()).isEqualTo(FetchResult.Code.OK);
        assertThat(bench.waiting(endpoint)).containsExactly(third.getMessageId());
    }

    @Test
    void collapsesAtTheRepairOfAWipedRedis() throws Exception {
        long endpoint = bench.newEndpoint();
        bench.append(keyed(endpoint, "score"));
        bench.server.wipe();
        await().until(() -> bench.redis.session(0) != null);
        bench.clock.advance(Duration.ofMillis(2_100));
        AppendResult second = bench.append(keyed(endpoint, "score")); // into the wiped one, which knows no first
        assertThat(second.getCollapsedId()).isZero();

        bench.warm();

        assertThat(bench.waiting(endpoint)).containsExactly(second.getMessageId());
        long now = bench.clock.wallMillis();
        await().untilAsserted(() -> assertThat(bench.conservation.scan(ConservationRequest.newBuilder()
                .setFromMs(now - 3_600_000).setToMs(now + 1).build())).satisfies(law -> {
                    assertThat(law.getEndedOrDefault("COLLAPSED", 0)).isEqualTo(1);
                    assertThat(law.getLive()).isEqualTo(1);
                    assertThat(law.getGap()).isZero();
                    assertThat(law.getHidden()).isZero();
                }));
    }

    @Test
    void remembersWhatIsCollapsedWhenItsEndCouldNotBeWritten() throws Exception {
        long endpoint = bench.newEndpoint();
        long first = bench.append(keyed(endpoint, "score")).getMessageId();
        bench.execute("RENAME TABLE end_log TO end_log_away");
        AppendResult second = bench.append(keyed(endpoint, "score"));
        assertThat(second.getCode()).isEqualTo(AppendResult.Code.ACCEPTED);
        assertThat(bench.waiting(endpoint)).containsExactly(second.getMessageId());

        bench.execute("RENAME TABLE end_log_away TO end_log");
        assertThat(bench.waiting(endpoint)).containsExactly(second.getMessageId());

        collapsedBy(first, second.getMessageId(), EndRow.COLLAPSED_BY_KEY);
    }

    private void collapsedBy(long message, long by, int code) {
        await().untilAsserted(() -> assertThat(bench.count("SELECT COUNT(*) FROM end_log WHERE msg_id = " + message
                + " AND how = " + How.COLLAPSED_VALUE + " AND code = " + code + " AND by_id = " + by)).isEqualTo(1));
    }

    private AppendItem.Builder keyed(long endpoint, String key) {
        return bench.item(endpoint, "of " + key, DAY).setCollapseKey(ByteString.copyFromUtf8(key));
    }
}
