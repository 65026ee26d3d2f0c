package io.longwire.saver.ask;

import com.google.protobuf.ByteString;
import io.longwire.device.v1.Push;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.ReceiptKind;
import io.longwire.rpc.saver.Timeline;
import io.longwire.rpc.saver.TimelineRequest;
import io.longwire.saver.Bench;
import java.time.Duration;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.longwire.saver.Bench.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/** What a message was sent with, from its append to its receipts. */
final class TraceIT {
    private static final ByteString TRACE = ByteString.copyFromUtf8("0 sixteen bytes.. parent 1");
    private static final Duration DAYS = Duration.ofDays(5);

    private Bench bench;
    private Timelines timelines;

    @BeforeEach
    void start() throws Exception {
        bench = new Bench().warm();
        timelines = new Timelines(new Timelines.Parts(bench.shards, bench.calls, bench.redis, bench.cold,
                bench.endings, bench.clock));
    }

    @AfterEach
    void stop() {
        timelines.close();
        bench.close();
    }

    @Test
    void isInTheTimelineAndInWhatIsTold() throws Exception {
        long endpoint = bench.newEndpoint();
        long traced = traced(endpoint, DAYS);
        long plain = bench.accept(endpoint, "plain", DAYS);
        assertThat(timeline(endpoint, traced).getTrace()).isEqualTo(TRACE);

        bench.ack(endpoint, traced);
        bench.ack(endpoint, plain);

        assertThat(timeline(endpoint, traced).getTrace()).isEqualTo(TRACE);
        assertThat(timeline(endpoint, plain).getTrace()).isEmpty();
        assertThat(told(traced)).containsExactly(tuple(ReceiptKind.DELIVERED, TRACE));
        assertThat(told(plain)).containsExactly(tuple(ReceiptKind.DELIVERED, ByteString.EMPTY));
    }

    @Test
    void isReadFromTheLedgerByASaverThatDidNotStoreIt() throws Exception {
        long endpoint = bench.newEndpoint();
        long traced = traced(endpoint, DAYS);
        long plain = bench.accept(endpoint, "plain", DAYS);
        bench.pass(Duration.ofMinutes(11)); // nothing is believed of it without a look

        bench.ack(endpoint, traced);
        bench.ack(endpoint, plain);
        bench.ack(endpoint, traced);

        assertThat(told(traced)).containsExactly(tuple(ReceiptKind.DELIVERED, TRACE),
                tuple(ReceiptKind.DELIVERED, TRACE));
        assertThat(told(plain)).containsExactly(tuple(ReceiptKind.DELIVERED, ByteString.EMPTY));
    }

    @Test
    void outlivesTheRowOfTheMessage() throws Exception {
        long endpoint = bench.newEndpoint();
        long traced = traced(endpoint, DAYS);
        bench.ack(endpoint, traced);
        old(Duration.ofHours(4));
        assertThat(bench.count("SELECT COUNT(*) FROM msg_log")).isZero();

        EndResult.Code shown = get(bench.ends.handle(EndItem.newBuilder().setKind(EndItem.Kind.RECEIPT)
                .setEndpointId(endpoint).setMessageId(traced).setAppId(bench.app).setReceipt(ReceiptKind.SHOWN)
                .build())).getCode();

        assertThat(shown).isEqualTo(EndResult.Code.NOTED);
        assertThat(told(traced)).containsExactly(tuple(ReceiptKind.DELIVERED, TRACE), tuple(ReceiptKind.SHOWN, TRACE));
        assertThat(timeline(endpoint, traced).getTrace()).isEqualTo(TRACE);
        bench.ack(endpoint, traced); // told again from the end alone
        assertThat(told(traced)).hasSize(3).allMatch(each -> each.toList().contains(TRACE));
    }

    @Test
    void isKnownOfWhatExpiresWithItsPartition() throws Exception {
        long endpoint = bench.newEndpoint();
        long traced = traced(endpoint, Duration.ofMinutes(5));
        long plain = bench.accept(endpoint, "plain", Duration.ofMinutes(5));

        old(Duration.ofHours(4));

        assertThat(told(traced)).containsExactly(tuple(ReceiptKind.RECEIPT_EXPIRED, TRACE));
        assertThat(told(plain)).containsExactly(tuple(ReceiptKind.RECEIPT_EXPIRED, ByteString.EMPTY));
        assertThat(timeline(endpoint, traced).getTrace()).isEqualTo(TRACE);
        assertThat(timeline(endpoint, traced).getState()).isEqualTo(Timeline.State.ENDED);
        assertThat(timeline(endpoint, plain).getState()).isEqualTo(Timeline.State.ENDED);
        assertThat(bench.count("SELECT COUNT(*) FROM end_log WHERE trace IS NULL AND msg_id = " + plain)).isOne();
    }

    @Test
    void isKnownOfWhatExpiresInTheColdTable() throws Exception {
        long endpoint = bench.newEndpoint();
        long traced = traced(endpoint, Duration.ofDays(2));
        old(Duration.ofHours(4));

        old(Duration.ofDays(2));

        assertThat(told(traced)).containsExactly(tuple(ReceiptKind.RECEIPT_EXPIRED, TRACE));
        assertThat(timeline(endpoint, traced).getTrace()).isEqualTo(TRACE);
    }

    @Test
    void costsAMessageWithoutOneNothing() throws Exception {
        long endpoint = bench.newEndpoint();

        long plain = bench.accept(endpoint, "plain", DAYS);

        assertThat(bench.count("SELECT kind FROM msg_log WHERE msg_id = " + plain)).isZero();
        assertThat(bench.fetch(endpoint).getMessages(0).getEnvelope().toStringUtf8()).isEqualTo("plain");
    }

    private long traced(long endpoint, Duration ttl) throws Exception {
        AppendItem.Builder item = bench.item(endpoint, "", ttl);
        return bench.append(item.setTraced(true).setEnvelope(Push.newBuilder().setEndpointId(endpoint)
                .setMessageId(item.getMessageId()).setTrace(TRACE).setPayload(ByteString.copyFromUtf8("traced"))
                .build().toByteString())).getMessageId();
    }

    private Timeline timeline(long endpoint, long message) throws Exception {
        return get(timelines.timeline(TimelineRequest.newBuilder().setAppId(bench.app).setEndpointId(endpoint)
                .setMessageId(message).build()));
    }

    private List<Tuple> told(long message) {
        return bench.receipts.of(message).stream().map(each -> tuple(each.kind(), each.trace())).toList();
    }

    private void old(Duration time) throws Exception {
        bench.pass(time);
        bench.partitions.round();
        bench.cold.refresh();
    }
}
