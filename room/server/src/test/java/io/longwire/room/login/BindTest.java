package io.longwire.room.login;

import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.Bind;
import io.longwire.device.v1.BindResult;
import io.longwire.device.v1.Unbind;
import io.longwire.room.presence.Arrival;
import io.longwire.room.rig.Phone;
import io.longwire.room.rig.RoomRig;
import io.longwire.rpc.room.PushResult;
import java.time.Duration;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BindTest {
    private final RoomRig rig = new RoomRig();
    private final Phone phone = rig.loggedIn(5);

    @Test
    void bindsMoreEndpointsLaterAndFetchesForThem() {
        long waiting = rig.store(6);

        bind(3, rig.guest(6, 60, 5, rig.now()));

        assertThat(phone.bindAck().getReqId()).isEqualTo(3);
        assertThat(phone.bindAck().getResults(0).getCode()).isEqualTo(Code.OK);
        assertThat(phone.pushedIds()).containsExactly(waiting);
    }

    @Test
    void oneAppHasOneEndpointOnAConnection() {
        bind(1, rig.guest(6, RoomRig.APP, 5, rig.now()));

        assertThat(phone.bindAck().getResults(0).getCode()).isEqualTo(Code.LIMIT);
    }

    @Test
    void carriesSixtyFourEndpointsAndNoMore() {
        for (int i = 0; i < 64; i++) {
            bind(i, rig.guest(100 + i, 100 + i, 5, rig.now()));
        }

        assertThat(phone.all(FrameType.BIND_ACK, io.longwire.device.v1.BindAck.parser()))
                .extracting(ack -> ack.getResults(0).getCode()).containsOnlyOnce(Code.LIMIT).contains(Code.OK);
        assertThat(phone.connection().boundCount()).isEqualTo(64);
    }

    @Test
    void bindingAgainRaisesTheConnSeqAndWakesTheEndpoint() {
        long id = rig.store(5);
        rig.push(rig.item(rig.session(5), id).build());
        phone.ackIds(5, AckStatus.ACK_DEFERRED, id);
        assertThat(rig.send(5)).isEqualTo(PushResult.Code.NOT_READY);
        rig.advance(Duration.ofSeconds(1));
        long before = rig.session(5).connSeq();

        bind(9, rig.binding(5, RoomRig.APP, rig.now()));

        assertThat(phone.bindAck().getResults(0).getConnSeq()).isGreaterThan(before);
        assertThat(rig.session(5).connSeq()).isGreaterThan(before);
        assertThat(phone.pushedIds()).contains(id);
        assertThat(phone.closedByRoom).isFalse();
    }

    @Test
    void bindingAgainWithALowerConnSeqOutbidsItself() {
        long before = rig.session(5).connSeq();

        bind(9, rig.binding(5, RoomRig.APP, 1_000));

        assertThat(phone.bindAck().getResults(0).getConnSeq()).isEqualTo(before + 1);
        assertThat(rig.peers.probed).isEmpty();
        assertThat(rig.send(5)).isEqualTo(PushResult.Code.WRITTEN);
    }

    @Test
    void aPushForTheConnSeqOfBeforeFindsNothing() {
        var old = rig.session(5);
        rig.advance(Duration.ofSeconds(1));
        bind(9, rig.binding(5, RoomRig.APP, rig.now()));

        assertThat(rig.push(rig.item(old, rig.store(5)).build())).isEqualTo(PushResult.Code.NOT_HERE);
    }

    @Test
    void unbindingRemovesTheSessionAndTheLastOneClosesTheConnection() {
        bind(1, rig.guest(6, 60, 5, rig.now()));
        var guest = rig.session(6);

        phone.frame(FrameType.UNBIND, Unbind.newBuilder().addEndpointIds(6).addEndpointIds(99).build());
        assertThat(rig.register.of(6)).isNull();
        assertThat(phone.closedByRoom).isFalse();
        assertThat(rig.push(rig.item(guest, rig.store(6)).build())).isEqualTo(PushResult.Code.NOT_HERE);

        phone.frame(FrameType.UNBIND, Unbind.newBuilder().addEndpointIds(5).build());
        assertThat(phone.closedByRoom).isTrue();
        assertThat(rig.register.table).isEmpty();
        assertThat(rig.loops.connections()).isZero();
        assertThat(rig.loops.parked()).isZero();
    }

    @Test
    void tellsOfAnAppThatIsNewAndOfOneThatWasRemoved() {
        bind(1, rig.guest(6, 60, 5, rig.now()));
        bind(2, rig.guest(7, 70, 5, rig.now()).setPrevConnSeq(3));
        long seq = rig.session(6).connSeq();

        phone.frame(FrameType.UNBIND, Unbind.newBuilder().addEndpointIds(6).setReason(1).build());
        phone.frame(FrameType.UNBIND, Unbind.newBuilder().addEndpointIds(7).setReason(2).build());

        assertThat(rig.register.arrivals).extracting(Arrival::appId).containsExactly(RoomRig.APP, 60, 70);
        assertThat(rig.register.arrivals).extracting(Arrival::first).containsExactly(true, true, false);
        assertThat(rig.register.noted).containsExactly("uninstalled 60 6@" + seq);
    }

    @Test
    void aConnectionOutlivesItsHostWhileGuestsAreBound() {
        bind(1, rig.guest(6, 60, 5, rig.now()));

        phone.frame(FrameType.UNBIND, Unbind.newBuilder().addEndpointIds(5).build());
        bind(2, rig.guest(7, 70, 5, rig.now()));

        assertThat(phone.closedByRoom).isFalse();
        assertThat(phone.bindAck().getResultsList()).extracting(BindResult::getCode).containsExactly(Code.OK);
        rig.send(6);
        rig.send(7);
        assertThat(phone.pushes()).hasSize(2);
    }

    private void bind(int request, io.longwire.device.v1.EndpointBinding.Builder binding) {
        phone.frame(FrameType.BIND, Bind.newBuilder().setReqId(request).addBindings(binding).build());
    }
}
