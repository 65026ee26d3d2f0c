package io.longwire.saver.end;

import com.google.protobuf.ByteString;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushKind;
import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.Conservation;
import io.longwire.rpc.saver.ConservationRequest;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.ReceiptKind;
import io.longwire.saver.Bench;
import io.longwire.saver.FakeReceipts.Told;
import io.longwire.saver.inbox.Inbox;
import io.longwire.saver.inbox.RedisSession;
import io.longwire.saver.ledger.EndRow;
import io.longwire.saver.ledger.Ended;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.StoreFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.longwire.saver.Bench.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** All ways to end in one ledger: what is told of each, and that the books balance. */
final class EveryEndIT {
    private static final Duration WEEK = Duration.ofDays(7);
    private static final CompletableFuture<@Nullable Void> LOST = CompletableFuture
            .failedFuture(new StoreFailure(StoreFailure.Kind.UNAVAILABLE, "as the test says"));

    private Bench bench;
    private long began;

    @BeforeEach
    void start() throws Exception {
        bench = new Bench().warm();
        began = bench.clock.wallMillis();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void balancesTheBooksOverAllWaysToEndBeforeAndAfterCompaction() throws Exception {
        mix();

        settled(law());
        bench.pass(Duration.ofHours(4));
        bench.partitions.round();
        bench.cold.refresh();

        assertThat(bench.count("SELECT COUNT(*) FROM msg_log")).isZero();
        settled(law());
        assertThat(bench.stock.messages()).as("what lives").isEqualTo(2);
    }

    // All of them are under way before the first is written: none finds an end when it looks.
    @Test
    void countsOneEndOfSeveralThatMeetTheSameMessageInTheSameMillisecond() throws Exception {
        long endpoint = bench.newEndpoint();
        EndRow end = EndRow.own(new MessageKey(endpoint, bench.accept(endpoint, "m", WEEK)), How.EXPIRED, 0,
                bench.clock.wallMillis());
        var ends = new ArrayList<CompletableFuture<Ended>>();
        try (var connection = bench.shard.connectForJob(); var statement = connection.createStatement()) {
            statement.execute("LOCK TABLES end_log WRITE");
            for (int at = 0; at < 4; at++) {
                ends.add(bench.endings.end(end));
            }
            await().during(Duration.ofMillis(100)).until(() -> bench.count("SELECT COUNT(*) FROM"
                    + " information_schema.processlist WHERE state LIKE 'Waiting for table%'") >= 1);
            statement.execute("UNLOCK TABLES");
        }
        var told = new ArrayList<Ended>();
        for (var each : ends) {
            told.add(get(each));
        }

        assertThat(told).containsOnlyOnce(Ended.NOW).doesNotContain(Ended.NO_MESSAGE);
        assertThat(bench.stock.messages()).isZero();
    }

    @Test
    void findsAMessageThatLeftItsInboxWithoutAnEnd() throws Exception {
        mix();
        long endpoint = bench.newEndpoint();
        long leaked = bench.accept(endpoint, "leaked", WEEK);
        assertThat(law().getHidden()).isZero();

        RedisSession session = bench.redis.session(Slots.of(endpoint));
        assertThat(session).isNotNull();
        get(new Inbox(bench.clock).remove(session, endpoint, List.of(leaked), true)); // as an ack whose end was skipped

        assertThat(law().getHidden()).isEqualTo(1);
    }

    @Test
    void findsARowThatLeftTheLedgerWithoutAnEnd() throws Exception {
        mix();
        bench.pass(Duration.ofHours(4));
        bench.partitions.round();
        bench.cold.refresh();
        assertThat(law().getGap()).isZero();

        // an end that was skipped
        bench.execute("UPDATE closed_minute SET n = n - 1 WHERE how = " + How.ACKED_VALUE + " LIMIT 1");

        assertThat(law().getGap()).isEqualTo(1);
    }

    @Test
    void tellsTheReceiptsOfTheCompactorsEnds() throws Exception {
        long endpoint = bench.newEndpoint();
        long warm = bench.accept(endpoint, "expires in msg_log", Duration.ofMinutes(10));
        long cold = bench.accept(endpoint, "expires in msg_cold", Duration.ofHours(10));
        bench.pass(Duration.ofHours(4));
        bench.partitions.round();
        assertThat(bench.receipts.kinds(warm)).containsExactly(ReceiptKind.RECEIPT_EXPIRED);
        assertThat(bench.receipts.of(cold)).isEmpty();

        bench.pass(Duration.ofHours(7));
        bench.partitions.round();
        bench.partitions.round();

        assertThat(bench.receipts.kinds(cold)).containsExactly(ReceiptKind.RECEIPT_EXPIRED);
        assertThat(bench.stock.messages()).isZero();
    }

    @Test
    void confirmsAnAckWhenItsReceiptIsKeptThoughItLeavesTheInboxAtOnce() throws Exception {
        long endpoint = bench.newEndpoint();
        long message = bench.accept(endpoint, "acked", WEEK);
        bench.receipts.answer = new CompletableFuture<>();

        CompletableFuture<EndResult> acked = bench.ends.handle(ack(endpoint, message));

        await().until(() -> bench.waiting(endpoint).isEmpty());
        assertThat(acked).isNotDone();
        bench.receipts.answer.complete(null);
        assertThat(get(acked).getCode()).isEqualTo(EndResult.Code.ENDED_NOW);
    }

    @Test
    void bringsBackTheReceiptOfAnAckThatWasCommittedWithoutIt() throws Exception {
        long endpoint = bench.newEndpoint();
        long message = bench.accept(endpoint, "acked", WEEK);
        bench.receipts.answer = LOST;
        assertThat(get(bench.ends.handle(ack(endpoint, message))).getCode()).as("the room keeps it and asks again")
                .isEqualTo(EndResult.Code.UNAVAILABLE);
        assertThat(bench.count("SELECT COUNT(*) FROM end_log")).isEqualTo(1);
        bench.receipts.answer = ReceiptLog.NOTHING;

        assertThat(get(bench.ends.handle(ack(endpoint, message))).getCode()).isEqualTo(EndResult.Code.ALREADY_ENDED);

        assertThat(bench.receipts.kinds(message)).containsExactly(ReceiptKind.DELIVERED);
    }

    @Test
    void bringsBackTheReceiptOfAnEndOfItsOwnWhenItMeetsTheMessageAgain() throws Exception {
        long endpoint = bench.newEndpoint();
        long message = bench.accept(endpoint, "expired", Duration.ofMinutes(5));
        bench.receipts.answer = LOST;
        bench.pass(Duration.ofMinutes(6));
        assertThat(bench.waiting(endpoint)).isEmpty();
        await().until(() -> bench.count("SELECT COUNT(*) FROM end_log") == 1);
        bench.receipts.answer = ReceiptLog.NOTHING;

        assertThat(bench.waiting(endpoint)).isEmpty();

        await().until(() -> bench.receipts.kinds(message).equals(List.of(ReceiptKind.RECEIPT_EXPIRED)));
    }

    @Test
    void compactsNothingWhoseReceiptIsNotKept() throws Exception {
        long endpoint = bench.newEndpoint();
        long message = bench.accept(endpoint, "expires in msg_log", Duration.ofMinutes(10));
        bench.pass(Duration.ofHours(4));
        bench.receipts.answer = LOST;
        assertThatThrownBy(bench.partitions::round).hasMessageStartingWith("receipts: not kept");
        assertThat(bench.count("SELECT COUNT(*) FROM end_log")).isZero();
        bench.receipts.answer = ReceiptLog.NOTHING;

        bench.partitions.round();

        assertThat(bench.receipts.kinds(message)).containsExactly(ReceiptKind.RECEIPT_EXPIRED);
        assertThat(bench.count("SELECT COUNT(*) FROM end_log")).isEqualTo(1);
    }

    @Test
    void tellsTheAckOfARevokeForTheMessageThatWasTakenBack() throws Exception {
        long endpoint = bench.newEndpoint();
        long shown = bench.accept(endpoint, "shown", WEEK);
        acked(endpoint, shown, AckStatus.ACK_SHOWN);
        long revoke = revoke(endpoint, shown);
        long late = revoke(endpoint, shown);

        acked(endpoint, revoke, AckStatus.ACK_STORED);
        acked(endpoint, late, AckStatus.ACK_REVOKE_LATE);

        assertThat(bench.receipts.kinds(shown)).containsExactly(ReceiptKind.DELIVERED, ReceiptKind.SHOWN,
                ReceiptKind.REVOKED, ReceiptKind.REVOKE_LATE);
        assertThat(bench.receipts.of(revoke)).isEmpty();
        assertThat(bench.count("SELECT ref FROM msg_log WHERE msg_id = " + revoke)).isEqualTo(shown);
    }

    @Test
    void takesAReceiptOnlyForAMessageOfThatEndpointAndApp() throws Exception {
        long endpoint = bench.newEndpoint();
        long message = bench.accept(endpoint, "clicked", WEEK);
        acked(endpoint, message, AckStatus.ACK_STORED);

        assertThat(receipt(endpoint, message, bench.app)).isEqualTo(EndResult.Code.NOTED);
        assertThat(receipt(endpoint, message, bench.app + 1)).isEqualTo(EndResult.Code.NO_MESSAGE);
        assertThat(receipt(bench.newEndpoint(), message, bench.app)).isEqualTo(EndResult.Code.NO_MESSAGE);
        bench.pass(Duration.ofHours(4));
        bench.partitions.round();
        assertThat(receipt(endpoint, message, bench.app)).as("its end is known for 8 days")
                .isEqualTo(EndResult.Code.NOTED);

        assertThat(bench.receipts.of(message)).extracting(Told::kind).containsExactly(ReceiptKind.DELIVERED,
                ReceiptKind.CLICKED, ReceiptKind.CLICKED);
    }

    // Two of these live on.
    private void mix() throws Exception {
        long endpoint = bench.newEndpoint();
        acked(endpoint, bench.accept(endpoint, "acked", WEEK), AckStatus.ACK_STORED);
        acked(endpoint, bench.accept(endpoint, "unreadable", WEEK), AckStatus.ACK_DECRYPT_FAILED);
        long cancelled = bench.accept(endpoint, "cancelled", WEEK);
        get(bench.endings.end(new EndRow(new MessageKey(endpoint, cancelled), bench.app, How.CANCELLED,
                EndRow.REVOKED, bench.clock.wallMillis(), EndRow.Course.NONE)));
        bench.append(keyed(endpoint));
        bench.append(keyed(endpoint));
        long replaced = bench.accept(endpoint, "replaced", WEEK);
        acked(endpoint, bench.append(bench.item(endpoint, "stands for it", WEEK).setReplaces(replaced))
                .getMessageId(), AckStatus.ACK_CLICKED);
        long dead = bench.accept(endpoint, "dead", WEEK);
        for (int attempt = 1; attempt <= 10; attempt++) {
            bench.unacked(endpoint, dead);
        }
        full(bench.newEndpoint());
        long gone = bench.newEndpoint();
        get(bench.endings.endAll(gone, List.of(bench.accept(gone, "deleted", WEEK)), How.DELETED));
        long expiring = bench.newEndpoint();
        bench.accept(expiring, "expired", Duration.ofMinutes(5));
        bench.pass(Duration.ofMinutes(6));
        assertThat(bench.waiting(expiring)).isEmpty();
        bench.accept(expiring, "lives", WEEK);
        await().until(() -> law().getLive() == 2);
    }

    private void full(long endpoint) throws Exception {
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 201; i++) {
            ids.add(bench.accept(endpoint, "m" + i, WEEK));
        }
        await().until(() -> bench.count("SELECT COUNT(*) FROM end_log WHERE how = " + How.OVERFLOWED_VALUE) == 1);
        assertThat(bench.receipts.of(ids.getFirst())).containsExactly(new Told(bench.app, endpoint, ids.getFirst(),
                ReceiptKind.FAILED, How.OVERFLOWED_VALUE * EndEffects.HOW_FACTOR));
        for (long message : ids.subList(1, ids.size())) {
            acked(endpoint, message, AckStatus.ACK_STORED);
        }
    }

    @Test
    void theLawHoldsAtEachMomentWhileAcksCome() throws Exception {
        var acked = new ArrayList<EndItem>();
        for (int i = 0; i < 10; i++) {
            long endpoint = bench.newEndpoint();
            for (int j = 0; j < 40; j++) {
                acked.add(ack(endpoint, bench.accept(endpoint, "m" + j, WEEK)));
            }
        }
        var acks = CompletableFuture.runAsync(() -> acked.forEach(item -> bench.ends.handle(item).join()));
        while (!acks.isDone()) {
            Conservation law = law();
            assertThat(law.getGap()).isZero();
            assertThat(law.getHidden()).isZero();
        }
        acks.join();
        assertThat(law().getLive()).isZero();
    }

    private static void settled(Conservation law) {
        assertThat(law.getEndedMap()).containsEntry("ACKED", 203L).containsEntry("CANCELLED", 1L)
                .containsEntry("COLLAPSED", 2L).containsEntry("DEAD", 1L).containsEntry("OVERFLOWED", 1L)
                .containsEntry("DELETED", 1L).containsEntry("EXPIRED", 1L);
        assertThat(law.getRows()).isEqualTo(212);
        assertThat(law.getLive()).isEqualTo(2);
        assertThat(law.getGap()).isZero();
        assertThat(law.getHidden()).isZero();
    }

    private Conservation law() throws Exception {
        return bench.conservation.scan(ConservationRequest.newBuilder().setFromMs(began - 60_000)
                .setToMs(began + Duration.ofHours(1).toMillis()).build());
    }

    private AppendItem.Builder keyed(long endpoint) {
        return bench.item(endpoint, "of a key", WEEK).setCollapseKey(ByteString.copyFromUtf8("score"));
    }

    private long revoke(long endpoint, long message) throws Exception {
        AppendItem.Builder item = bench.item(endpoint, "", WEEK).setEnvelope(Push.newBuilder()
                .setEndpointId(endpoint).setKind(PushKind.KIND_REVOKE).setReplaces(message).build().toByteString());
        assertThat(bench.append(item).getCode()).isEqualTo(AppendResult.Code.ACCEPTED);
        return item.getMessageId();
    }

    private void acked(long endpoint, long message, AckStatus status) throws Exception {
        assertThat(get(bench.ends.handle(EndItem.newBuilder().setEndpointId(endpoint).setMessageId(message)
                .setAppId(bench.app).setHow(How.ACKED).setCode(status.getNumber()).build())).getCode())
                .isEqualTo(EndResult.Code.ENDED_NOW);
    }

    private EndItem ack(long endpoint, long message) {
        return EndItem.newBuilder().setEndpointId(endpoint).setMessageId(message).setAppId(bench.app)
                .setHow(How.ACKED).setCode(AckStatus.ACK_STORED_VALUE).setAtMs(7).build();
    }

    private EndResult.Code receipt(long endpoint, long message, int app) throws Exception {
        return get(bench.ends.handle(EndItem.newBuilder().setKind(EndItem.Kind.RECEIPT).setEndpointId(endpoint)
                .setMessageId(message).setAppId(app).setReceipt(ReceiptKind.CLICKED).build())).getCode();
    }
}
