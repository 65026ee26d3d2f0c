package io.longwire.device;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.Bind;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.GoAway;
import io.longwire.device.v1.Ping;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushBatch;
import io.longwire.device.v1.Ready;
import io.longwire.device.v1.Uplink;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class FrameBodyTest {
    private static final List<Parser<? extends MessageLite>> PARSERS = List.of(Connect.parser(), ConnectAck.parser(),
            Bind.parser(), Push.parser(), PushBatch.parser(), Ack.parser(), Uplink.parser(), Ping.parser(),
            GoAway.parser(), Ready.parser());

    @Example
    void decodesTheRangeOfHeapSlicedAndDirectBuffers() throws ProtocolError {
        Ack ack = Ack.newBuilder().setUptoSeq(70_000).addExtraSeq(70_003).build();
        byte[] body = ack.toByteArray();
        byte[] padded = new byte[body.length + 9];
        Arrays.fill(padded, (byte) 0xFF);
        System.arraycopy(body, 0, padded, 4, body.length);
        ByteBuffer sliced = ByteBuffer.wrap(padded).position(1).slice();

        assertThat(FrameBody.parse(Ack.parser(), ByteBuffer.wrap(padded), 4, 4 + body.length)).isEqualTo(ack);
        assertThat(FrameBody.parse(Ack.parser(), sliced, 3, 3 + body.length)).isEqualTo(ack);
        ByteBuffer direct = Frames.direct(padded).position(2).limit(3);
        assertThat(FrameBody.parse(Ack.parser(), direct, 4, 4 + body.length)).isEqualTo(ack);
        assertThat(direct.position()).isEqualTo(2);
        assertThat(direct.limit()).isEqualTo(3);
    }

    @Example
    void keepsNothingOfTheBuffer() throws ProtocolError {
        byte[] body = Push.newBuilder().setPayload(com.google.protobuf.ByteString.copyFromUtf8("hello")).build()
                .toByteArray();
        Push heap = FrameBody.parse(Push.parser(), ByteBuffer.wrap(body), 0, body.length);
        ByteBuffer buffer = Frames.direct(body);
        Push direct = FrameBody.parse(Push.parser(), buffer, 0, body.length);

        Arrays.fill(body, (byte) 0);
        for (int i = 0; i < buffer.capacity(); i++) {
            buffer.put(i, (byte) 0);
        }

        assertThat(heap.getPayload().toStringUtf8()).isEqualTo("hello");
        assertThat(direct.getPayload().toStringUtf8()).isEqualTo("hello");
    }

    @Example
    void refusesBodiesThatAreCutOff() {
        byte[] body = Push.newBuilder().setMessageId(5).build().toByteArray();

        ProtocolError error = catchThrowableOfType(ProtocolError.class,
                () -> FrameBody.parse(Push.parser(), ByteBuffer.wrap(body), 0, body.length - 1));

        assertThat(error.code()).isEqualTo(Code.PROTOCOL);
        assertThat(error).hasMessageStartingWith("body: 8 bytes, ")
                .hasMessageEndingWith("(expected: a protobuf message)");
    }

    @Example
    void refusesNestingBelowTheLimit() throws ProtocolError {
        assertThat(FrameBody.parse(Ping.parser(), ByteBuffer.wrap(groups(15)), 0, 30)).isNotNull();
        assertThatThrownBy(() -> FrameBody.parse(Ping.parser(), ByteBuffer.wrap(groups(101)), 0, 202))
                .isInstanceOf(ProtocolError.class);
    }

    @Example
    void readsFieldsItDoesNotKnow() throws ProtocolError {
        // field 1000, varint 5
        byte[] body = Frames.bytes(0xC0, 0x3E, 5, 0x08, 2);

        Ping ping = FrameBody.parse(Ping.parser(), ByteBuffer.wrap(body), 0, body.length);

        assertThat(ping.getStateValue()).isEqualTo(2);
    }

    @Property(tries = 3000)
    void answersGarbageWithATypedErrorAlone(@ForAll @Size(max = 200) byte[] garbage,
            @ForAll @IntRange(max = 9) int parser, @ForAll boolean direct) {
        ByteBuffer buffer = direct ? Frames.direct(garbage) : ByteBuffer.wrap(garbage);
        try {
            assertThat(FrameBody.parse(PARSERS.get(parser), buffer, 0, garbage.length)).isNotNull();
        } catch (ProtocolError expected) {
            assertThat(expected.code()).isEqualTo(Code.PROTOCOL);
        }
    }

    private static byte[] groups(int depth) {
        byte[] body = new byte[2 * depth];
        Arrays.fill(body, 0, depth, (byte) (15 << 3 | 3));
        Arrays.fill(body, depth, 2 * depth, (byte) (15 << 3 | 4));
        return body;
    }
}
