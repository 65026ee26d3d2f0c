package io.longwire.room.transport;

import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.FrameWriter;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.ErrorFrame;
import io.longwire.device.v1.Pong;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.Uplink;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.service.StartFailure;
import io.longwire.room.accept.AcceptConfig;
import io.longwire.room.accept.AccessConfig;
import io.longwire.room.accept.Cidr;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Link;
import io.longwire.rpc.room.PushResult;
import io.longwire.testkit.tls.Certificate;
import io.netty.handler.ssl.OpenSsl;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class SocketIT {
    @TempDir
    private Path directory;

    @Test
    void servesAPhoneOverPlainTcp() throws Exception {
        try (SocketRoom room = new SocketRoom(ListenerConfig.loopback());
                SocketPhone phone = SocketPhone.tcp(room.port(0))) {
            serve(room, phone);
            assertThat(room.addresses()).isEqualTo("tcp://127.0.0.1:" + room.port(0));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void servesAPhoneOverTls(String protocol) throws Exception {
        try (SocketRoom room = new SocketRoom(tls()); SocketPhone phone = SocketPhone.tls(room.port(0), protocol)) {
            assertThat(OpenSsl.isAvailable()).isTrue();
            serve(room, phone);
            SSLSocket socket = (SSLSocket) phone.socket();
            assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
            assertThat(socket.getApplicationProtocol()).isEqualTo("longwire/1");
            assertThat(socket.getSession().getCipherSuite()).contains("GCM");
        }
    }

    @Test
    void aBroadcastIsTheSameBytesForPhonesOverTcpAndTls() throws Exception {
        try (SocketRoom room = new SocketRoom(ListenerConfig.loopback(), tls());
                SocketPhone plain = SocketPhone.tcp(room.port(0));
                SocketPhone other = SocketPhone.tcp(room.port(0));
                SocketPhone secret = SocketPhone.tls(room.port(1), "TLSv1.3");
                SocketPhone older = SocketPhone.tls(room.port(1), "TLSv1.2")) {
            List<SocketPhone> phones = List.of(plain, other, secret, older);
            for (int i = 0; i < phones.size(); i++) {
                phones.get(i).connect(room.binding(5 + i).build());
            }

            for (long even = 2; even <= 6; even += 2) {
                room.broadcast(even, 300);
                room.broadcast(even + 1, 4_000);
                for (SocketPhone phone : phones) {
                    Set<Long> seqs = new HashSet<>();
                    for (int i = 0; i < 2; i++) {
                        Push push = phone.push();
                        seqs.add(push.getBcastSeq());
                        assertThat(push.getPayload().size()).isEqualTo(push.getBcastSeq() % 2 == 0 ? 300 : 4_000);
                    }
                    assertThat(seqs).containsExactlyInAnyOrder(even, even + 1);
                }
            }
        }
    }

    @Test
    void aPhoneComesBackOnAnySocketWithoutARegisterWrite() throws Exception {
        try (SocketRoom room = new SocketRoom(ListenerConfig.loopback())) {
            SocketPhone phone = SocketPhone.tcp(room.port(0));
            ConnectAck welcome = phone.connect(room.binding(5).build());
            long seq = welcome.getResults(0).getConnSeq();
            for (int i = 0; i < 20; i++) { // the kernel deals sockets to both loops
                phone.close();
                phone = SocketPhone.tcp(room.port(0));
                welcome = phone.connect(Connect.newBuilder().setResumeToken(welcome.getResumeToken())
                        .addBindings(room.binding(5).setPrevConnSeq(seq)).build());
                assertThat(welcome.getResults(0).getResumed()).isTrue();
                assertThat(room.send(5, 10).get()).isEqualTo(PushResult.Code.WRITTEN);
                assertThat(phone.push().getSeq()).isEqualTo(1);
                phone.send(FrameType.ACK, Ack.newBuilder().setUptoSeq(1).build());
                int done = i + 1;
                await().until(() -> room.saver.ends.size() == done);
            }
            assertThat(room.register.puts).hasSize(1);
            phone.close();
        }
    }

    @Test
    void aPhoneThatDoesNotReadIsNotQueuedForAndGetsEverythingInTheEnd() throws Exception {
        try (SocketRoom room = new SocketRoom(ListenerConfig.loopback());
                SocketPhone phone = SocketPhone.tcp(room.port(0))) {
            phone.connect(room.binding(5).build());
            Set<Long> got = new HashSet<>();
            for (int i = 0; i < 60; i++) {
                assertThat(room.send(5, 4_000).get()).isIn(PushResult.Code.WRITTEN, PushResult.Code.WINDOW_FULL,
                        PushResult.Code.NOT_WRITABLE);
            }
            Set<Long> sent = room.saver.waiting(5);
            long last = 0;
            while (got.size() < 60) {
                Push push = phone.push();
                got.add(push.getMessageId());
                assertThat(push.getSeq()).isEqualTo(++last);
                phone.send(FrameType.ACK, Ack.newBuilder().setUptoSeq(last).build());
            }

            assertThat(got).isEqualTo(sent);
            await().untilAsserted(() -> assertThat(room.saver.waiting(5)).isEmpty());
        }
    }

    @Test
    void aPhoneThatAcksBlindlyAndDoesNotReadFillsItsSocketAndNothingElse() throws Exception {
        try (SocketRoom room = new SocketRoom(ListenerConfig.loopback());
                SocketPhone phone = SocketPhone.tcp(room.port(0))) {
            phone.connect(room.binding(5).build());
            int refused = 0;
            int mostPending = 0;
            Set<Long> sent = new HashSet<>();
            for (int i = 0; refused < 20; i++) {
                assertThat(i).as("64 MB fit into a socket").isLessThan(16_000);
                PushResult.Code code = room.send(5, 4_000).get();
                sent.addAll(room.saver.waiting(5));
                refused += code == PushResult.Code.NOT_WRITABLE ? 1 : 0;
                mostPending = Math.max(mostPending, room.look(5, at -> Objects.requireNonNull(at.link()).pending()));
                phone.send(FrameType.ACK, Ack.newBuilder().setUptoSeq(room.look(5, Connection::lastSeq)).build());
            }
            // The watermark, and what one read of acks may bring on top of it: one window of one endpoint.
            assertThat(mostPending).isLessThan(32 * 1024 + 9 * 4_200);
            Set<Long> left = room.saver.waiting(5);
            assertThat(left).hasSizeGreaterThanOrEqualTo(20);

            Set<Long> got = new HashSet<>();
            while (!got.containsAll(left)) { // refetched when the socket is writable again
                Push push = phone.push();
                got.add(push.getMessageId());
                phone.send(FrameType.ACK, Ack.newBuilder().setUptoSeq(push.getSeq()).build());
            }
            assertThat(got).isEqualTo(sent);
            await().untilAsserted(() -> assertThat(room.saver.waiting(5)).isEmpty());
        }
    }

    @Test
    void aPhoneThatAsksAndDoesNotReadTheAnswersIsClosed() throws Exception {
        try (SocketRoom room = new SocketRoom(ListenerConfig.loopback());
                SocketPhone phone = SocketPhone.tcp(room.port(0))) {
            phone.connect(room.binding(5).build());
            byte[] ask = FrameWriter.frame(FrameType.UPLINK, Uplink.newBuilder().setReqId(1).setEndpointId(5)
                    .setSeq(1).build());
            var many = new ByteArrayOutputStream();
            for (int i = 0; i < 200; i++) {
                many.writeBytes(ask);
            }
            int mostPending = 0;
            while (room.loops.parked() == 0) {
                try {
                    phone.send(many.toByteArray());
                    await().pollDelay(Duration.ofMillis(10)).until(() -> true); // below the limit of frames a second
                    mostPending = Math.max(mostPending, room.look(5, at -> {
                        Link link = at.link();
                        return link == null ? 0 : link.pending();
                    }));
                } catch (IOException closed) {
                    await().until(() -> room.loops.parked() == 1);
                }
            }
            assertThat(mostPending).isLessThan(256 * 1024);
            assertThat(room.metrics.count(RoomMetric.CLOSED, "unread")).isEqualTo(1);
        }
    }

    @Test
    void aConnectionAboveTheRateReadsBusy() throws Exception {
        var access = AccessConfig.read(ConfigNode.of(Map.of("exempt", List.of())));
        try (SocketRoom room = new SocketRoom(access, new AcceptConfig(2, Duration.ZERO, 100, 100),
                ListenerConfig.loopback())) {
            List<Integer> codes = new ArrayList<>();
            // Four do, unless a slow machine gives the rate time to refill.
            for (int i = 0; i < 20 && !(codes.contains(Code.OK) && codes.contains(Code.BUSY)); i++) {
                try (SocketPhone phone = SocketPhone.tcp(room.port(0))) {
                    ConnectAck ack = phone.connect(room.binding(5 + i).build());
                    codes.add(ack.getCode());
                    if (ack.getCode() == Code.BUSY) {
                        assertThat(ack.getRetryAfterMs()).isPositive();
                        assertThat(phone.closedByRoom()).isTrue();
                    }
                }
            }
            assertThat(codes).contains(Code.OK, Code.BUSY);
            await().until(() -> room.gate.connections() == 0);
        }
    }

    @Test
    void aDeniedAddressIsClosedAtOnce() throws Exception {
        var access = AccessConfig.read(ConfigNode.of(Map.of("exempt", List.of(), "deny", List.of("127.0.0.0/8"))));
        try (SocketRoom room = new SocketRoom(access, AcceptConfig.read(ConfigNode.empty()),
                ListenerConfig.loopback()); SocketPhone phone = SocketPhone.tcp(room.port(0))) {
            assertThat(phone.closedByRoom()).isTrue();
            assertThat(room.metrics.count(RoomMetric.REFUSED, "denied")).isEqualTo(1);
        }
    }

    @Test
    void believesThePhonesAddressOfAListedBalancerAndOfNobodyElse() throws Exception {
        ListenerConfig listed = proxied("127.0.0.0/8");
        ListenerConfig other = proxied("10.0.0.0/8");
        var access = AccessConfig.read(ConfigNode.of(Map.of("deny", List.of("203.0.113.7"))));
        try (SocketRoom room = new SocketRoom(access, AcceptConfig.read(ConfigNode.empty()), listed, other)) {
            try (SocketPhone phone = SocketPhone.tcp(room.port(0))) {
                phone.send(proxyHeader(new byte[]{(byte) 203, 0, 113, 8}));
                assertThat(phone.connect(room.binding(5).build()).getCode()).isEqualTo(Code.OK);
            }
            try (SocketPhone banned = SocketPhone.tcp(room.port(0))) {
                banned.send(proxyHeader(new byte[]{(byte) 203, 0, 113, 7}));
                assertThat(banned.closedByRoom()).isTrue();
            }
            try (SocketPhone liar = SocketPhone.tcp(room.port(1))) {
                assertThat(liar.closedByRoom()).isTrue();
            }
            try (SocketPhone garbage = SocketPhone.tcp(room.port(0))) {
                garbage.send("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                assertThat(garbage.closedByRoom()).isTrue();
            }
            await().until(() -> room.metrics.count(RoomMetric.REFUSED, "proxy") == 2);
        }
    }

    @Test
    void whoSpeaksNonsenseIsToldAndClosedAndTheOthersStay() throws Exception {
        try (SocketRoom room = new SocketRoom(ListenerConfig.loopback(), tls());
                SocketPhone good = SocketPhone.tcp(room.port(0))) {
            good.connect(room.binding(6).build());
            Random random = new Random(11);
            for (int i = 0; i < 50; i++) {
                byte[] garbage = new byte[1 + random.nextInt(2_000)];
                random.nextBytes(garbage);
                try (SocketPhone bad = SocketPhone.tcp(room.port(i % 2))) {
                    bad.send(garbage);
                } catch (IOException closedAlready) {
                    assertThat(closedAlready).isNotNull();
                }
            }
            try (SocketPhone bad = SocketPhone.tcp(room.port(0))) {
                bad.send(new byte[]{1, FrameType.PING, 0});
                assertThat(bad.next(FrameType.ERROR, ErrorFrame.parser()).getCode()).isEqualTo(Code.PROTOCOL);
                assertThat(bad.closedByRoom()).isTrue();
            }
            assertThat(room.send(6, 10).get()).isEqualTo(PushResult.Code.WRITTEN);
            assertThat(good.push().getSeq()).isEqualTo(1);
            assertThat(room.metrics.count(RoomMetric.LOOP_BUGS)).isZero();
        }
    }

    @Test
    void aPortThatIsTakenIsOneSentence() throws Exception {
        try (SocketRoom room = new SocketRoom(ListenerConfig.loopback())) {
            ListenerConfig taken = new ListenerConfig(ListenerConfig.Kind.TCP, "127.0.0.1", room.port(0), "127.0.0.1",
                    false, List.of(), Path.of(""), Path.of(""));

            assertThatThrownBy(() -> new SocketRoom(taken)).isInstanceOf(StartFailure.class)
                    .hasMessageContaining("listen: 127.0.0.1:" + room.port(0) + " (expected: an address");
        }
    }

    @Test
    void aCertificateThatIsNoneIsOneSentence() {
        ListenerConfig broken = new ListenerConfig(ListenerConfig.Kind.TLS, "127.0.0.1", 0, "127.0.0.1", false,
                List.of(), directory.resolve("none.crt"), directory.resolve("none.key"));

        assertThatThrownBy(() -> new SocketRoom(broken)).isInstanceOf(StartFailure.class)
                .hasMessageContaining("certificate, key: ");
    }

    private static void serve(SocketRoom room, SocketPhone phone) throws Exception {
        room.saver.inboxes.clear();
        assertThat(phone.connect(room.binding(5).build()).getCode()).isEqualTo(Code.OK);
        phone.send(new byte[]{FrameType.PING, 0});
        phone.next(FrameType.PONG, Pong.parser());
        assertThat(room.send(5, 300).get()).isEqualTo(PushResult.Code.WRITTEN);
        Push push = phone.push();
        assertThat(push.getPayload().size()).isEqualTo(300);
        phone.send(FrameType.ACK, Ack.newBuilder().setUptoSeq(push.getSeq()).build());
        await().until(() -> room.saver.endsOf(push.getMessageId()).size() == 1);
        phone.close();
        await().until(() -> room.loops.parked() == 1 && room.gate.connections() == 0);
    }

    private ListenerConfig tls() throws Exception {
        Certificate certificate = Certificate.make(directory);
        return new ListenerConfig(ListenerConfig.Kind.TLS, "127.0.0.1", 0, "127.0.0.1", false, List.of(),
                certificate.chain(), certificate.key());
    }

    private static ListenerConfig proxied(String balancers) {
        return new ListenerConfig(ListenerConfig.Kind.TCP, "127.0.0.1", 0, "127.0.0.1", false,
                List.of(Objects.requireNonNull(Cidr.parse(balancers))), Path.of(""), Path.of(""));
    }

    /** PROXY protocol version 2: signature, PROXY, TCP over IPv4, 12 bytes of addresses and ports. */
    private static byte[] proxyHeader(byte[] source) {
        return ByteBuffer.allocate(28)
                .put(new byte[]{0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A})
                .put((byte) 0x21)
                .put((byte) 0x11).putShort((short) 12).put(source).put(new byte[]{10, 0, 0, 1}).putShort((short) 5555)
                .putShort((short) 443).array();
    }
}
