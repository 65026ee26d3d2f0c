package io.longwire.device;

import com.google.protobuf.ByteString;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushBatch;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PushFramesTest {
    @Property(tries = 300)
    void putsTheSeqOfASessionBeforeBytesEncodedOnce(@ForAll @LongRange(max = Long.MAX_VALUE) long seq,
            @ForAll @Size(max = 300) byte[] payload) throws ProtocolError {
        Push push = push(payload);
        byte[] encoded = PushFrames.encode(push);
        byte[] frame = new byte[PushFrames.frameSize(seq, encoded.length)];
        ByteBuffer buffer = ByteBuffer.allocateDirect(frame.length);

        assertThat(PushFrames.frame(seq, encoded, frame, 0)).isEqualTo(frame.length);
        PushFrames.frame(seq, encoded, buffer);
        byte[] fromString = new byte[frame.length];
        assertThat(PushFrames.frame(seq, ByteString.copyFrom(encoded), fromString, 0)).isEqualTo(frame.length);

        assertThat(fromString).isEqualTo(frame);
        assertThat(buffer.flip()).isEqualTo(ByteBuffer.wrap(frame));
        assertThat(pushOf(frame)).isEqualTo(push.toBuilder().setSeq(seq).build());
    }

    @Property(tries = 300)
    void batchesPushesEncodedOnce(@ForAll @Size(max = 20) List<@LongRange(max = 1L << 40) Long> seqs)
            throws ProtocolError {
        PushBatch.Builder expected = PushBatch.newBuilder();
        int size = 0;
        byte[][] encoded = new byte[seqs.size()][];
        for (int i = 0; i < encoded.length; i++) {
            Push push = push(new byte[10 * i]);
            encoded[i] = PushFrames.encode(push);
            size += PushFrames.itemSize(seqs.get(i), encoded[i].length);
            expected.addItems(push.toBuilder().setSeq(seqs.get(i)));
        }
        byte[] frame = new byte[FrameWriter.frameSize(size)];
        ByteBuffer buffer = ByteBuffer.allocate(frame.length);

        int at = FrameWriter.header(FrameType.PUSH_BATCH, size, frame, 0);
        FrameWriter.header(FrameType.PUSH_BATCH, size, buffer);
        for (int i = 0; i < encoded.length; i++) {
            at = PushFrames.item(seqs.get(i), encoded[i], frame, at);
            PushFrames.item(seqs.get(i), encoded[i], buffer);
        }

        assertThat(at).isEqualTo(frame.length);
        assertThat(buffer.array()).isEqualTo(frame);
        PushBatch batch = FrameBody.parse(PushBatch.parser(), ByteBuffer.wrap(frame), FrameWriter.headerSize(size), at);
        assertThat(batch).isEqualTo(expected.build());
    }

    @Example
    void sendsABroadcastWithTheSameBytesToAll() throws ProtocolError {
        Push push = Push.newBuilder().setAppId(7).setMessageId(1).setBcastSeq(12).build();
        byte[] encoded = PushFrames.encode(push);
        byte[] frame = new byte[PushFrames.frameSize(0, encoded.length)];

        PushFrames.frame(0, encoded, frame, 0);

        assertThat(frame).isEqualTo(FrameWriter.frame(FrameType.PUSH, push));
        assertThat(pushOf(frame)).isEqualTo(push);
    }

    @Example
    void encodesNoPushThatHasASeq() {
        assertThatThrownBy(() -> PushFrames.encode(Push.newBuilder().setSeq(1).build()))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("seq: 1 (expected: 0, the room writes it)");
    }

    @Example
    void writesNothingWhereThereIsTooLittleRoom() {
        byte[] encoded = PushFrames.encode(push(new byte[10]));
        ByteBuffer buffer = ByteBuffer.allocate(PushFrames.frameSize(1, encoded.length) - 1);

        assertThatThrownBy(() -> PushFrames.frame(1, encoded, buffer)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(buffer.position()).isZero();
    }

    private static Push push(byte[] payload) {
        return Push.newBuilder().setEndpointId(0x1122334455667788L).setMessageId(42).setAppId(7)
                .setPayload(ByteString.copyFrom(payload)).setExpireAtMs(1_800_000_000_000L).build();
    }

    private static Push pushOf(byte[] frame) throws ProtocolError {
        Push[] push = new Push[1];
        FrameReader reader = FrameReader.ofPhone();
        reader.onBytes(ByteBuffer.wrap(new byte[]{Limits.PREFACE}), 0, 1, new Frames());
        reader.onBytes(ByteBuffer.wrap(frame), 0, frame.length, new FrameReader.Handler() {
            @Override
            public boolean onFrame(int type, ByteBuffer buffer, int from, int to) throws ProtocolError {
                assertThat(type).isEqualTo(FrameType.PUSH);
                push[0] = FrameBody.parse(Push.parser(), buffer, from, to);
                return true;
            }

            @Override
            public void onSkipped(int type) {
                throw new AssertionError("skipped " + type);
            }
        });
        return push[0];
    }
}
