package io.longwire.sdk.connection;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.longwire.device.Code;
import io.longwire.device.FrameReader;
import io.longwire.device.FrameType;
import io.longwire.device.FrameWriter;
import io.longwire.device.ProtocolError;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.BindAck;
import io.longwire.device.v1.ClientState;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.ErrorFrame;
import io.longwire.device.v1.GoAway;
import io.longwire.device.v1.Kick;
import io.longwire.device.v1.Ping;
import io.longwire.device.v1.Pong;
import io.longwire.device.v1.ProfileAck;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.Reply;
import io.longwire.device.v1.UplinkReply;
import io.longwire.sdk.loop.VirtualLoop;
import io.longwire.sdk.policy.AckBatcher;
import io.longwire.sdk.policy.Heartbeat;
import io.longwire.sdk.policy.Ladder;
import io.longwire.sdk.policy.Pace;
import io.longwire.sdk.policy.ServerTime;
import io.longwire.sdk.transport.Address;
import io.longwire.sdk.transport.Dialer;
import io.longwire.sdk.transport.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** One connection on virtual time, without a socket. */
class ConnectionTest {
    private final VirtualLoop loop = new VirtualLoop();
    private final FakeWire wire = new FakeWire();
    private final Told told = new Told();
    private final Connection connection = new Connection(loop, Address.of("room", ByteString.EMPTY, 443, true), wire,
            new ServerTime(loop), 0, told);

    @BeforeEach
    void connect() {
        connection.connect(Connect.getDefaultInstance());
        wire.bytes(new byte[]{1});
    }

    @Test
    void givesUpARoomThatDoesNotAnswerConnect() {
        loop.advance(9_999);
        assertThat(told.closed).isEmpty();
        loop.advance(1);
        assertThat(told.closed).hasSize(1);
    }

    @Test
    void takesNothingBeforeConnectAck() {
        wire.frame(FrameType.PUSH, Push.newBuilder().setMessageId(1).setSeq(1).build());

        assertThat(wire.sentTypes()).contains(FrameType.ERROR);
        assertThat(told.closed.get(0)).contains("CONNECT_ACK first");
        assertThat(told.pushes).isEmpty();
    }

    @Test
    void takesConnectAckOnce() {
        accepted();
        accepted();

        assertThat(told.closed.get(0)).contains("a second one");
    }

    @Test
    void pingsAtTheServersIntervalAndLivesOnTheAnswer() {
        accepted();
        for (int i = 1; i <= 10; i++) {
            loop.advance(120_000);
            assertThat(wire.count(FrameType.PING)).isEqualTo(i);
            wire.frame(FrameType.PONG, Pong.getDefaultInstance());
        }
        assertThat(told.closed).isEmpty();
        assertThat(told.alive).isEqualTo(10);
    }

    @Test
    void tellsAfterWhichSilenceItPingsOnceAndWhenThatChanges() {
        assertThat(told.intervals).isEmpty();
        accepted();
        assertThat(told.intervals).containsExactly(120_000L);

        loop.advance(120_000);
        wire.frame(FrameType.PONG, Pong.getDefaultInstance());
        assertThat(told.intervals).hasSize(1);

        loop.advance(120_000);
        wire.frame(FrameType.PONG, Pong.newBuilder().setNextS(60).build());
        assertThat(told.intervals).containsExactly(120_000L, 60_000L);
    }

    @Test
    void leavesARoomThatDoesNotAnswerAPing() {
        accepted();
        loop.advance(120_000 + 14_999);
        assertThat(told.closed).isEmpty();
        loop.advance(1);
        assertThat(told.closed.get(0)).contains("no answer to a ping");
    }

    @Test
    void whatIsReadLateAfterAThawHidesNoDeadLink() {
        accepted();
        loop.advance(60_000);
        connection.woke();
        loop.advance(3_000);
        assertThat(wire.count(FrameType.PING)).isEqualTo(1);
        wire.frame(FrameType.PONG, Pong.getDefaultInstance());
        assertThat(told.alive).as("it lay in the socket").isZero();

        loop.advance(12_000);
        assertThat(told.closed.get(0)).contains("no answer to a ping");
    }

    @Test
    void theAnswerToThePingAfterAThawSaysThatTheLinkLives() {
        accepted();
        loop.advance(60_000);
        connection.woke();
        loop.advance(1_000);
        wire.frame(FrameType.PONG, Pong.newBuilder().setEcho(1).build());
        assertThat(told.alive).isEqualTo(1);

        loop.advance(30_000);
        assertThat(told.closed).isEmpty();
    }

    @Test
    void doesNotPingWhileMessagesCome() {
        accepted();
        for (int i = 0; i < 20; i++) {
            loop.advance(100_000);
            wire.frame(FrameType.PUSH, Push.newBuilder().setMessageId(5).build());
        }
        assertThat(wire.count(FrameType.PING)).isZero();
    }

    @Test
    void leavesARoomThatStopsInTheMiddleOfAFrame() {
        accepted();
        wire.bytes(new byte[]{FrameType.PUSH, 100, 1, 2});

        loop.advance(7_999);
        assertThat(told.closed).isEmpty();
        loop.advance(1);
        assertThat(told.closed.get(0)).contains("half a frame");
    }

    @Test
    void onASlowNetworkAFrameHasTimeByItsSizeAndAGapTwentySeconds() {
        Connection slow = slow();
        assertAliveFor(19_999, slow);
        accepted();
        wire.bytes(new byte[]{FrameType.PUSH, (byte) 0x80, 0x20}); // 4 kB, at 1 kB/s
        for (int second = 1; second <= 23; second++) {
            assertAliveFor(1_000, slow);
            wire.bytes(new byte[]{1});
        }
        loop.advance(1_100);
        assertThat(told.closed.get(1)).contains("half a frame");
    }

    private Connection slow() {
        connection.close("the fast one");
        wire.full = false;
        Connection slow = new Connection(loop, Address.of("room", ByteString.EMPTY, 443, true), wire,
                new ServerTime(loop), new Heartbeat(new Ladder(new Random(1)), Pace.SLOW, 0, loop.elapsedMillis()),
                Pace.SLOW, told);
        wire.reader.close();
        wire.reader = FrameReader.ofRoom();
        slow.connect(Connect.getDefaultInstance());
        wire.bytes(new byte[]{1});
        return slow;
    }

    private void assertAliveFor(long millis, Connection one) {
        loop.advance(millis);
        assertThat(one.isClosed()).as(told.closed.toString()).isFalse();
    }

    @Test
    void leavesARoomThatLetsAFrameTrickle() {
        accepted();
        wire.bytes(new byte[]{FrameType.PUSH, (byte) 0x80, 0x20}); // 4 kB
        int sent = 0;
        while (told.closed.isEmpty() && sent < 100) {
            loop.advance(1_000);
            wire.bytes(new byte[]{1});
            sent++;
        }
        assertThat(sent).isEqualTo(9);
        assertThat(told.closed.get(0)).contains("half a frame");
    }

    @Test
    void isInDoubtBeforeItIsDead() {
        accepted();
        loop.advance(120_000 + 8_999);
        assertThat(told.doubts).isZero();
        loop.advance(1);
        assertThat(told.doubts).isEqualTo(1);
        assertThat(told.closed).isEmpty();
        loop.advance(6_000);
        assertThat(told.closed).hasSize(1);
        assertThat(told.doubts).isEqualTo(1);
        assertThat(Ladder.millis(connection.failedRung())).isEqualTo(120_000);
    }

    @Test
    void aFarewellSaysNothingOfTheNetwork() {
        accepted();
        loop.advance(120_000);
        connection.close("kicked");
        assertThat(connection.failedRung()).isEqualTo(Ladder.NONE);
    }

    @Test
    void takesAFrameThatComesByteByByte() {
        accepted();
        for (byte one : FrameWriter.frame(FrameType.PUSH, Push.newBuilder().setMessageId(9).setSeq(1).build())) {
            wire.bytes(new byte[]{one});
        }
        assertThat(told.pushes).hasSize(1);
        loop.advance(30_000);
        assertThat(told.closed).isEmpty();
    }

    @Test
    void sendsAnAckHalfASecondAfterTheAnswer() {
        accepted();
        wire.frame(FrameType.PUSH, Push.newBuilder().setMessageId(9).setEndpointId(3).setSeq(1).build());
        connection.answer(new AckBatcher.Answer(3, 9, 1, 0, AckStatus.ACK_STORED), false);

        loop.advance(499);
        assertThat(wire.count(FrameType.ACK)).isZero();
        loop.advance(1);
        assertThat(wire.count(FrameType.ACK)).isEqualTo(1);
    }

    @Test
    void sendsWhatWasAnsweredBeforeItLeaves() {
        accepted();
        wire.frame(FrameType.PUSH, Push.newBuilder().setMessageId(9).setEndpointId(3).setSeq(1).build());
        connection.answer(new AckBatcher.Answer(3, 9, 1, 0, AckStatus.ACK_STORED), false);

        connection.leave("done");

        assertThat(wire.count(FrameType.ACK)).isEqualTo(1);
        assertThat(told.closed).containsExactly("done");
        assertThat(connection.leftovers()).isEmpty();
    }

    @Test
    void keepsWhatItCouldNotSendForTheNext() {
        accepted();
        wire.frame(FrameType.PUSH, Push.newBuilder().setMessageId(9).setEndpointId(3).setSeq(1).build());
        connection.answer(new AckBatcher.Answer(3, 9, 1, 0, AckStatus.ACK_STORED), false);

        Objects.requireNonNull(wire.listener).onClosed("gone");

        assertThat(connection.leftovers()).hasSize(1);
    }

    @Test
    void refusesAMessageNoRoomMaySend() {
        accepted();
        wire.frame(FrameType.PUSH, Push.newBuilder().setMessageId(-1).setSeq(1).build());

        assertThat(told.pushes).isEmpty();
        assertThat(told.closed.get(0)).contains("message id -1");
    }

    @Test
    void aBugInItsOwnerClosesItAndIsTold() {
        accepted();
        told.bug = true;
        wire.frame(FrameType.PUSH, Push.newBuilder().setMessageId(1).setSeq(1).build());

        assertThat(told.bugs).hasSize(1);
        assertThat(told.closed).hasSize(1);
    }

    @Test
    void leavesARoomThatDoesNotRead() {
        accepted();
        wire.full = true;
        wire.frame(FrameType.PING, Ping.getDefaultInstance());

        assertThat(told.closed).containsExactly("the room does not read");
    }

    @Test
    void putsAPingBehindReportsAndTellsWhenThatIsAnswered() {
        accepted();
        connection.report(new AckBatcher.Answer(3, 9, 0, 0, AckStatus.ACK_SHOWN));
        loop.advance(500);
        assertThat(wire.sentTypes()).endsWith(FrameType.ACK, FrameType.PING);

        wire.frame(FrameType.PONG, Pong.getDefaultInstance());
        assertThat(told.reported).isZero();
        wire.frame(FrameType.PONG, Pong.newBuilder().setEcho(1).build());
        assertThat(told.reported).isEqualTo(1);
    }

    @Test
    void putsNoPingBehindPlainAcks() {
        accepted();
        wire.frame(FrameType.PUSH, Push.newBuilder().setMessageId(9).setEndpointId(3).setSeq(1).build());
        connection.answer(new AckBatcher.Answer(3, 9, 1, 0, AckStatus.ACK_STORED), true);
        loop.advance(500);

        assertThat(wire.sentTypes()).endsWith(FrameType.ACK);
    }

    @Test
    void tellsWhatThePhoneDoesByAPingThatMustBeAnswered() {
        accepted();
        connection.tell(ClientState.STATE_FOREGROUND, 0);
        assertThat(wire.count(FrameType.PING)).isEqualTo(1);

        loop.advance(15_000);
        assertThat(told.closed.get(0)).contains("no answer to a ping");
    }

    private void accepted() {
        wire.frame(FrameType.CONNECT_ACK,
                ConnectAck.newBuilder().setCode(Code.OK).setHbHintS(120).setHbMaxS(120).build());
    }

    /** A wire that keeps what was sent. */
    private static final class FakeWire implements Dialer.OpenWire {
        private final List<Integer> types = new ArrayList<>();
        private FrameReader reader = FrameReader.ofRoom();
        private @Nullable Listener listener;
        private boolean full;

        @Override
        public void start(Wire.Listener reads) {
            listener = reads;
        }

        @Override
        public boolean send(byte[] bytes) {
            if (full) {
                return false;
            }
            try {
                reader.onBytes(ByteBuffer.wrap(bytes), 0, bytes.length, new FrameReader.Handler() {
                    @Override
                    public boolean onFrame(int type, ByteBuffer buffer, int from, int to) {
                        types.add(type);
                        reader.authenticated();
                        return true;
                    }

                    @Override
                    public void onSkipped(int type) {
                        types.add(-type);
                    }
                });
            } catch (ProtocolError bad) {
                throw new AssertionError("the phone broke the protocol", bad);
            }
            return true;
        }

        @Override
        public void close(long lingerMillis) {
            full = true;
            if (listener != null) {
                listener.onClosed("closed here");
            }
        }

        void bytes(byte[] bytes) {
            Objects.requireNonNull(listener).onBytes(bytes, bytes.length);
        }

        void frame(int type, MessageLite body) {
            bytes(FrameWriter.frame(type, body));
        }

        List<Integer> sentTypes() {
            return types;
        }

        long count(int type) {
            return types.stream().filter(one -> one == type).count();
        }
    }

    /** An owner that remembers. */
    private static final class Told implements ConnectionEvents {
        private final List<String> closed = new ArrayList<>();
        private final List<Push> pushes = new ArrayList<>();
        private final List<RuntimeException> bugs = new ArrayList<>();
        private final List<Object> others = new ArrayList<>();
        private final List<Long> intervals = new ArrayList<>();
        private boolean bug;
        private int alive;
        private int doubts;
        private int reported;

        @Override
        public void onConnectAck(Connection connection, ConnectAck ack) {
            others.add(ack);
        }

        @Override
        public void onPush(Connection connection, Push push) {
            if (bug) {
                throw new IllegalStateException("a bug");
            }
            pushes.add(push);
        }

        @Override
        public void onBindAck(Connection connection, BindAck ack) {
            others.add(ack);
        }

        @Override
        public void onProfileAck(Connection connection, ProfileAck ack) {
            others.add(ack);
        }

        @Override
        public void onReply(Connection connection, Reply reply) {
            others.add(reply);
        }

        @Override
        public void onUplinkReply(Connection connection, UplinkReply reply) {
            others.add(reply);
        }

        @Override
        public void onReported(Connection connection) {
            reported++;
        }

        @Override
        public void onKick(Connection connection, Kick kick) {
            others.add(kick);
        }

        @Override
        public void onGoAway(Connection connection, GoAway goAway) {
            others.add(goAway);
        }

        @Override
        public void onError(Connection connection, ErrorFrame error) {
            others.add(error);
        }

        @Override
        public void onAlive(Connection connection) {
            alive++;
        }

        @Override
        public void onInterval(Connection connection, long silenceMillis) {
            intervals.add(silenceMillis);
        }

        @Override
        public void onDoubt(Connection connection) {
            doubts++;
        }

        @Override
        public void onBug(Connection connection, RuntimeException met) {
            bugs.add(met);
        }

        @Override
        public void onClosed(Connection connection, String reason) {
            closed.add(reason);
        }
    }
}
