package io.longwire.room.push;

import com.google.protobuf.ByteString;
import io.longwire.device.BroadcastSeen;
import io.longwire.device.FrameType;
import io.longwire.device.PushFrames;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.Bind;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.Encryption;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushKind;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.rig.Phone;
import io.longwire.room.rig.RoomRig;
import io.longwire.rpc.room.PushResult;
import io.longwire.rpc.room.WalkStatus;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.StoredMessage;
import java.time.Duration;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Behind a host that must not read: what everybody could read is not written, and has its end. */
class SealedOnlyTest {
    private static final int HOST = 6;
    private static final int HOST_APP = 70;
    private static final int GUEST = 5;

    private final RoomRig rig = new RoomRig();

    @Test
    void writesWhatIsSealedAndEndsWhatIsNot() {
        Phone host = shared();
        long sealed = stored(GUEST, Encryption.ENC_HPKE);
        long plain = stored(GUEST, Encryption.ENC_NONE);

        assertThat(push(sealed)).isEqualTo(PushResult.Code.WRITTEN);
        assertThat(push(plain)).isEqualTo(PushResult.Code.DUPLICATE);
        assertThat(push(plain)).as("again").isEqualTo(PushResult.Code.DUPLICATE);

        rig.advance(Duration.ofMillis(50));
        assertThat(host.pushedIds()).containsExactly(sealed);
        assertThat(rig.saver.endsOf(plain)).hasSize(1);
        EndItem end = rig.saver.endsOf(plain).getFirst();
        assertThat(end.getHow()).isEqualTo(How.ACKED);
        assertThat(end.getCode()).isEqualTo(AckStatus.ACK_NOT_SEALED_VALUE);
        assertThat(end.getEndpointId()).isEqualTo(GUEST);
        assertThat(end.getRoomIncarnation()).isEqualTo(7);
        assertThat(rig.saver.waiting(GUEST)).containsExactly(sealed);
        assertThat(rig.metrics.count(RoomMetric.NOT_SEALED)).isEqualTo(1);
    }

    @Test
    void whatWaitedInTheInboxIsLookedAtInTheSameWay() {
        long plain = stored(GUEST, Encryption.ENC_NONE);
        long sealed = stored(GUEST, Encryption.ENC_HPKE);

        Phone host = shared();
        rig.advance(Duration.ofMillis(200));

        assertThat(host.pushedIds()).containsExactly(sealed);
        assertThat(rig.saver.endsOf(plain)).hasSize(1);
    }

    @Test
    void theHostsOwnMessagesAndThoseOfOtherGuestsAreNotConcerned() {
        Phone host = shared();
        host.frame(FrameType.BIND,
                Bind.newBuilder().setReqId(1).addBindings(rig.guest(8, 80, HOST, rig.now())).build());

        assertThat(rig.send(HOST)).isEqualTo(PushResult.Code.WRITTEN);
        assertThat(rig.send(8)).isEqualTo(PushResult.Code.WRITTEN);
        assertThat(host.pushes()).hasSize(2);
    }

    @Test
    void byAConnectionOfItsOwnEverythingComes() {
        shared();
        Phone own = rig.phone(1).connect(rig.binding(GUEST, RoomRig.APP, rig.now() + 1).build());

        assertThat(rig.send(GUEST)).isEqualTo(PushResult.Code.WRITTEN);
        assertThat(own.pushes()).hasSize(1);
    }

    @Test
    void aTransientOneIsDroppedAndCounted() {
        Phone host = shared();
        long id = rig.mint();

        assertThat(rig.push(rig.item(rig.session(GUEST), id).setTransient(true).build()))
                .isEqualTo(PushResult.Code.NOT_READY);

        rig.advance(Duration.ofMillis(50));
        assertThat(host.pushes()).isEmpty();
        assertThat(rig.saver.endsOf(id)).isEmpty();
        assertThat(rig.metrics.count(RoomMetric.TRANSIENT_DROPPED)).isEqualTo(1);
    }

    @Test
    void aRevokeHasNothingToRead() {
        Phone host = shared();
        long id = rig.mint();
        Push revoke = Push.newBuilder().setEndpointId(GUEST).setMessageId(id).setAppId(RoomRig.APP)
                .setKind(PushKind.KIND_REVOKE).setReplaces(9).build();

        assertThat(rig.push(rig.item(rig.session(GUEST), id)
                .setEnvelope(ByteString.copyFrom(PushFrames.encode(revoke))).build()))
                .isEqualTo(PushResult.Code.WRITTEN);
        assertThat(host.pushedIds()).containsExactly(id);
    }

    @Test
    void aBroadcastIsLeftToAConnectionOfItsOwn() {
        Phone host = shared();

        WalkStatus status = rig.walk(RoomRig.broadcast(2));

        assertThat(host.broadcasts()).isEmpty();
        assertThat(status.getFinished()).isTrue();
        assertThat(status.getWritten()).isZero();
        assertThat(status.getBehind()).isEqualTo(1);
        Phone own = rig.phone(1).connect(Connect.newBuilder().addBindings(rig.binding(GUEST, RoomRig.APP, rig.now() + 1)
                .setBcastSeen(BroadcastSeen.of(1).encode())).build());
        assertThat(own.broadcasts()).containsExactly(2L);
    }

    @Test
    void goesOnAfterAResume() {
        Phone host = shared();
        host.drop();
        Phone back = rig.phone(1).connect(Connect.newBuilder().setResumeToken(host.welcome().getResumeToken())
                .addBindings(rig.binding(HOST, HOST_APP, rig.now() + 1)
                        .setPrevConnSeq(host.welcome().getResults(0).getConnSeq()))
                .addBindings(rig.sealedGuest(GUEST, RoomRig.APP, HOST, rig.now() + 1)
                        .setPrevConnSeq(host.welcome().getResults(1).getConnSeq()))
                .build());
        assertThat(back.welcome().getResults(1).getResumed()).isTrue();

        assertThat(push(stored(GUEST, Encryption.ENC_NONE))).isEqualTo(PushResult.Code.DUPLICATE);
        assertThat(back.pushes()).isEmpty();
    }

    /** A host's connection with a guest that is signed by somebody else. */
    private Phone shared() {
        return rig.phone().connect(rig.binding(HOST, HOST_APP, rig.now()).build(),
                rig.sealedGuest(GUEST, RoomRig.APP, HOST, rig.now()).build());
    }

    private long stored(long endpoint, Encryption encryption) {
        long id = rig.mint();
        rig.saver.store(endpoint, StoredMessage.newBuilder().setMessageId(id)
                .setEnvelope(ByteString.copyFrom(PushFrames.encode(Push.newBuilder().setEndpointId(endpoint)
                        .setMessageId(id).setAppId(RoomRig.APP).setPayload(ByteString.copyFromUtf8("to be read"))
                        .setEnc(encryption).build())))
                .build());
        return id;
    }

    private PushResult.Code push(long id) {
        StoredMessage stored = rig.saver.inboxes.getOrDefault((long) GUEST, new TreeMap<>()).get(id);
        var item = rig.item(rig.session(GUEST), id);
        return rig.push((stored == null ? item : item.setEnvelope(stored.getEnvelope())).build());
    }
}
