package io.longwire.saver;

import com.google.protobuf.ByteString;
import io.longwire.device.v1.Priority;
import io.longwire.device.v1.Push;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.CancelReply;
import io.longwire.rpc.saver.CancelRequest;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.GetAppRequest;
import io.longwire.rpc.saver.GetEndpointRequest;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.ListDeadRequest;
import io.longwire.rpc.saver.PullReceiptsReply;
import io.longwire.rpc.saver.PullReceiptsRequest;
import io.longwire.rpc.saver.Receipt;
import io.longwire.rpc.saver.ReceiptKind;
import io.longwire.rpc.saver.Timeline;
import io.longwire.rpc.saver.TimelineRequest;
import io.longwire.rpc.saver.UpdateAppRequest;
import io.longwire.rpc.saver.Usage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import static io.longwire.saver.RunningSaver.again;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What can be asked about messages while they live and afterwards, through the calls. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LifeIT {
    @TempDir
    private static Path directory = Path.of("");
    @AutoClose
    private RunningSaver saver;

    @BeforeAll
    void start() throws Exception {
        saver = RunningSaver.start(directory).warm();
        update(AppRecord.newBuilder().setReceipts(true), "receipts");
    }

    @Test
    void tellsWhatBecameOfAMessageInTheApp() throws Exception {
        long endpoint = saver.newEndpoint();
        long message = saver.accept(endpoint, "shown");
        saver.ack(endpoint, message);
        receipt(endpoint, message, ReceiptKind.SHOWN);
        receipt(endpoint, message, ReceiptKind.SHOWN);

        await().until(() -> timeline(endpoint, message).getReceiptsCount() == 2);

        assertThat(timeline(endpoint, message).getReceiptsList()).extracting(Receipt::getKind)
                .containsExactlyInAnyOrder(ReceiptKind.DELIVERED, ReceiptKind.SHOWN);
        assertThat(pulled()).filteredOn(receipt -> receipt.getMessageId() == message).extracting(Receipt::getKind)
                .containsExactlyInAnyOrder(ReceiptKind.DELIVERED, ReceiptKind.SHOWN);
    }

    @Test
    void namesTheMessageThatStandsForACollapsedOne() throws Exception {
        long endpoint = saver.newEndpoint();
        ByteString key = ByteString.copyFromUtf8("score");
        AppendResult first = saver.append(saver.item(endpoint, saver.newId(), "1:0").setCollapseKey(key));
        AppendResult second = saver.append(saver.item(endpoint, saver.newId(), "2:0").setCollapseKey(key));

        assertThat(second.getCollapsedId()).isEqualTo(first.getMessageId());
        await().until(
                () -> timeline(endpoint, first.getMessageId()).getState() == Timeline.State.ENDED);
        Timeline collapsed = timeline(endpoint, first.getMessageId());
        assertThat(collapsed.getHow()).isEqualTo(How.COLLAPSED);
        assertThat(collapsed.getReplacedBy()).isEqualTo(second.getMessageId());
        assertThat(saver.waiting(endpoint)).containsExactly(second.getMessageId());
    }

    @Test
    void saysThatAMessageIsLow() throws Exception {
        long endpoint = saver.newEndpoint();
        var push = Push.newBuilder().setEndpointId(endpoint).setPriority(Priority.PRIORITY_LOW);
        long low = saver.append(saver.item(endpoint, saver.newId(), "").setEnvelope(push.build().toByteString()))
                .getMessageId();

        long other = saver.accept(endpoint, "no push at all");

        assertThat(timeline(endpoint, low).getLow()).isTrue();
        assertThat(timeline(endpoint, other).getLow()).isFalse();
        saver.ack(endpoint, low);
        saver.ack(endpoint, other);
    }

    @Test
    void saysHowAMessageHadEndedThatIsToBeCancelled() throws Exception {
        long endpoint = saver.newEndpoint();
        long acked = saver.accept(endpoint, "acked");
        saver.ack(endpoint, acked);
        long waiting = saver.accept(endpoint, "waiting");

        assertThat(cancel(endpoint, acked)).isEqualTo(CancelReply.newBuilder()
                .setCode(EndResult.Code.ALREADY_ENDED).setHow(How.ACKED).build());
        assertThat(cancel(endpoint, waiting).getCode()).isEqualTo(EndResult.Code.ENDED_NOW);

        Timeline revoked = timeline(endpoint, waiting);
        assertThat(revoked.getHow()).isEqualTo(How.CANCELLED);
        assertThat(revoked.getCode()).as("revoked").isEqualTo(1);
        assertThat(cancel(endpoint, waiting).getHow()).isEqualTo(How.CANCELLED);
        assertThat(cancel(endpoint, saver.newId()).getCode()).isEqualTo(EndResult.Code.NO_MESSAGE);
        assertThat(timeline(endpoint, saver.newId()).getState()).isEqualTo(Timeline.State.NOT_FOUND);
    }

    @Test
    void refusesWhatIsAboveTheQuotaOfWaitingMessages() throws Exception {
        await().until(() -> usage().getStoredMessages() == waiting());
        long before = usage().getStoredMessages();
        update(AppRecord.newBuilder().setStoredMessages(before + 2), "stored_messages");
        try {
            long endpoint = saver.newEndpoint();
            var most = new ArrayList<>(List.of(saver.accept(endpoint, "1")));
            saver.accept(endpoint, "2");

            await().until(() -> {
                AppendResult result = saver.append(saver.item(endpoint, saver.newId(), "3"));
                if (result.getCode() == AppendResult.Code.ACCEPTED) { // what waited before is counted a second late
                    most.add(result.getMessageId());
                }
                return result.getReason().startsWith("quota:");
            });
            for (long message : most) {
                saver.ack(endpoint, message);
            }
            await().until(() -> saver
                    .append(saver.item(endpoint, saver.newId(), "4")).getCode() == AppendResult.Code.ACCEPTED);
        } finally {
            update(AppRecord.newBuilder().setStoredMessages(0), "stored_messages");
        }
    }

    @Test
    void notesThatAnEndpointWasSeenByItsFetch() throws Exception {
        long endpoint = saver.newEndpoint();
        try (var connection = saver.sql(); var statement = connection.createStatement()) {
            statement.execute("UPDATE endpoint SET seen_at = 1000 WHERE ep = " + endpoint);
        }

        saver.fetch(endpoint);

        await().until(() -> again(() -> saver.client.endpoint(
                GetEndpointRequest.newBuilder().setEndpointId(endpoint).build())).getSeenMs() > 1_000);
    }

    @Test
    void listsNoLetterWhereNoneIsDead() throws Exception {
        assertThat(again(() -> saver.client.deadLetters(ListDeadRequest.newBuilder().setAppId(saver.app).build()))
                .getLettersList()).isEmpty();
        assertThat(again(() -> saver.client.deadLetter(CancelRequest.newBuilder().setAppId(saver.app)
                .setEndpointId(1).setMessageId(2).build())).getEndpointId()).isZero();
    }

    private List<Receipt> pulled() throws Exception {
        var all = new ArrayList<Receipt>();
        ByteString cursor = ByteString.EMPTY;
        boolean more = true;
        while (more) {
            var request = PullReceiptsRequest.newBuilder().setAppId(saver.app).setCursor(cursor).setLimit(2).build();
            PullReceiptsReply reply = again(() -> saver.client.pullReceipts(request));
            all.addAll(reply.getReceiptsList());
            cursor = reply.getCursor();
            more = reply.getMore();
        }
        return all;
    }

    private void receipt(long endpoint, long message, ReceiptKind kind) throws Exception {
        again(() -> saver.client.end(EndItem.newBuilder().setKind(EndItem.Kind.RECEIPT).setEndpointId(endpoint)
                .setMessageId(message).setAppId(saver.app).setReceipt(kind).setAtMs(5).build()));
    }

    private CancelReply cancel(long endpoint, long message) throws Exception {
        return again(() -> saver.client.cancel(CancelRequest.newBuilder().setAppId(saver.app)
                .setEndpointId(endpoint).setMessageId(message).setCode(1).build()));
    }

    private Timeline timeline(long endpoint, long message) throws Exception {
        return again(() -> saver.client.timeline(TimelineRequest.newBuilder().setAppId(saver.app)
                .setEndpointId(endpoint).setMessageId(message).build()));
    }

    private Usage usage() throws Exception {
        return again(() -> saver.client.usage(GetAppRequest.newBuilder().setAppId(saver.app).build()));
    }

    private long waiting() throws Exception {
        return saver.count("SELECT COUNT(*) FROM msg_log m LEFT JOIN end_log e"
                + " ON e.slot = m.slot AND e.ep = m.ep AND e.msg_id = m.msg_id WHERE e.msg_id IS NULL");
    }

    private void update(AppRecord.Builder values, String field) throws Exception {
        again(() -> saver.client.updateApp(
                UpdateAppRequest.newBuilder().setApp(values.setAppId(saver.app)).addMask(field).build()));
    }
}
