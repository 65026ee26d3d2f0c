package io.longwire.sdk.phone;

import com.google.protobuf.ByteString;
import io.longwire.device.Code;
import io.longwire.device.FrameBody;
import io.longwire.device.FrameReader;
import io.longwire.device.FrameType;
import io.longwire.device.FrameWriter;
import io.longwire.device.Limits;
import io.longwire.device.MessageRules;
import io.longwire.device.ProtocolError;
import io.longwire.device.v1.BindAck;
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
import io.longwire.device.v1.Uplink;
import io.longwire.device.v1.UplinkReply;
import io.longwire.sdk.connection.Connection;
import io.longwire.sdk.connection.ConnectionEvents;
import io.longwire.sdk.loop.VirtualLoop;
import io.longwire.sdk.phone.AppUplinks.Outcome;
import io.longwire.sdk.store.AppStore;
import io.longwire.sdk.store.PhoneStore;
import io.longwire.sdk.store.UplinkLog;
import io.longwire.sdk.store.v1.EndpointState;
import io.longwire.sdk.transport.Address;
import io.longwire.sdk.transport.Dialer;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** How uplinks are sent, in virtual time: order, bounds, pauses, connections that end. */
class UplinksTest {
    private static final long DAY = 86_400_000;

    @TempDir
    File directory;
    private final VirtualLoop loop = new VirtualLoop();
    private final List<App> apps = new ArrayList<>();
    private final List<String> outcomes = new ArrayList<>();
    private PhoneStore store;
    private Parts parts;
    private Uplinks uplinks;
    private App app;

    @BeforeEach
    void open() throws IOException {
        store = PhoneStore.open(directory, false);
        parts = Offline.parts(loop, store, new VirtualPlatform.Heard());
        uplinks = new Uplinks(apps, parts, new Random(7));
        app = add(7);
    }

    @AfterEach
    void close() throws IOException {
        for (App one : apps) {
            one.store().close();
        }
        store.close();
    }

    @Test
    void sendsInOrderAtMostEightAtATime() throws IOException {
        for (int i = 0; i < 20; i++) {
            send("u" + i, 10);
        }
        Room room = connect();

        assertThat(room.bodies()).containsExactly("u0", "u1", "u2", "u3", "u4", "u5", "u6", "u7");
        room.reply(room.got.get(0), Code.OK, 0);
        assertThat(room.bodies()).hasSize(9).endsWith("u8");
        for (int i = 1; i < 20; i++) {
            room.reply(room.got.get(i), Code.OK, 0);
        }

        assertThat(room.bodies()).hasSize(20).isSubsetOf(names(20)).doesNotHaveDuplicates();
        assertThat(room.got).extracting(Uplink::getSeq).isSorted().doesNotHaveDuplicates();
        assertThat(outcomes).hasSize(20).allMatch("DURABLE"::equals);
        assertThat(app.store().uplinks().waiting()).isEmpty();
    }

    @Test
    void holdsTheBytesThatOneConnectionMayHave() throws IOException {
        for (int i = 0; i < 6; i++) {
            send("u" + i, Limits.UPLINK_BYTES);
        }
        Room room = connect();

        assertThat(room.got).hasSize(4);
        room.reply(room.got.get(0), Code.OK, 0);
        assertThat(room.got).hasSize(5);
    }

    @Test
    void theAppsTakeTurns() throws IOException {
        App other = add(8);
        for (int i = 0; i < 20; i++) {
            send("u" + i, 10);
        }
        other.uplinks().send("order", ByteString.copyFromUtf8("other"), DAY, (outcome, reason) -> {
        });
        Room room = connect();

        assertThat(room.bodies()).hasSize(8).contains("other");
    }

    @Test
    void sendsAgainUnderTheSameSeqOnTheNextConnectionAndNothingTwiceOnOne() throws IOException {
        for (int i = 0; i < 3; i++) {
            send("u" + i, 10);
        }
        Room first = connect();
        first.reply(first.got.get(1), Code.OK, 0);
        uplinks.pump(first.connection);
        assertThat(first.got).hasSize(3);
        first.connection.close("cut");

        Room second = connect();

        assertThat(second.bodies()).containsExactly("u0", "u2");
        assertThat(second.got).extracting(Uplink::getSeq).containsExactly(first.got.get(0).getSeq(),
                first.got.get(2).getSeq());
        uplinks.onReply(first.connection, UplinkReply.newBuilder().setReqId(1).setCode(Code.OK).build()); // too late
        assertThat(outcomes).hasSize(1);
    }

    @Test
    void waitsAsLongAsABusyRoomAsksAndThenGoesOnInOrder() throws IOException {
        for (int i = 0; i < 10; i++) {
            send("u" + i, 10);
        }
        Room room = connect();
        for (Uplink one : List.copyOf(room.got)) {
            room.reply(one, Code.BUSY, 20_000);
        }
        assertThat(room.got).hasSize(8);

        loop.advance(19_999);
        assertThat(room.got).hasSize(8);
        loop.advance(2_001); // a tenth of it is spread
        assertThat(room.bodies().subList(8, 16)).containsExactly("u0", "u1", "u2", "u3", "u4", "u5", "u6", "u7");
        assertThat(room.got.get(8).getSeq()).isEqualTo(room.got.get(0).getSeq());
        assertThat(room.got.get(8).getReqId()).isNotEqualTo(room.got.get(0).getReqId());
        assertThat(outcomes).isEmpty();
    }

    @Test
    void triesARoomThatNeverAnswersNoMoreOftenThanTheBackoffAllows() throws IOException {
        send("u", 10);
        Room room = connect();

        loop.advance(DAY);

        assertThat(room.got).hasSizeBetween(250, 500);
        assertThat(room.got).extracting(Uplink::getSeq).containsOnly(room.got.get(0).getSeq());
    }

    @Test
    void waitsTenSecondsForAReplyOnceTheBytesAheadAndItsOwnCanHaveLeft() throws IOException {
        for (int i = 0; i < 4; i++) {
            send("u" + i, 12_000);
        }
        Room room = connect();

        loop.advance(10_990);
        assertThat(app.uplinks().notBefore).as("12 kB take a second, at worst").isZero();
        loop.advance(100); // and a little for what is not body
        assertThat(app.uplinks().notBefore).isPositive();
        loop.advance(2_800);
        assertThat(room.got.get(4).getSeq()).isEqualTo(room.got.get(0).getSeq());
        assertThat(room.got.subList(4, room.got.size())).as("the last has a second left")
                .extracting(Uplink::getSeq).doesNotContain(room.got.get(3).getSeq());
        assertThat(room.connection.isClosed()).isFalse();
    }

    @Test
    void aReplyThatComesLateCounts() throws IOException {
        send("u", 10);
        Room room = connect();
        loop.advance(25_000);
        assertThat(room.got).hasSize(3);
        assertThat(room.pings).as("is the connection still there?").isOne();
        room.reply(room.got.get(0), Code.OK, 0);
        assertThat(outcomes).containsExactly("DURABLE");
    }

    @Test
    void dropsWhatIsRefusedForGoodAndSendsTheRest() throws IOException {
        send("bad", 10);
        send("good", 10);
        Room room = connect();

        room.reply(room.got.get(0), Code.REFUSED, 0);
        room.reply(room.got.get(1), Code.OK, 0);

        assertThat(outcomes).containsExactly("REFUSED REFUSED text", "DURABLE");
        assertThat(app.store().uplinks().waiting()).isEmpty();
    }

    @Test
    void whatIsAboutTheEndpointMayPass() throws IOException {
        send("u", 10);
        Room room = connect();

        room.reply(room.got.get(0), Code.NOT_BOUND, 0);
        loop.advance(2_000);
        room.reply(room.got.get(1), Code.OK, 0);

        assertThat(outcomes).containsExactly("DURABLE");
    }

    @Test
    void leavesARoomAloneThatDoesNotKnowUplinks() throws IOException {
        send("u", 10);
        Room room = connect();
        room.bytes(FrameWriter.frame(FrameType.ERROR, ErrorFrame.newBuilder().setCode(Code.UNSUPPORTED).setFatal(true)
                .setFrameType(FrameType.UPLINK).build()));
        assertThat(room.connection.isClosed()).isTrue();

        Room second = connect();
        loop.advance(59 * 60_000);
        assertThat(second.got).isEmpty();
        loop.advance(60_000);
        assertThat(second.got).hasSize(1);
    }

    @Test
    void expiresWithoutAConnectionByTimeThatElapses() {
        app.uplinks().send("order", ByteString.copyFromUtf8("short"), 60_000, this::heard);
        app.uplinks().send("order", ByteString.copyFromUtf8("long"), 3 * DAY, this::heard);
        uplinks.look();
        parts.time.told(loop.wallMillis() + 400 * DAY); // the clock of this phone was a year behind

        loop.advance(59_999);
        assertThat(outcomes).isEmpty();
        loop.advance(2);
        assertThat(outcomes).hasSize(1).allMatch(one -> one.startsWith("EXPIRED"));
        assertThat(app.store().uplinks().waiting()).hasSize(1);
        loop.advance(3 * DAY);
        assertThat(outcomes).hasSize(2);
    }

    @Test
    void aFullStoreTakesNoMore() throws IOException {
        for (int i = 0; i < UplinkLog.COUNT; i++) {
            send("u" + i, 1);
        }
        assertThat(outcomes).isEmpty();
        send("one more", 1);
        assertThat(outcomes).hasSize(1).allMatch(one -> one.startsWith("FULL uplinks: too many wait"));

        Room room = connect();
        room.reply(room.got.get(0), Code.OK, 0);
        send("another", 1);
        assertThat(outcomes).hasSize(2).endsWith("DURABLE");
    }

    @Test
    void anAppThatEndsKeepsItsUplinksAndTheNextProcessSendsThem() throws IOException {
        send("one", 10);
        send("two", 10);
        Room room = connect();
        room.reply(room.got.get(0), Code.OK, 0);
        app.uplinks().close();
        assertThat(outcomes).containsExactly("DURABLE", "KEPT stopped before the platform answered");
        app.store().close();
        apps.clear();

        App again = add(7);
        uplinks = new Uplinks(apps, parts, new Random(7));
        Room second = connect();

        assertThat(second.bodies()).containsExactly("two");
        assertThat(second.got.get(0).getSeq()).isEqualTo(room.got.get(1).getSeq());
        second.reply(second.got.get(0), Code.OK, 0);
        assertThat(again.store().uplinks().waiting()).isEmpty();
    }

    private void send(String body, int size) {
        byte[] padded = new byte[Math.max(size, body.length())];
        System.arraycopy(body.getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, padded, 0, body.length());
        app.uplinks().send("order", ByteString.copyFrom(padded), DAY * 3, this::heard);
        uplinks.look();
    }

    private void heard(Outcome outcome, String reason) {
        outcomes.add((outcome + " " + reason).trim());
    }

    private App add(int appId) throws IOException {
        AppStore files = store.app(appId);
        files.keep(EndpointState.newBuilder().setEndpointId(100 + appId).build());
        AppInbox inbox = new AppInbox(parts, files.messages(), Runnable::run, (message, again) -> true, ready -> {
        });
        App made = new App("ak_" + appId + "_000102030405060708090a0b0c0d0e0f", "", files, inbox, parts);
        made.bound = true;
        apps.add(made);
        return made;
    }

    private Room connect() {
        Room room = new Room();
        uplinks.pump(room.connection);
        return room;
    }

    private static List<String> names(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add("u" + i);
        }
        return names;
    }

    /** The other end of one connection. */
    private final class Room implements Dialer.OpenWire, FrameReader.Handler {
        private final List<Uplink> got = new ArrayList<>();
        private final FrameReader reader = FrameReader.ofRoom();
        private int pings;
        private final Connection connection = new Connection(loop,
                Address.of("room", ByteString.EMPTY, 1, false), this, parts.time, 0, new Told());

        Room() {
            connection.connect(Connect.getDefaultInstance());
            bytes(new byte[]{Limits.PREFACE});
            bytes(FrameWriter.frame(FrameType.CONNECT_ACK, ConnectAck.getDefaultInstance()));
        }

        void reply(Uplink uplink, int code, long retryAfterMillis) {
            bytes(FrameWriter.frame(FrameType.UPLINK_REPLY, UplinkReply.newBuilder().setReqId(uplink.getReqId())
                    .setCode(code).setRetryAfterMs(retryAfterMillis).setText(code == Code.REFUSED ? "text" : "")
                    .build()));
        }

        private void bytes(byte[] bytes) {
            connection.onBytes(bytes, bytes.length);
        }

        List<String> bodies() {
            List<String> bodies = new ArrayList<>();
            for (Uplink one : got) {
                bodies.add(one.getBody().toStringUtf8().replace("\0", ""));
            }
            return bodies;
        }

        @Override
        public void start(Listener reads) {
            // This room says nothing by bytes.
        }

        @Override
        public boolean send(byte[] bytes) {
            try {
                reader.onBytes(ByteBuffer.wrap(bytes), 0, bytes.length, this);
                return true;
            } catch (ProtocolError bad) {
                throw new AssertionError("the phone broke the protocol", bad);
            }
        }

        @Override
        public void close(long lingerMillis) {
        }

        @Override
        public boolean onFrame(int type, ByteBuffer buffer, int from, int to) throws ProtocolError {
            reader.authenticated();
            if (type == FrameType.PING) {
                pings++;
                Pong pong = Pong.newBuilder().setEcho(FrameBody.parse(Ping.parser(), buffer, from, to).getEcho())
                        .build();
                loop.execute(() -> bytes(FrameWriter.frame(FrameType.PONG, pong)));
            } else if (type == FrameType.UPLINK) {
                Uplink uplink = FrameBody.parse(Uplink.parser(), buffer, from, to);
                MessageRules.check(uplink);
                got.add(uplink);
            }
            return true;
        }

        @Override
        public void onSkipped(int type) {
            throw new AssertionError("skipped " + type);
        }
    }

    /** Hands on what is about uplinks. */
    private final class Told implements ConnectionEvents {
        @Override
        public void onUplinkReply(Connection connection, UplinkReply reply) {
            uplinks.onReply(connection, reply);
        }

        @Override
        public void onError(Connection connection, ErrorFrame error) {
            uplinks.onError(connection, error);
        }

        @Override
        public void onClosed(Connection connection, String reason) {
            uplinks.onClosed(connection);
        }

        @Override
        public void onConnectAck(Connection connection, ConnectAck ack) {
        }

        @Override
        public void onPush(Connection connection, Push push) {
        }

        @Override
        public void onBindAck(Connection connection, BindAck ack) {
        }

        @Override
        public void onProfileAck(Connection connection, ProfileAck ack) {
        }

        @Override
        public void onReply(Connection connection, Reply reply) {
        }

        @Override
        public void onReported(Connection connection) {
        }

        @Override
        public void onKick(Connection connection, Kick kick) {
        }

        @Override
        public void onGoAway(Connection connection, GoAway goAway) {
        }

        @Override
        public void onAlive(Connection connection) {
        }

        @Override
        public void onBug(Connection connection, RuntimeException bug) {
            throw bug;
        }
    }
}
