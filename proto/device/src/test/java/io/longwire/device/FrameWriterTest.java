package io.longwire.device;

import com.google.protobuf.ByteString;
import com.sun.management.ThreadMXBean;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.Uplink;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FrameWriterTest {
    @Test
    void writesAnEmptyPingInTwoBytes() {
        byte[] out = new byte[2];

        assertThat(FrameWriter.empty(FrameType.PING, out, 0)).isEqualTo(2);
        assertThat(out).containsExactly(0x0B, 0x00);
    }

    @Test
    void writesTheShortestLength() {
        assertThat(header(127)).containsExactly(9, 0x7F);
        assertThat(header(128)).containsExactly(9, 0x80, 0x01);
        assertThat(header(16383)).containsExactly(9, 0xFF, 0x7F);
        assertThat(header(16384)).containsExactly(9, 0x80, 0x80, 0x01);
        assertThat(header(65536)).containsExactly(9, 0x80, 0x80, 0x04);
    }

    @Test
    void writesTheSameBytesIntoArrayHeapAndDirectBuffer() {
        Ack ack = Ack.newBuilder().setUptoSeq(300).addExtraSeq(302).build();
        byte[] alone = FrameWriter.frame(FrameType.ACK, ack);
        byte[] array = new byte[alone.length + 3];
        ByteBuffer heap = ByteBuffer.allocate(alone.length + 3);
        ByteBuffer direct = ByteBuffer.allocateDirect(alone.length + 3);

        int end = FrameWriter.frame(FrameType.ACK, ack, array, 2);
        FrameWriter.frame(FrameType.ACK, ack, heap.position(2));
        FrameWriter.frame(FrameType.ACK, ack, direct.position(2));

        assertThat(end).isEqualTo(alone.length + 2);
        assertThat(Arrays.copyOfRange(array, 2, end)).isEqualTo(alone);
        assertThat(heap.flip().position(2)).isEqualTo(ByteBuffer.wrap(alone));
        assertThat(direct.flip().position(2)).isEqualTo(ByteBuffer.wrap(alone));
    }

    @Test
    void refusesABodyAboveTheLimit() {
        Uplink uplink = Uplink.newBuilder().setBody(ByteString.copyFrom(new byte[Limits.BODY_BYTES])).build();

        assertThatThrownBy(() -> FrameWriter.frame(FrameType.UPLINK, uplink))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("body: " + uplink.getSerializedSize() + " bytes (expected: at most 65536)");
    }

    @Test
    void writesNothingWhereThereIsTooLittleRoom() {
        Ack ack = Ack.newBuilder().setUptoSeq(300).build();
        byte[] array = new byte[4];
        ByteBuffer buffer = ByteBuffer.allocate(4);

        assertThatThrownBy(() -> FrameWriter.frame(FrameType.ACK, ack, array, 0))
                .isInstanceOf(IndexOutOfBoundsException.class).hasMessage("room: 4 bytes (expected: at least 5)");
        assertThatThrownBy(() -> FrameWriter.frame(FrameType.ACK, ack, buffer))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(array).containsOnly(0);
        assertThat(buffer.position()).isZero();
    }

    @Test
    void readsAndWritesEmptyPingsWithoutAllocation() throws ProtocolError {
        FrameReader reader = Frames.openRoom();
        byte[] out = new byte[2];
        ByteBuffer in = Frames.direct(Frames.bytes(0x0B, 0x00, 0x0B, 0x00));
        FrameReader.Handler pong = new FrameReader.Handler() {
            @Override
            public boolean onFrame(int type, ByteBuffer buffer, int from, int to) {
                return type == FrameType.PING && from == to && FrameWriter.empty(FrameType.PONG, out, 0) == 2;
            }

            @Override
            public void onSkipped(int type) {
                throw new AssertionError("skipped " + type);
            }
        };
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int pings = 0;
        pings += reader.onBytes(in, 0, 4, pong);

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 20_000; i++) {
            pings += reader.onBytes(in, 0, 4, pong);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(pings).isEqualTo(40_002);
        assertThat(out).containsExactly(0x0C, 0x00);
        assertThat(allocated).as("bytes for 40,000 pings").isLessThan(4_000);
    }

    private static int[] header(int bodySize) {
        byte[] out = new byte[FrameWriter.headerSize(bodySize)];
        assertThat(FrameWriter.header(FrameType.UPLINK, bodySize, out, 0)).isEqualTo(out.length);
        ByteBuffer buffer = ByteBuffer.allocate(out.length);
        FrameWriter.header(FrameType.UPLINK, bodySize, buffer);
        assertThat(buffer.array()).isEqualTo(out);
        int[] unsigned = new int[out.length];
        for (int i = 0; i < out.length; i++) {
            unsigned[i] = out[i] & 0xFF;
        }
        return unsigned;
    }
}
