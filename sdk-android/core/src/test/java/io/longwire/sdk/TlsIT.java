package io.longwire.sdk;

import io.longwire.device.dispatcher.RoomAddress;
import io.longwire.sdk.ConnectionStatus.State;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Rooms behind TLS: whom the phone trusts. */
class TlsIT {
    private static final char[] PASSWORD = "password".toCharArray();
    /** Types of TLS records. */
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;

    @TempDir
    File directory;
    @AutoClose
    private final FakePlatform platform = new FakePlatform();

    @Test
    void trustsTheAuthorityWhenTheNameFits() throws Exception {
        KeyStore keys = keys("ip:127.0.0.1");
        FakeRoom room = room(keys);
        try (var phone = phone(more -> more.tlsOnly(true).trust(pem(keys)))) {
            var shown = phone.add(TestPhone.APP_7);
            phone.start();
            FakeLink link = room.next();
            link.ackedUpto(link.push(platform.message(link.host, 7, "over tls")));
            await().until(() -> shown.texts().contains("over tls"));
            await().until(() -> phone.status().room().startsWith("tls://"));
        }
    }

    @Test
    void refusesTheAuthoritysCertificateOfAnotherName() throws Exception {
        KeyStore keys = keys("dns:other.example.com");
        expectRefused(room(keys), phone(more -> more.trust(pem(keys))));
    }

    @Test
    void refusesACertificateOfNobodyItTrusts() throws Exception {
        KeyStore mine = keys("ip:127.0.0.1");
        expectRefused(room(keys("ip:127.0.0.1")), phone(more -> more.trust(pem(mine))));
    }

    @Test
    void trustsAPinnedKeyWhateverItsName() throws Exception {
        KeyStore keys = keys("dns:other.example.com");
        FakeRoom room = room(keys);
        try (var phone = phone(more -> more.pin(pin(keys)))) {
            phone.add(TestPhone.APP_7);
            phone.start();
            room.next();
            await().until(() -> phone.isOnlineAt(room));
        }
    }

    @Test
    void refusesAKeyThatIsNotPinned() throws Exception {
        KeyStore mine = keys("ip:127.0.0.1");
        expectRefused(room(keys("ip:127.0.0.1")), phone(more -> more.pin(pin(mine))));
    }

    @Test
    void onlyAFinishedHandshakeWinsARaceAndTheLosersHearNoFrame() throws Exception {
        KeyStore keys = keys("ip:127.0.0.1");
        FakeRoom room = room(keys);
        byte[] garbage = new byte[8_192];
        new Random(11).nextBytes(garbage);
        try (var stalls = new Stranger(new byte[0]);
                var babbles = new Stranger(garbage);
                var portal = new Stranger("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                var phone = phone(more -> more.tlsOnly(true).trust(pem(keys)))) {
            platform.dispatcher.rooms = List.of(tls(stalls.port()), tls(babbles.port()), tls(portal.port()),
                    tls(room.port()));
            phone.add(TestPhone.APP_7);
            phone.start();
            room.next();

            await().until(() -> phone.isOnlineAt(room));
            await().untilAsserted(() -> assertThat(stalls.left).as("given up when the race was won").hasValue(1));
            for (Stranger one : List.of(stalls, babbles, portal)) {
                assertThat(one.accepted).hasValue(1);
                await().untilAsserted(() -> assertThat(one.left).hasValue(1));
                assertThat(one.records()).as("a ClientHello, at most an alert").contains(HANDSHAKE)
                        .isSubsetOf(HANDSHAKE, ALERT);
            }
            assertThat(room.hasNoOther()).as("one CONNECT").isTrue();
        }
    }

    @Test
    void aPhoneThatReachesNoRoomButStrangersTellsThemNothing() throws Exception {
        KeyStore keys = keys("ip:127.0.0.1");
        byte[] garbage = new byte[8_192];
        new Random(12).nextBytes(garbage);
        try (var babbles = new Stranger(garbage); var phone = phone(more -> more.trust(pem(keys)))) {
            platform.dispatcher.rooms = List.of(tls(babbles.port()));
            phone.add(TestPhone.APP_7);
            phone.start();
            await().until(() -> phone.statuses.stream().anyMatch(one -> one.state() == State.WAITING
                    && one.reason().contains("no room was reached")));
            assertThat(babbles.records()).isSubsetOf(HANDSHAKE, ALERT);
        }
    }

    private static RoomAddress tls(int port) {
        return RoomAddress.newBuilder().setHost("127.0.0.1").setPort(port).setTls(true).build();
    }

    private static void expectRefused(FakeRoom room, TestPhone phone) {
        try (phone) {
            phone.add(TestPhone.APP_7);
            phone.start();
            await().until(() -> phone.statuses.stream().anyMatch(one -> one.state() == State.WAITING
                    && one.reason().contains("no room was reached")));
            assertThat(room.accepted.get()).isPositive();
            assertThat(room.hasNoOther()).isTrue();
        }
    }

    private TestPhone phone(UnaryOperator<LongwireClientBuilder> more) {
        return new TestPhone(platform.dispatcher, new File(directory, "phone"), more);
    }

    private FakeRoom room(KeyStore keys) throws Exception {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        FakeRoom room = platform.room(
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        platform.dispatcher.serve(room);
        return room;
    }

    private KeyStore keys(String name) throws Exception {
        File file = File.createTempFile("keys", ".p12", directory);
        assertThat(file.delete()).isTrue();
        int code = new ProcessBuilder(System.getProperty("java.home") + "/bin/keytool", "-genkeypair", "-alias", "room",
                "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=room", "-ext", "san=" + name, "-storetype",
                "PKCS12", "-storepass", new String(PASSWORD), "-keystore", file.getPath())
                .redirectErrorStream(true).redirectOutput(new File(directory, "keytool.out")).start().waitFor();
        assertThat(code).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = new FileInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }

    private static InputStream pem(KeyStore keys) {
        return new ByteArrayInputStream(encoded(keys));
    }

    private static byte[] encoded(KeyStore keys) {
        try {
            return keys.getCertificate("room").getEncoded();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] pin(KeyStore keys) {
        try {
            X509Certificate certificate = (X509Certificate) keys.getCertificate("room");
            return MessageDigest.getInstance("SHA-256").digest(certificate.getPublicKey().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
