package io.longwire.room.transport;

import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.v1.Pong;
import io.longwire.keeper.service.StartFailure;
import io.longwire.room.metric.RoomMetric;
import io.longwire.rpc.room.PushResult;
import io.longwire.testkit.time.VirtualClock;
import io.longwire.testkit.tls.Certificate;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class TlsIT {
    private static final byte[] SHARED = "of the deployment, for all rooms".getBytes(
            java.nio.charset.StandardCharsets.US_ASCII);

    @TempDir
    private Path directory;
    private Certificate installed;
    private Certificate next;

    @BeforeEach
    void makeTwo() throws Exception {
        installed = Certificate.make(Files.createDirectory(directory.resolve("installed")));
        next = Certificate.make(Files.createDirectory(directory.resolve("next")));
    }

    @Test
    void aReplacedCertificateIsShownToNewPhonesAndTheOthersStay() throws Exception {
        try (SocketRoom room = new SocketRoom(listener(0)); SocketPhone before = phone(room)) {
            before.connect(room.binding(5).build());
            BigInteger old = shown(before);

            install(next.chain(), installed.chain());
            install(next.key(), installed.key());
            await().until(() -> room.metrics.count(RoomMetric.CERTIFICATES, "reloaded") > 0);

            try (SocketPhone after = phone(room)) {
                assertThat(shown(after)).isNotEqualTo(old);
                assertThat(after.connect(room.binding(6).build()).getCode()).isEqualTo(Code.OK);
            }
            assertThat(room.send(5, 100).get()).isEqualTo(PushResult.Code.WRITTEN);
            assertThat(before.push().getPayload().size()).isEqualTo(100);
            before.send(new byte[]{FrameType.PING, 0});
            before.next(FrameType.PONG, Pong.parser());
        }
    }

    @Test
    void filesThatDoNotFitTogetherAreCountedAndThoseOfBeforeServeOn() throws Exception {
        try (SocketRoom room = new SocketRoom(listener(0)); SocketPhone before = phone(room)) {
            BigInteger old = shown(before);

            install(next.chain(), installed.chain()); // its key is still that of the other one
            await().until(() -> room.metrics.count(RoomMetric.CERTIFICATES, "refused") == 1);
            try (SocketPhone after = phone(room)) {
                assertThat(shown(after)).isEqualTo(old);
            }

            install(next.key(), installed.key());
            await().until(() -> room.metrics.count(RoomMetric.CERTIFICATES, "reloaded") == 1);
            try (SocketPhone after = phone(room)) {
                assertThat(shown(after)).isNotEqualTo(old);
            }
        }
    }

    @Test
    void aRoomDoesNotStartWithAKeyOfAnotherCertificate() {
        var mixed = new ListenerConfig(ListenerConfig.Kind.TLS, "127.0.0.1", 0, "127.0.0.1", false, java.util.List.of(),
                installed.chain(), next.key());

        assertThatThrownBy(() -> new SocketRoom(mixed)).isInstanceOf(StartFailure.class)
                .hasMessageContaining("the key is not that of the first certificate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aPhoneResumesAtAnotherRoomWhatItBeganAtThisOne(String protocol) throws Exception {
        SSLContext phones = SocketPhone.trusting();
        int port;
        try (SocketRoom one = new SocketRoom(SHARED, listener(0))) {
            port = one.port(0);
            connect(phones, one, port, protocol);
            assertThat(one.resumedWithTickets()).isZero();
        }
        try (SocketRoom other = new SocketRoom(SHARED, listener(port))) { // a phone keeps tickets by host and port
            connect(phones, other, port, protocol);
            assertThat(other.resumedWithTickets()).isEqualTo(1);
        }
        try (SocketRoom stranger = new SocketRoom(new byte[0], listener(port))) {
            connect(phones, stranger, port, protocol);
            assertThat(stranger.resumedWithTickets()).isZero();
            connect(phones, stranger, port, protocol);
            assertThat(stranger.resumedWithTickets()).isEqualTo(1); // its own process's
            stranger.tls.ticketKey(SHARED);
            connect(phones, stranger, port, protocol);
            assertThat(stranger.resumedWithTickets()).isEqualTo(1);
        }
    }

    @Test
    void aTicketIsGoodUntilTheEndOfTheDayAfter() throws Exception {
        SSLContext phones = SocketPhone.trusting();
        var clock = new VirtualClock();
        try (SocketRoom room = new SocketRoom(clock, SHARED, listener(0))) {
            connect(phones, room, room.port(0), "TLSv1.3");

            clock.advance(Duration.ofDays(1));
            room.tls.rotate();
            connect(phones, room, room.port(0), "TLSv1.3");
            assertThat(room.resumedWithTickets()).isEqualTo(1);

            clock.advance(Duration.ofDays(2));
            room.tls.rotate();
            connect(phones, room, room.port(0), "TLSv1.3");
            assertThat(room.resumedWithTickets()).isEqualTo(1);
            connect(phones, room, room.port(0), "TLSv1.3");
            assertThat(room.resumedWithTickets()).isEqualTo(2);
        }
    }

    private static void connect(SSLContext phones, SocketRoom room, int port, String protocol) throws IOException {
        try (SocketPhone phone = SocketPhone.tls(phones, port, protocol)) {
            assertThat(phone.connect(room.binding(5).build()).getCode()).isEqualTo(Code.OK);
        }
    }

    private static SocketPhone phone(SocketRoom room) throws Exception {
        return SocketPhone.tls(room.port(0), "TLSv1.3");
    }

    private static BigInteger shown(SocketPhone phone) throws SSLPeerUnverifiedException {
        return ((X509Certificate) ((SSLSocket) phone.socket()).getSession().getPeerCertificates()[0])
                .getSerialNumber();
    }

    private static void install(Path from, Path to) throws IOException {
        Path beside = to.resolveSibling(to.getFileName() + ".new");
        Files.copy(from, beside, StandardCopyOption.REPLACE_EXISTING);
        Files.move(beside, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private ListenerConfig listener(int port) {
        return new ListenerConfig(ListenerConfig.Kind.TLS, "127.0.0.1", port, "127.0.0.1", false, java.util.List.of(),
                installed.chain(), installed.key());
    }
}
