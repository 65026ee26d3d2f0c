package io.longwire.room.rpc;

import io.longwire.register.client.Session;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.rig.FakeRegister;
import io.longwire.room.rig.Phone;
import io.longwire.room.rig.RoomRig;
import io.longwire.rpc.room.ControlBatch;
import io.longwire.rpc.room.ControlItem;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.room.PushBatch;
import io.longwire.rpc.room.PushBatchReply;
import io.longwire.rpc.room.PushItem;
import io.longwire.rpc.room.PushResult;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PushDeskTest {
    private final RoomRig rig = new RoomRig();
    private final PushDesk desk = new PushDesk(rig.loops, rig.register, () -> FakeRegister.ROOM, rig.metrics);
    private final ControlDesk controls = new ControlDesk(rig.loops, () -> FakeRegister.ROOM, rig.metrics);

    @Test
    void answersEachItemInItsPlaceWhateverLoopItIsOn() {
        Phone one = rig.loggedIn(5);
        Phone two = rig.phone(1).connect(rig.binding(6, RoomRig.APP, rig.now()).build());
        Session gone = new Session(7, 70, FakeRegister.ROOM, 12345);
        Session nowhere = new Session(8, 80, FakeRegister.ROOM, -1);
        PushItem twice = rig.item(rig.session(6), rig.store(6)).build();

        PushBatchReply reply = push(twice, rig.item(gone, rig.mint()).build(),
                rig.item(rig.session(5), rig.store(5)).build(), twice, rig.item(nowhere, rig.mint()).build());

        assertThat(reply.getBatchId()).isEqualTo(3);
        assertThat(reply.getResultsList()).extracting(PushResult::getCode).containsExactly(PushResult.Code.WRITTEN,
                PushResult.Code.NOT_HERE, PushResult.Code.WRITTEN, PushResult.Code.DUPLICATE,
                PushResult.Code.NOT_HERE);
        assertThat(one.pushes()).hasSize(1);
        assertThat(two.pushes()).hasSize(1);
        assertThat(rig.register.strays).containsExactlyInAnyOrder("7@70", "8@80");
        assertThat(rig.metrics.count(RoomMetric.PUSHES, "written")).isEqualTo(2);
    }

    @Test
    void aBatchForAnotherIncarnationIsNotForUs() {
        rig.loggedIn(5);
        var reply = desk.push(PushBatch.newBuilder().setRoomIncarnation(8)
                .addItems(rig.item(rig.session(5), rig.mint())).build()).join();

        assertThat(reply.getResults(0).getCode()).isEqualTo(PushResult.Code.NOT_HERE);
        assertThat(rig.register.strays).isEmpty();
        var control = controls.control(ControlBatch.newBuilder().setRoomIncarnation(8)
                .addItems(ControlItem.getDefaultInstance()).build()).join();
        assertThat(control.getResults(0).getCode()).isEqualTo(ControlResult.Code.NOT_HERE);
    }

    @Test
    void anEmptyBatchIsAnswered() {
        assertThat(push().getResultsCount()).isZero();
    }

    @Test
    void aLoopThatDoesNotKeepUpShedsAsBusy() {
        rig.loggedIn(5);
        PushBatch batch = PushBatch.newBuilder().setRoomIncarnation(FakeRegister.ROOM)
                .addItems(rig.item(rig.session(5), rig.mint())).build();
        CompletableFuture<PushBatchReply> shed = null;
        for (int i = 0; i < 20_000 && shed == null; i++) {
            CompletableFuture<PushBatchReply> answer = desk.push(batch); // the loop does not run meanwhile
            shed = answer.isDone() ? answer : null;
        }

        assertThat(shed).isNotNull();
        assertThat(shed.join().getResults(0).getCode()).isEqualTo(PushResult.Code.BUSY);
        assertThat(rig.metrics.count(RoomMetric.MAILBOX_FULL)).isEqualTo(1);
    }

    @Test
    void controlAnswersEachItemInItsPlace() {
        rig.loggedIn(5);
        Session session = rig.session(5);
        var answer = controls.control(ControlBatch.newBuilder().setBatchId(9).setRoomIncarnation(FakeRegister.ROOM)
                .addItems(ControlItem.newBuilder().setKind(ControlItem.Kind.FETCH).setEndpointId(99))
                .addItems(ControlItem.newBuilder().setKind(ControlItem.Kind.FETCH).setEndpointId(5)
                        .setHandle(session.handle()))
                .build());
        rig.settle();

        assertThat(answer.join().getBatchId()).isEqualTo(9);
        assertThat(answer.join().getResultsList()).extracting(ControlResult::getCode)
                .containsExactly(ControlResult.Code.NOT_HERE, ControlResult.Code.DONE);
    }

    private PushBatchReply push(PushItem... items) {
        PushBatch.Builder batch = PushBatch.newBuilder().setBatchId(3).setRoomIncarnation(FakeRegister.ROOM);
        for (PushItem item : items) {
            batch.addItems(item);
        }
        var answer = desk.push(batch.build());
        rig.settle();
        return answer.join();
    }
}
