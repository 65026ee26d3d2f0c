package io.longwire.bench.device;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import io.longwire.bench.endpoint.EndpointMint;
import io.longwire.device.BroadcastSeen;
import io.longwire.device.FrameType;
import io.longwire.device.ProtocolError;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.EndpointAck;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.service.Secrets;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class SeenBroadcastsTest {
    private final SeenBroadcasts seen = new SeenBroadcasts();

    @Test
    void hasNoStateAtFirstAndOneOnceAFloorIsKnown() throws ProtocolError {
        assertThat(seen.encode()).isEqualTo(ByteString.EMPTY);

        seen.floor(1);

        assertThat(BroadcastSeen.decode(seen.encode()).floor()).isEqualTo(1);
        assertThat(BroadcastSeen.decode(seen.encode()).sequences()).isEmpty();
    }

    @Test
    void knowsWhatCameAgain() throws ProtocolError {
        seen.floor(3);

        assertThat(seen.add(5)).isTrue();
        assertThat(seen.add(9)).isTrue();
        assertThat(seen.add(7)).isTrue();
        assertThat(seen.add(5)).isFalse();
        assertThat(seen.add(3)).isFalse();

        assertThat(BroadcastSeen.decode(seen.encode()).sequences()).containsExactly(5, 7, 9);
    }

    @Test
    void forgetsWhatTheFloorCoversAndTakesNoLowerOne() throws ProtocolError {
        seen.add(5);
        seen.add(8);

        seen.floor(6);
        seen.floor(2);

        assertThat(BroadcastSeen.decode(seen.encode()).floor()).isEqualTo(6);
        assertThat(BroadcastSeen.decode(seen.encode()).sequences()).containsExactly(8);
        assertThat(seen.add(5)).isFalse();
    }

    @Test
    void acksWhatIsOwedInOneFrame() throws IOException {
        seen.add(2);
        seen.add(130);
        seen.add(1L << 40);
        seen.add(2);
        var mint = new EndpointMint(new Secrets(Map.of(1, new byte[32]), 1, new byte[32], new byte[32]));
        var frames = new Frames(mint.mint(7, 1, 1, 1_800_000_000L), 1, Clock.system());

        EndpointAck ack = read(frames.broadcastAck(0x8000_0000_0000_0421L, seen)).getEndpointAcks(0);

        assertThat(ack.getEndpointId()).isEqualTo(0x8000_0000_0000_0421L);
        assertThat(ack.getBcastSeqsList()).containsExactly(2L, 130L, 1L << 40, 2L);
        seen.settle();
        assertThat(seen.owing()).isZero();
        assertThat(seen.add(130)).isFalse();
    }

    private static Ack read(ByteBuf frame) throws IOException {
        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes).release();
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        assertThat(in.readRawByte()).isEqualTo((byte) FrameType.ACK);
        int length = in.readRawVarint32();
        assertThat(in.getTotalBytesRead() + length).isEqualTo(bytes.length);
        return Ack.parseFrom(in);
    }
}
