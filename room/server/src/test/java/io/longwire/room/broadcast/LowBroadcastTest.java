package io.longwire.room.broadcast;

import com.google.protobuf.ByteString;
import io.longwire.device.BroadcastSeen;
import io.longwire.device.PushFrames;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.ClientState;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.device.v1.Priority;
import io.longwire.device.v1.Push;
import io.longwire.room.rig.Phone;
import io.longwire.room.rig.RoomRig;
import io.longwire.rpc.room.WalkStatus;
import io.longwire.rpc.saver.Broadcast;
import java.time.Duration;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LowBroadcastTest {
    private static final Duration ASLEEP = Duration.ofSeconds(4);

    private final RoomRig rig = new RoomRig();

    @Test
    void waitsUntilAPhoneThatSleepsIsHeardAndComesOnce() {
        Phone asleep = login(1);
        rig.advance(ASLEEP);
        Phone awake = login(2);

        WalkStatus status = rig.walk(low());
        assertThat(status.getFinished()).isTrue();
        assertThat(awake.broadcasts()).containsExactly(2L);
        assertThat(asleep.broadcasts()).isEmpty();
        assertThat(status.getWritten()).isEqualTo(1);
        assertThat(status.getBehind()).isEqualTo(1);

        asleep.ping().ping();
        assertThat(asleep.broadcasts()).containsExactly(2L);
        assertThat(rig.status(low()).getWritten()).isEqualTo(2);
        assertThat(rig.status(low()).getBehind()).isZero();
    }

    @Test
    void anOrdinaryOneDoesNotWait() {
        Phone phone = login(1);
        rig.advance(ASLEEP);

        rig.walk(RoomRig.broadcast(2));

        assertThat(phone.broadcasts()).containsExactly(2L);
    }

    @Test
    void isWrittenAtOnceToAnAppInTheForeground() {
        Phone phone = rig.phone().connect(
                Connect.newBuilder().setState(ClientState.STATE_FOREGROUND).addBindings(binding(1)).build());
        rig.advance(ASLEEP);

        rig.walk(low());

        assertThat(phone.broadcasts()).containsExactly(2L);
    }

    @Test
    void comesAtTheResumeOfAPhoneThatWasAsleep() {
        Phone phone = login(1);
        rig.advance(ASLEEP);
        rig.walk(low());
        phone.drop();

        Phone back = rig.phone(1).connect(Connect.newBuilder().setResumeToken(phone.welcome().getResumeToken())
                .addBindings(binding(1).setPrevConnSeq(phone.welcome().getResults(0).getConnSeq())).build());

        assertThat(back.broadcasts()).containsExactly(2L);
        back.ping();
        assertThat(back.broadcasts()).hasSize(1);
    }

    @Test
    void waitsForAnAppThatDoesNotRunAlthoughItsPhoneIsHeard() {
        Phone phone = login(1);
        rig.walk(RoomRig.broadcast(3));
        phone.ackBroadcast(1, AckStatus.ACK_DEFERRED, 3L);
        rig.advance(ASLEEP);
        rig.walk(low());

        phone.ping();
        assertThat(phone.broadcasts()).containsExactly(3L);
        phone.ready(1);
        assertThat(phone.broadcasts()).containsExactlyInAnyOrder(3L, 3L, 2L);
    }

    @Test
    void comesAfterItsPauseToAPhoneThatWasHeardMeanwhile() {
        Phone phone = login(1);
        rig.advance(ASLEEP);
        rig.walk(low());
        rig.put(low().setState(Broadcast.State.PAUSED).setVersion(2));
        phone.ping();
        assertThat(phone.broadcasts()).isEmpty();

        rig.put(low().setVersion(3));
        rig.advance(Duration.ofSeconds(5));
        phone.ping();

        assertThat(phone.broadcasts()).containsExactly(2L);
    }

    private static Broadcast.Builder low() {
        return RoomRig.broadcast(2).setEnvelope(ByteString.copyFrom(PushFrames.encode(Push.newBuilder()
                .setAppId(RoomRig.APP).setMessageId(1_002).setBcastSeq(2).setPriority(Priority.PRIORITY_LOW).build())));
    }

    private Phone login(long endpointId) {
        return rig.phone().connect(binding(endpointId).build());
    }

    private EndpointBinding.Builder binding(long endpointId) {
        return rig.binding(endpointId, RoomRig.APP, rig.now()).setBcastSeen(BroadcastSeen.of(1).encode());
    }
}
