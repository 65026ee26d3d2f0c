package io.longwire.room.push;

import com.google.protobuf.ByteString;
import io.longwire.device.PushFrames;
import io.longwire.device.v1.Encryption;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushKind;
import java.util.Random;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EnvelopeScanTest {
    private static final Push FULL = Push.newBuilder().setEndpointId(-1).setMessageId(7).setAppId(300)
            .setPayload(ByteString.copyFrom(new byte[]{64, 3, 64, 3, 64, 3})).setExpireAtMs(1L << 60).setReplaces(9)
            .setCollapseKey(ByteString.copyFromUtf8("@\u0003")).setAckNow(true).setAcceptedMs(5).setRoutedMs(6).build();

    @Test
    void findsTheKindAmongAllOtherFields() {
        for (PushKind kind : new PushKind[]{PushKind.KIND_DATA, PushKind.KIND_NOTIFICATION, PushKind.KIND_CONTROL,
                PushKind.KIND_REVOKE}) {
            assertThat(EnvelopeScan.isRevoke(encoded(FULL.toBuilder().setKind(kind).build())))
                    .isEqualTo(kind == PushKind.KIND_REVOKE);
        }
    }

    @Test
    void fieldsMayComeInAnyOrder() {
        ByteString kind = encoded(Push.newBuilder().setKind(PushKind.KIND_REVOKE).build());
        ByteString rest = encoded(FULL);

        assertThat(EnvelopeScan.isRevoke(kind.concat(rest))).isTrue();
        assertThat(EnvelopeScan.isRevoke(rest.concat(kind))).isTrue();
        assertThat(EnvelopeScan.isRevoke(rest)).isFalse();
    }

    @Test
    void garbageTakesBackNothingAndHurtsNobody() {
        Random random = new Random(5);
        byte[] whole = PushFrames.encode(FULL.toBuilder().setKind(PushKind.KIND_REVOKE).build());
        for (int length = 0; length < whole.length; length++) {
            EnvelopeScan.isRevoke(ByteString.copyFrom(whole, 0, length));
        }
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            EnvelopeScan.isRevoke(ByteString.copyFrom(bytes));
        }
        assertThat(EnvelopeScan.isRevoke(ByteString.EMPTY)).isFalse();
        assertThat(EnvelopeScan.isRevoke(ByteString.copyFrom(new byte[]{-1, -1, -1, -1}))).isFalse();
        assertThat(EnvelopeScan.isRevoke(ByteString.copyFrom(new byte[]{0x2A, -1, -1, -1, -1, 127}))).isFalse();
    }

    @Test
    void aPayloadIsReadableUnlessItIsSealed() {
        Push sealed = FULL.toBuilder().setEnc(Encryption.ENC_HPKE).build();
        ByteString mark = encoded(Push.newBuilder().setEnc(Encryption.ENC_HPKE).build());

        assertThat(EnvelopeScan.isReadable(encoded(FULL))).isTrue();
        assertThat(EnvelopeScan.isReadable(encoded(sealed))).isFalse();
        assertThat(EnvelopeScan.isReadable(mark.concat(encoded(FULL)))).isFalse();
        assertThat(EnvelopeScan.isReadable(encoded(sealed).concat(ByteString.copyFrom(new byte[]{0x78, 0})))).isTrue();
    }

    @Test
    void whatHasNoPayloadGivesNothingAway() {
        Push revoke = FULL.toBuilder().clearPayload().setKind(PushKind.KIND_REVOKE).build();
        ByteString payload = encoded(Push.newBuilder().setPayload(FULL.getPayload()).build());

        assertThat(EnvelopeScan.isReadable(encoded(revoke))).isFalse();
        assertThat(EnvelopeScan.isReadable(encoded(revoke).concat(payload))).isTrue(); // as a saver puts it together
    }

    @Test
    void whatCannotBeReadThroughCountsAsReadable() {
        byte[] whole = PushFrames.encode(FULL.toBuilder().setEnc(Encryption.ENC_HPKE).build());
        assertThat(EnvelopeScan.isReadable(ByteString.copyFrom(whole, 0, whole.length - 2))).isTrue();
        assertThat(EnvelopeScan.isReadable(ByteString.copyFrom(new byte[]{0x2A, -1, -1, -1, -1, 127}))).isTrue();
        assertThat(EnvelopeScan.isReadable(ByteString.copyFrom(new byte[]{7}))).isTrue();
    }

    private static ByteString encoded(Push push) {
        return ByteString.copyFrom(PushFrames.encode(push));
    }
}
