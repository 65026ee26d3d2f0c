package io.longwire.room.resume;

import com.google.protobuf.ByteString;
import io.longwire.device.Code;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.BindResult;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.device.v1.NetType;
import io.longwire.device.v1.Push;
import io.longwire.register.client.Session;
import io.longwire.room.rig.Phone;
import io.longwire.room.rig.RoomRig;
import io.longwire.rpc.room.ControlItem;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.room.PushResult;
import io.longwire.rpc.saver.EndItem;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ResumeTest {
    private final RoomRig rig = new RoomRig();
    private final Phone before = rig.loggedIn(5);
    private final Session parked = rig.session(5);
    private final ByteString token = before.welcome().getResumeToken();

    @ParameterizedTest(name = "on loop {0}")
    @ValueSource(ints = {0, 1})
    void aFlashDisconnectWritesNoRegisterAndLoadsNothing(int loop) {
        before.drop();
        rig.advance(Duration.ofSeconds(1));
        int puts = rig.register.puts.size();
        int fetches = rig.saver.fetches.size();

        Phone after = back(loop, parked.connSeq());

        assertThat(after.welcome().getResumed()).isTrue();
        assertThat(after.welcome().getResults(0).getResumed()).isTrue();
        assertThat(after.welcome().getResults(0).getConnSeq()).isEqualTo(parked.connSeq());
        assertThat(rig.register.puts).hasSize(puts);
        assertThat(rig.register.removed).isEmpty();
        assertThat(rig.saver.fetches).hasSize(fetches);
        assertThat(rig.loops.parked()).isZero();
        assertThat(rig.send(5)).isEqualTo(PushResult.Code.WRITTEN); // by the handle the register has
        assertThat(after.pushes()).extracting(Push::getSeq).containsExactly(1L);
    }

    @ParameterizedTest(name = "on loop {0}")
    @ValueSource(ints = {0, 1})
    void aPushToAParkedConnectionComesAtResume(int loop) {
        before.drop();
        assertThat(rig.send(5)).isEqualTo(PushResult.Code.PARKED);

        Phone after = back(loop, parked.connSeq());

        assertThat(after.pushes()).hasSize(1);
    }

    @Test
    void tellsThatThePhoneIsOnAnotherNetworkOnlyIfItIs() {
        before.drop();
        Phone same = back(0, parked.connSeq());
        assertThat(rig.register.noted).isEmpty();
        same.drop();

        rig.phone(1).connect(Connect.newBuilder().setResumeToken(token).setNet(NetType.NET_WIFI)
                .addBindings(rig.binding(5, RoomRig.APP, rig.now()).setPrevConnSeq(parked.connSeq())).build());

        assertThat(rig.register.noted).containsExactly("wifi " + RoomRig.APP + " 5@" + parked.connSeq());
        assertThat(rig.register.removed).isEmpty();
    }

    @Test
    void aTransientToAParkedConnectionIsDropped() {
        before.drop();
        assertThat(rig.push(rig.item(parked, rig.mint()).setTransient(true).build()))
                .isEqualTo(PushResult.Code.PARKED);
        int fetches = rig.saver.fetches.size();

        back(0, parked.connSeq());

        assertThat(rig.saver.fetches).hasSize(fetches);
    }

    @ParameterizedTest(name = "on loop {0}")
    @ValueSource(ints = {0, 1})
    void whatWasNotAckedBeforeTheDropComesAgain(int loop) {
        rig.send(5);
        long id = before.pushedIds().getFirst();
        before.drop();
        rig.advance(Duration.ofMillis(50));
        assertThat(rig.saver.endsOf(id)).extracting(EndItem::getKind).containsExactly(EndItem.Kind.UNACKED);

        Phone after = back(loop, parked.connSeq());

        assertThat(after.pushedIds()).containsExactly(id);
    }

    @Test
    void anotherPrevConnSeqBindsAnewInTheSameRoundTrip() {
        before.drop();
        rig.advance(Duration.ofSeconds(1));
        int fetches = rig.saver.fetches.size();

        Phone after = back(0, parked.connSeq() - 1);

        BindResult result = after.welcome().getResults(0);
        assertThat(result.getCode()).isEqualTo(Code.OK);
        assertThat(result.getResumed()).isFalse();
        assertThat(result.getConnSeq()).isGreaterThan(parked.connSeq());
        assertThat(rig.session(5).connSeq()).isEqualTo(result.getConnSeq());
        assertThat(rig.register.removed).isEmpty();
        assertThat(rig.saver.fetches).hasSize(fetches + 1);
        assertThat(rig.send(5)).isEqualTo(PushResult.Code.WRITTEN);
    }

    @Test
    void eachEndpointResumesOrBindsByItselfAndThoseNotListedLeave() {
        Phone two = rig.phone(1).connect(rig.binding(10, RoomRig.APP, rig.now()).build(),
                rig.guest(11, 111, 10, rig.now()).build(), rig.guest(12, 112, 10, rig.now()).build());
        long host = rig.session(10).connSeq();
        two.drop();
        rig.advance(Duration.ofSeconds(1));

        Phone after = rig.phone(0).connect(Connect.newBuilder().setResumeToken(two.welcome().getResumeToken())
                .addBindings(rig.binding(10, RoomRig.APP, rig.now()).setPrevConnSeq(host))
                .addBindings(rig.guest(11, 111, 10, rig.now()).setPrevConnSeq(1))
                .addBindings(rig.guest(13, 113, 10, rig.now())).build());

        assertThat(after.welcome().getResultsList()).extracting(BindResult::getResumed).containsExactly(true, false,
                false);
        assertThat(after.welcome().getResultsList()).extracting(BindResult::getCode).containsOnly(Code.OK);
        assertThat(rig.session(10).connSeq()).isEqualTo(host);
        assertThat(rig.session(11).connSeq()).isGreaterThan(host);
        assertThat(rig.register.of(12)).isNull();
        assertThat(rig.session(13).handle()).isEqualTo(rig.session(10).handle());
        for (long endpoint : new long[]{10, 11, 13}) {
            assertThat(rig.send(endpoint)).isEqualTo(PushResult.Code.WRITTEN);
        }
    }

    @Test
    void anEndpointThatWasPutOffStaysSoOverAResume() {
        rig.send(5);
        before.ackIds(5, AckStatus.ACK_DEFERRED, before.pushedIds().getFirst());
        before.drop();

        Phone after = back(1, parked.connSeq());

        assertThat(after.pushes()).isEmpty();
        assertThat(rig.send(5)).isEqualTo(PushResult.Code.NOT_READY);
        after.ready(5);
        assertThat(after.pushes()).hasSize(2);
    }

    @Test
    void aConnectionWhoseDropWasNotNoticedIsTakenOver() {
        Phone after = back(1, parked.connSeq()); // the old socket hangs half open

        assertThat(after.welcome().getResumed()).isTrue();
        assertThat(before.closedByRoom).isTrue();
        before.drop();
        assertThat(rig.send(5)).isEqualTo(PushResult.Code.WRITTEN);
        assertThat(rig.loops.parked()).isZero();
    }

    @Test
    void aPhoneMayComeBackOnAnyLoopAnyNumberOfTimes() {
        Phone phone = before;
        for (int loop : new int[]{1, 0, 1, 1, 0, 0, 1}) {
            phone.drop();
            rig.advance(Duration.ofMillis(200));
            phone = back(loop, parked.connSeq());
            assertThat(phone.welcome().getResumed()).isTrue();
            assertThat(rig.send(5)).isEqualTo(PushResult.Code.WRITTEN);
            assertThat(phone.pushes()).isNotEmpty();
            phone.ackUpTo(phone.pushes().getLast().getSeq());
            rig.advance(Duration.ofMillis(100));
        }

        assertThat(rig.register.puts).hasSize(1);
        assertThat(rig.loops.connections()).isEqualTo(1);
        phone.drop();
        rig.advance(Duration.ofSeconds(31));
        assertThat(rig.loops.connections()).isZero();
        assertThat(rig.loops.at(0).loop().table().at(parked.handle())).isNull(); // the home place is free again
    }

    @Test
    void whenTheTimeIsOverTheSessionIsRemovedFromTheRegister() {
        before.drop();
        rig.advance(Duration.ofSeconds(29));
        assertThat(rig.register.of(5)).isNotNull();

        rig.advance(Duration.ofSeconds(2));

        assertThat(rig.register.of(5)).isNull();
        assertThat(rig.register.removed).containsExactly("5@" + parked.connSeq());
        Phone late = back(0, parked.connSeq());
        assertThat(late.welcome().getResumed()).isFalse();
        assertThat(late.welcome().getResults(0).getCode()).isEqualTo(Code.OK);
    }

    @Test
    void aTokenOfNobodyCostsNothing() {
        before.drop();
        for (byte[] wrong : new byte[][]{new byte[16], {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1},
                {9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 1, 2, 3, 4, 5, 6}}) {
            rig.advance(Duration.ofMillis(50));
            Phone phone = rig.phone().connect(Connect.newBuilder().setResumeToken(ByteString.copyFrom(wrong))
                    .addBindings(rig.binding(6, RoomRig.APP, rig.now())).build());
            assertThat(phone.welcome().getCode()).isEqualTo(Code.OK);
            assertThat(phone.welcome().getResumed()).isFalse();
        }
        assertThat(rig.loops.parked()).isEqualTo(1);
    }

    @Test
    void aStolenTokenWithoutTheCredentialGivesNoSessionAway() {
        before.drop();

        Phone thief = rig.phone().connect(Connect.newBuilder().setResumeToken(token)
                .addBindings(rig.binding(6, RoomRig.APP, rig.now())).build());

        assertThat(thief.welcome().getResults(0).getEndpointId()).isEqualTo(6);
        assertThat(thief.connection().find(5)).isNull();
        Phone owner = back(1, parked.connSeq());
        assertThat(owner.welcome().getResults(0).getCode()).isEqualTo(Code.OK);
        assertThat(rig.send(5)).isEqualTo(PushResult.Code.WRITTEN);
    }

    @Test
    void aNewerConnectionWithoutTokenEndsTheParkedOne() {
        before.drop();
        rig.advance(Duration.ofSeconds(1));

        rig.phone(1).connect(rig.binding(5, RoomRig.APP, rig.now()).build());

        assertThat(rig.loops.parked()).isZero();
        assertThat(rig.send(5)).isEqualTo(PushResult.Code.WRITTEN);
    }

    @Test
    void aParkedSessionIsSilentToProbesAndCanBeDroppedAndKicked() {
        before.drop();
        assertThat(rig.control(ControlItem.Kind.PROBE, parked)).isCompletedWithValue(ControlResult.Code.SILENT);
        assertThat(rig.control(ControlItem.Kind.FETCH, parked)).isCompletedWithValue(ControlResult.Code.PARKED);

        assertThat(rig.control(ControlItem.Kind.DROP, parked, item -> item.setBelowConnSeq(parked.connSeq() + 1)))
                .isCompletedWithValue(ControlResult.Code.DONE);

        assertThat(rig.loops.parked()).isZero();
        assertThat(rig.loops.connections()).isZero();
    }

    @Test
    void whoBreaksTheProtocolIsNotParked() {
        before.bytes((byte) 0x1E, (byte) 0);

        assertThat(rig.loops.parked()).isZero();
        assertThat(rig.register.of(5)).isNull();
    }

    @Test
    void aPhoneThatGoesAgainWhileItsSessionsTravelFindsThemParked() {
        before.drop();
        Phone between = rig.phone(1);
        between.greet();
        // CONNECT arrives, the claim is on its way to the other loop, and the socket is gone before the answer.
        between.connectAndDrop(
                Connect.newBuilder().setResumeToken(token).addBindings(binding(parked.connSeq())).build());

        assertThat(rig.loops.parked()).isEqualTo(1);
        assertThat(rig.send(5)).isEqualTo(PushResult.Code.PARKED);
        Phone after = back(0, parked.connSeq());
        assertThat(after.welcome().getResumed()).isTrue();
        assertThat(after.pushes()).hasSize(1);
    }

    private Phone back(int loop, long prevConnSeq) {
        return rig.phone(loop).connect(
                Connect.newBuilder().setResumeToken(token).addBindings(binding(prevConnSeq)).build());
    }

    private EndpointBinding binding(long prevConnSeq) {
        return rig.binding(5, RoomRig.APP, rig.now()).setPrevConnSeq(prevConnSeq).build();
    }
}
