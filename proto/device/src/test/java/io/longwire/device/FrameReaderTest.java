package io.longwire.device;

import io.longwire.device.Frames.Seen;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class FrameReaderTest {
    private final Frames frames = new Frames();

    @Test
    void takesPrefaceAndConnect() throws ProtocolError {
        FrameReader reader = FrameReader.ofRoom();

        int count = Frames.feed(reader, frames, 0x01, 0x01, 0x02, 7, 8);

        assertThat(count).isEqualTo(1);
        assertThat(frames.seen).containsExactly(Seen.of(FrameType.CONNECT, (byte) 7, (byte) 8));
        assertThat(reader.hasPartial()).isFalse();
    }

    @Test
    void takesSeveralFramesOfOneReadAndKeepsTheTail() throws ProtocolError {
        FrameReader reader = Frames.openRoom();

        Frames.feed(reader, frames, 0x0B, 0x00, 0x08, 0x01, 9, 0x0B);

        assertThat(frames.seen).containsExactly(Seen.of(FrameType.PING), Seen.of(FrameType.ACK, (byte) 9));
        assertThat(reader.hasPartial()).isTrue();
        Frames.feed(reader, frames, 0x00);
        assertThat(frames.seen).hasSize(3).endsWith(Seen.of(FrameType.PING));
        assertThat(reader.hasPartial()).isFalse();
        assertThat(reader.partialCapacity()).isZero();
    }

    @Test
    void saysHowLongAFrameIsThatHasBegun() throws ProtocolError {
        FrameReader reader = Frames.openRoom();
        assertThat(reader.partialSize()).isZero();
        Frames.feed(reader, frames, 0x09);
        assertThat(reader.partialSize()).as("at least").isEqualTo(2);
        Frames.feed(reader, frames, 0x81, 0x20, 7);
        assertThat(reader.partialSize()).isEqualTo(3 + 4097);
        reader.close();
        assertThat(reader.partialSize()).isZero();
    }

    @Test
    void refusesAnotherPreface() {
        refuses(FrameReader.ofRoom(), Code.UNSUPPORTED, "preface: 2 (expected: 1)", 0x02);
        refuses(FrameReader.ofPhone(), Code.UNSUPPORTED, "preface: 72 (expected: 1)", 'H');
    }

    @Test
    void refusesReservedBits() throws ProtocolError {
        refuses(Frames.openRoom(), Code.PROTOCOL, "frame type: 0x8b (expected: the two high bits 0)", 0x8B);
        refuses(Frames.openRoom(), Code.PROTOCOL, "frame type: 0x4b (expected: the two high bits 0)", 0x4B);
    }

    @Test
    void refusesLengthsThatAreNotTheShortest() throws ProtocolError {
        refuses(Frames.openRoom(), Code.PROTOCOL, "length: 0 in 2 bytes (expected: the shortest form)", 8, 0x80, 0);
        refuses(Frames.openRoom(), Code.PROTOCOL, "length: 129 in 3 bytes (expected: the shortest form)", 8, 0x81,
                0x81, 0);
        refuses(Frames.openRoom(), Code.PROTOCOL, "length: more than 3 bytes (expected: 1 to 3)", 8, 0x81, 0x81, 0x81);
    }

    @Test
    void takesNothingButConnectFirst() {
        refuses(FrameReader.ofRoom(), Code.PROTOCOL, "first frame: 0x0b (expected: CONNECT, 0x01)", 1, 0x0B);
        refuses(FrameReader.ofRoom(), Code.PROTOCOL, "first frame: 0x21 (expected: CONNECT, 0x01)", 1, 0x21);
    }

    @Test
    void takesOneFrameBeforeAuthentication() throws ProtocolError {
        FrameReader reader = FrameReader.ofRoom();
        Frames.feed(reader, frames, 1, 1, 0);

        refuses(reader, Code.PROTOCOL, "frame: 0x0b (expected: none before CONNECT_ACK)", 0x0B);
    }

    @Test
    void takesOneConnect() throws ProtocolError {
        refuses(Frames.openRoom(), Code.PROTOCOL, "frame: CONNECT (expected: one that a connected phone sends)", 1);
    }

    @Test
    void takesFramesOfItsDirection() throws ProtocolError {
        refuses(Frames.openRoom(), Code.PROTOCOL, "frame: PUSH (expected: one that a connected phone sends)", 6);
        FrameReader phone = FrameReader.ofPhone();
        Frames.feed(phone, frames, 1, 2, 0, 6, 0, 0x21, 0);
        assertThat(frames.seen).extracting(Seen::type)
                .containsExactly(FrameType.CONNECT_ACK, FrameType.PUSH, FrameType.CONFIG);
        refuses(phone, Code.PROTOCOL, "frame: UPLINK (expected: one that a room sends)", 9);
    }

    @Test
    void holdsTheSmallLimitUntilAuthenticated() throws ProtocolError {
        // 4097 = 0x1001 -> 0x81 0x20
        refuses(FrameReader.ofRoom(), Code.TOO_LARGE, "body: 4097 bytes (expected: at most 4096)", 1, 1, 0x81, 0x20);
        FrameReader reader = Frames.openRoom();
        Frames.feed(reader, frames, 9, 0x81, 0x20);
        assertThat(reader.hasPartial()).isTrue();
    }

    @Test
    void holdsTheLargeLimitAfterwards() throws ProtocolError {
        byte[] largest = Frames.frame(FrameType.UPLINK, new byte[Limits.BODY_BYTES]);
        Frames.openRoom().onBytes(ByteBuffer.wrap(largest), 0, largest.length, frames);
        assertThat(frames.seen).hasSize(1);

        // 65537 = 0x10001 -> 0x81 0x80 0x04
        refuses(Frames.openRoom(), Code.TOO_LARGE, "body: 65537 bytes (expected: at most 65536)", 9, 0x81, 0x80, 4);
    }

    @Test
    void skipsUnknownIgnorableFramesAndCountsThem() throws ProtocolError {
        FrameReader reader = Frames.openRoom();

        int count = Frames.feed(reader, frames, 0x3F, 0x01, 5, 0x0B, 0x00, 0x21, 0x00);

        assertThat(count).isEqualTo(1);
        assertThat(frames.skipped).containsExactly(0x3F, FrameType.CONFIG);
        assertThat(frames.seen).containsExactly(Seen.of(FrameType.PING));
    }

    @Test
    void refusesUnknownMandatoryFrames() throws ProtocolError {
        refuses(Frames.openRoom(), Code.UNSUPPORTED, "frame type: 0x1f (expected: a type of version 1)", 0x1F);
        refuses(Frames.openRoom(), Code.UNSUPPORTED, "frame type: 0x00 (expected: a type of version 1)", 0x00);
    }

    @Test
    void stopsWhereTheHandlerSaysSo() throws ProtocolError {
        FrameReader reader = Frames.openRoom();
        frames.stopAfter = 1;

        int count = Frames.feed(reader, frames, 0x0B, 0x00, 0x0B, 0x00, 0x0B);

        assertThat(count).isEqualTo(1);
        assertThat(reader.isClosed()).isTrue();
        assertThat(reader.hasPartial()).isFalse();
        assertThat(Frames.feed(reader, frames, 0x0B, 0x00)).isZero();
    }

    @Test
    void dropsWhatComesAfterAnError() throws ProtocolError {
        FrameReader reader = Frames.openRoom();
        refuses(reader, Code.PROTOCOL, "frame type: 0x8b (expected: the two high bits 0)", 0x8B);

        assertThat(Frames.feed(reader, frames, 0x0B, 0x00)).isZero();
        assertThat(frames.seen).isEmpty();
        assertThat(reader.isClosed()).isTrue();
    }

    @Test
    void closesWhenTheHandlerRefusesABody() throws ProtocolError {
        FrameReader reader = Frames.openRoom();
        FrameReader.Handler strict = new FrameReader.Handler() {
            @Override
            public boolean onFrame(int type, ByteBuffer buffer, int from, int to) throws ProtocolError {
                throw new ProtocolError(Code.LIMIT, "endpoints: 65 (expected: at most 64)");
            }

            @Override
            public void onSkipped(int type) {
                throw new AssertionError("skipped " + type);
            }
        };

        assertThatThrownBy(() -> reader.onBytes(ByteBuffer.wrap(Frames.bytes(0x0B, 0)), 0, 2, strict))
                .isInstanceOf(ProtocolError.class);
        assertThat(reader.isClosed()).isTrue();
    }

    @Test
    void holdsNoMoreThanTwiceWhatCameOfAFrame() throws ProtocolError {
        FrameReader reader = Frames.openRoom();
        byte[] largest = Frames.frame(FrameType.UPLINK, new byte[Limits.BODY_BYTES]);
        ByteBuffer buffer = ByteBuffer.wrap(largest);

        for (int i = 0; i < largest.length - 1; i++) {
            reader.onBytes(buffer, i, i + 1, frames);
            assertThat(reader.partialCapacity()).isLessThanOrEqualTo(Math.max(64, 2 * (i + 1)));
        }
        assertThat(frames.seen).isEmpty();
        reader.onBytes(buffer, largest.length - 1, largest.length, frames);
        assertThat(frames.seen).hasSize(1);
        assertThat(reader.partialCapacity()).isZero();
    }

    @Test
    void readsDirectBuffersAndLeavesPositionAndLimit() throws ProtocolError {
        FrameReader reader = Frames.openRoom();
        ByteBuffer buffer = Frames.direct(Frames.bytes(99, 0x08, 0x01, 5, 0x0B, 0x00, 99));
        buffer.position(3).limit(6);

        reader.onBytes(buffer, 1, 6, frames);

        assertThat(frames.seen).isEqualTo(List.of(Seen.of(FrameType.ACK, (byte) 5), Seen.of(FrameType.PING)));
        assertThat(buffer.position()).isEqualTo(3);
        assertThat(buffer.limit()).isEqualTo(6);
    }

    private static void refuses(FrameReader reader, int code, String text, int... bytes) {
        Frames late = new Frames();
        ProtocolError error = catchThrowableOfType(ProtocolError.class, () -> Frames.feed(reader, late, bytes));
        assertThat(error).hasMessage(text);
        assertThat(error.code()).isEqualTo(code);
        assertThat(error.getStackTrace()).isEmpty();
        assertThat(late.seen).isEmpty();
    }
}
