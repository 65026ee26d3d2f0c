package io.longwire.room.client;

import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.rpc.register.Session;
import io.longwire.rpc.room.ControlBatch;
import io.longwire.rpc.room.ControlBatchReply;
import io.longwire.rpc.room.ControlItem;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.room.PushBatch;
import io.longwire.rpc.room.PushBatchReply;
import io.longwire.rpc.room.PushItem;
import io.longwire.rpc.room.PushResult;
import io.longwire.testkit.cluster.FakeCluster;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RoomClientTest {
    private final FakeRpc rpc = new FakeRpc();
    private final FakeCluster cluster = FakeCluster.of("center");
    private final RoomClient client = new RoomClient(rpc, cluster);
    private final Session inRoom7 = Session.newBuilder().setEndpointId(5).setConnSeq(900).setRoomIncarnation(7)
            .setHandle(33).build();

    @Test
    void sendsToTheAddressOfTheIncarnationWithTheSessionOnTheItem() {
        cluster.show("room", FakeCluster.member("room", 7));

        client.push(inRoom7, RoomClient.pushTo(inRoom7).setMessageId(1).build());

        assertThat(rpc.sent).hasSize(1);
        assertThat(rpc.sent.getFirst().address()).isEqualTo("10.0.0.1:7007");
        PushItem item = (PushItem) rpc.sent.getFirst().item();
        assertThat(item.getEndpointId()).isEqualTo(5);
        assertThat(item.getConnSeq()).isEqualTo(900);
        assertThat(item.getHandle()).isEqualTo(33);
    }

    @Test
    void aRoomNeverSeenIsAFailureAndNotAnAbsence() {
        assertKind(client.push(inRoom7, PushItem.getDefaultInstance()), RpcFailure.Kind.NO_TARGET);
        assertKind(client.fetch(inRoom7), RpcFailure.Kind.NO_TARGET);
        assertKind(client.probe(inRoom7), RpcFailure.Kind.NO_TARGET);
    }

    @Test
    void aRoomThatLeftAnswersNotHereAndItsPendingCallsFail() {
        cluster.show("room", FakeCluster.member("room", 7));
        var pending = client.push(inRoom7, PushItem.getDefaultInstance());

        cluster.show("room", FakeCluster.member("room", 8));

        assertKind(pending, RpcFailure.Kind.CLOSED);
        assertThat(rpc.open).isZero();
        assertThat(client.push(inRoom7, PushItem.getDefaultInstance())).isCompletedWithValue(PushResult.Code.NOT_HERE);
        assertThat(client.drop(inRoom7, 9)).isCompletedWithValue(ControlResult.Code.NOT_HERE);
        assertThat(client.probe(inRoom7)).isCompletedWithValue(ControlResult.Code.NOT_HERE);
    }

    @Test
    void probesHaveAStreamOfTheirOwnBecauseTheyWaitForPhones() {
        cluster.show("room", FakeCluster.member("room", 7));

        client.probe(inRoom7);
        client.kick(inRoom7, new KickOrder(72, 60_000, "enough", false));

        ControlMethod probe = (ControlMethod) rpc.sent.get(0).method();
        ControlMethod kick = (ControlMethod) rpc.sent.get(1).method();
        assertThat(probe.deadline()).isEqualTo(ControlMethod.PROBE);
        assertThat(kick.deadline()).isEqualTo(ControlMethod.QUICK);
        ControlItem item = (ControlItem) rpc.sent.get(1).item();
        assertThat(item.getKind()).isEqualTo(ControlItem.Kind.KICK);
        assertThat(item.getCode()).isEqualTo(72);
        assertThat(item.getText()).isEqualTo("enough");
        assertThat(item.getRetryAfterMs()).isEqualTo(60_000);
        assertThat(item.getConnSeq()).isEqualTo(900);
        assertThat(item.getHandle()).isEqualTo(33);
    }

    @Test
    void askNamesTheMessageAndBringsTheWholeAnswer() {
        cluster.show("room", FakeCluster.member("room", 7));

        client.ask(inRoom7, 77);

        ControlItem item = (ControlItem) rpc.sent.getFirst().item();
        assertThat(item.getKind()).isEqualTo(ControlItem.Kind.ASK);
        assertThat(item.getMessageId()).isEqualTo(77);
        assertThat(item.getHandle()).isEqualTo(33);
        ControlResult written = ControlResult.newBuilder().setWrittenMs(1).setWindow(2).build();
        assertThat(new ControlMethod(7, ControlMethod.QUICK)
                .results(ControlBatchReply.newBuilder().addResults(written).build())).containsExactly(written);
        cluster.show("room", FakeCluster.member("room", 8));
        assertThat(client.ask(inRoom7, 77).join().getCode()).isEqualTo(ControlResult.Code.NOT_HERE);
    }

    @Test
    void oneSetOfStreamsServesAllCallsToARoom() {
        cluster.show("room", FakeCluster.member("room", 7), FakeCluster.member("room", 8));

        client.fetch(inRoom7);
        client.fetch(inRoom7);
        client.fetch(inRoom7.toBuilder().setRoomIncarnation(8).build());

        assertThat(rpc.open).isEqualTo(6);
        assertThat(client.pending()).isEqualTo(3);
    }

    @Test
    void afterCloseEverythingFailsAtOnce() {
        cluster.show("room", FakeCluster.member("room", 7));
        var pending = client.fetch(inRoom7);

        client.close();

        assertKind(pending, RpcFailure.Kind.CLOSED);
        assertKind(client.fetch(inRoom7), RpcFailure.Kind.CLOSED);
        assertThat(rpc.open).isZero();
    }

    @Test
    void batchesCarryTheIncarnationTheyMean() {
        PushBatch push = new PushMethod(7).batch(3, List.of(PushItem.getDefaultInstance()));
        ControlBatch control = new ControlMethod(7, ControlMethod.QUICK).batch(4,
                List.of(ControlItem.getDefaultInstance()));

        assertThat(push.getRoomIncarnation()).isEqualTo(7);
        assertThat(push.getBatchId()).isEqualTo(3);
        assertThat(control.getRoomIncarnation()).isEqualTo(7);
        assertThat(control.getBatchId()).isEqualTo(4);
        PushBatchReply reply = PushBatchReply.newBuilder().setBatchId(3)
                .addResults(PushResult.newBuilder().setCode(PushResult.Code.PARKED)).build();
        assertThat(new PushMethod(7).results(reply)).containsExactly(PushResult.Code.PARKED);
        assertThat(new PushMethod(7).batchId(reply)).isEqualTo(3);
    }

    private static void assertKind(CompletableFuture<?> call, RpcFailure.Kind kind) {
        assertThat(call).isCompletedExceptionally();
        assertThatThrownBy(call::join).cause()
                .isInstanceOfSatisfying(RpcFailure.class, failure -> assertThat(failure.kind()).isEqualTo(kind));
    }
}
