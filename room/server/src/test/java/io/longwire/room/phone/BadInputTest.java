package io.longwire.room.phone;

import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.FrameWriter;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.Bind;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.EndpointAck;
import io.longwire.device.v1.Ping;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.rig.Phone;
import io.longwire.room.rig.RoomRig;
import io.longwire.rpc.room.PushResult;
import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BadInputTest {
    private final RoomRig rig = new RoomRig();

    @Test
    void aWrongPrefaceIsUnsupported() {
        refused(rig.phone().bytes((byte) 2), Code.UNSUPPORTED);
    }

    @Test
    void anotherFirstFrameThanConnectIsAnError() {
        refused(rig.phone().greet().bytes((byte) FrameType.PING, (byte) 0), Code.PROTOCOL);
        refused(rig.phone().greet()
                .bytes("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
                Code.PROTOCOL);
    }

    @Test
    void aConnectThatIsTooLargeIsRefusedByItsHeader() {
        refused(rig.phone().greet().bytes((byte) FrameType.CONNECT, (byte) 0x81, (byte) 0x20), Code.TOO_LARGE);
    }

    @Test
    void aConnectThatIsNoProtobufIsAnError() {
        refused(rig.phone().greet().bytes((byte) FrameType.CONNECT, (byte) 2, (byte) 0xFF, (byte) 0xFF), Code.PROTOCOL);
    }

    @Test
    void aConnectWithoutBindingsIsAnError() {
        refused(rig.phone().connect(Connect.getDefaultInstance()), Code.PROTOCOL);
    }

    @Test
    void framesBeforeTheAnswerToConnectAreAnError() {
        rig.register.hold = true;
        Phone phone = rig.loggedIn(5);

        phone.ping();

        refused(phone, Code.PROTOCOL);
    }

    @Test
    void anUnknownMandatoryFrameEndsTheConnectionAnIgnorableOneIsCounted() {
        Phone phone = rig.loggedIn(5);
        phone.bytes((byte) 0x3E, (byte) 1, (byte) 9);
        assertThat(phone.closedByRoom).isFalse();
        assertThat(rig.metrics.count(RoomMetric.FRAMES_SKIPPED)).isEqualTo(1);

        phone.bytes((byte) 0x1E, (byte) 0);

        refused(phone, Code.UNSUPPORTED);
    }

    @Test
    void aSecondConnectEndsTheConnection() {
        Phone phone = rig.loggedIn(5);

        phone.frame(FrameType.CONNECT, Connect.newBuilder().addBindings(rig.binding(5, RoomRig.APP, 1)).build());

        refused(phone, Code.PROTOCOL);
    }

    @Test
    void framesOfTheOtherDirectionEndTheConnection() {
        refused(rig.loggedIn(5).bytes((byte) FrameType.PUSH, (byte) 0), Code.PROTOCOL);
    }

    @Test
    void tooManyNamesInOneAckEndTheConnection() {
        EndpointAck.Builder many = EndpointAck.newBuilder().setEndpointId(5);
        for (long id = 1; id <= 1_025; id++) {
            many.addMessageIds(id);
        }

        refused(rig.loggedIn(5).frame(FrameType.ACK, Ack.newBuilder().addEndpointAcks(many).build()), Code.TOO_LARGE);
    }

    @Test
    void aBindWithoutBindingsEndsTheConnection() {
        refused(rig.loggedIn(5).frame(FrameType.BIND, Bind.getDefaultInstance()), Code.PROTOCOL);
    }

    @Test
    void tooManyFramesASecondEndTheConnection() {
        Phone phone = rig.loggedIn(5);
        byte[] pings = new byte[2 * 1_001];
        for (int i = 0; i < pings.length; i += 2) {
            pings[i] = FrameType.PING;
        }

        refused(phone.bytes(pings), Code.RATE);
    }

    @Test
    void aConnectInSingleBytesIsAsGoodAsWhole() {
        byte[] connect = FrameWriter.frame(FrameType.CONNECT,
                Connect.newBuilder().addBindings(rig.binding(5, RoomRig.APP, rig.now())).build());
        Phone phone = rig.phone().greet();

        for (byte b : connect) {
            phone.bytes(b);
        }

        assertThat(phone.welcome().getCode()).isEqualTo(Code.OK);
    }

    @Test
    void noConnectWithinEightSecondsEndsTheConnectionHoweverItDrips() {
        Phone silent = rig.phone();
        Phone dripping = rig.phone().greet().bytes((byte) FrameType.CONNECT, (byte) 100);
        for (int i = 0; i < 81; i++) {
            rig.advance(Duration.ofMillis(100));
            dripping.bytes((byte) 0);
        }

        refused(silent, Code.TIMEOUT);
        refused(dripping, Code.TIMEOUT);
    }

    @Test
    void halfAFrameForTwentySecondsEndsTheConnection() {
        Phone phone = rig.loggedIn(5);
        phone.bytes((byte) FrameType.ACK, (byte) 100);
        for (int i = 0; i < 21; i++) {
            rig.advance(Duration.ofSeconds(1));
            phone.bytes((byte) 0);
        }

        assertThat(phone.error().getCode()).isEqualTo(Code.TIMEOUT);
        assertThat(phone.closedByRoom).isTrue();
    }

    @Test
    void silenceBeyondTheIdleLimitEndsTheConnectionAndAnyByteRestartsIt() {
        Phone silent = rig.loggedIn(5);
        Phone pinging = rig.loggedIn(6);
        rig.advance(Duration.ofSeconds(400));
        pinging.ping();
        rig.advance(Duration.ofSeconds(100)); // the limit is 480 s for the hint of 300 s

        assertThat(silent.closedByRoom).isTrue();
        assertThat(pinging.closedByRoom).isFalse();
        assertThat(pinging.count(FrameType.PONG)).isEqualTo(1);
        assertThat(rig.loops.parked()).isEqualTo(1);
    }

    @Test
    void aPingMayProposeAnotherGap() {
        Phone phone = rig.loggedIn(5);

        phone.frame(FrameType.PING, Ping.newBuilder().setProposedS(60).setEcho(7).build());
        rig.advance(Duration.ofSeconds(121));

        assertThat(phone.closedByRoom).isTrue();
        assertThat(phone.count(FrameType.PONG)).isEqualTo(1);
    }

    @Property(tries = 300)
    void garbageEndsItsOwnConnectionAtMost(@ForAll @Size(max = 200) byte[] garbage, @ForAll long seed) {
        RoomRig own = new RoomRig();
        Phone good = own.loggedIn(6);
        Phone bad = new Random(seed).nextBoolean() ? own.loggedIn(5) : own.phone();

        bad.bytes(garbage);

        assertThat(own.metrics.count(RoomMetric.LOOP_BUGS)).isZero();
        assertThat(own.send(6)).isEqualTo(PushResult.Code.WRITTEN);
        assertThat(good.pushes()).hasSize(1);
    }

    private static void refused(Phone phone, int code) {
        assertThat(phone.error().getCode()).isEqualTo(code);
        assertThat(phone.error().getFatal()).isTrue();
        assertThat(phone.error().getText()).contains("(expected: ");
        assertThat(phone.closedByRoom).isTrue();
    }
}
