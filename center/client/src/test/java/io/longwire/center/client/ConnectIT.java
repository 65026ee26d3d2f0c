package io.longwire.center.client;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.stub.StreamObserver;
import io.longwire.center.client.call.BackendException;
import io.longwire.center.client.call.RetryPolicy;
import io.longwire.rpc.center.CenterGrpc;
import io.longwire.rpc.center.SendReply;
import io.longwire.rpc.center.SendRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** The client's connections, over sockets of loopback. */
class ConnectIT {
    private static final char[] PASSWORD = "for-this-test".toCharArray();
    private static final RetryPolicy QUICK = new RetryPolicy(Duration.ofSeconds(5), Duration.ofSeconds(1),
            Duration.ofMillis(10), Duration.ofMillis(100));

    private final List<Server> servers = new ArrayList<>();

    @TempDir
    Path place = Path.of(".");

    @AfterEach
    void close() throws InterruptedException {
        for (Server server : servers) {
            server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void callsOverPlainHttp2() throws IOException {
        try (var backend = LongwireBackend.connect("http://127.0.0.1:" + center(InsecureServerCredentials.create()),
                "lw_x")) {
            assertThat(backend.send(Message.to("ep_a")).await().endpoint()).isEqualTo("ep_a");
        }
    }

    @Test
    void goesToAnotherCenterWhenOneIsAway() throws IOException {
        int alive = center(InsecureServerCredentials.create());
        try (var backend = LongwireBackend.at(List.of("http://127.0.0.1:" + freePort(), "http://127.0.0.1:" + alive))
                .key("lw_x").retries(QUICK).connect()) {
            for (int i = 0; i < 6; i++) {
                assertThat(backend.send(Message.to("ep_" + i)).await().endpoint()).isEqualTo("ep_" + i);
            }
        }
    }

    @Test
    void saysThatNobodyAnsweredWithinTheDeadline() throws IOException {
        try (var backend = LongwireBackend.at(List.of("http://127.0.0.1:" + freePort())).key("lw_x")
                .deadline(Duration.ofMillis(300)).connect()) {
            var failure = catchThrowableOfType(BackendException.class,
                    () -> backend.send(Message.to("ep_a")).await());

            assertThat(failure).isInstanceOf(BackendException.Unavailable.class);
            assertThat(failure.status()).isZero();
            assertThat(failure.code()).isIn("no_answer", "timed_out");
        }
    }

    @Test
    void trustsOverTlsOnlyWhatItWasToldTo() throws Exception {
        KeyStore store = selfSigned();
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        int port = center(TlsServerCredentials.newBuilder().keyManager(keys.getKeyManagers()).build());
        Path pem = Files.writeString(place.resolve("trust.pem"), "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(store.getCertificate("center").getEncoded())
                + "\n-----END CERTIFICATE-----\n");

        try (var backend = LongwireBackend.at(List.of("https://localhost:" + port)).key("lw_x").trust(pem).connect()) {
            assertThat(backend.send(Message.to("ep_a")).await().endpoint()).isEqualTo("ep_a");
        }
        try (var stranger = LongwireBackend.at(List.of("https://localhost:" + port)).key("lw_x")
                .deadline(Duration.ofMillis(500)).connect()) {
            assertThat(catchThrowableOfType(BackendException.class,
                    () -> stranger.send(Message.to("ep_a")).await())).isInstanceOf(BackendException.Unavailable.class);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LongwireBackend.at(List.of("https://localhost")).key("lw_x")
                        .trust(place.resolve("missing.pem")).connect())
                .withMessageEndingWith("(expected: a readable PEM file)");
    }

    private int center(ServerCredentials credentials) throws IOException {
        Server server = Grpc.newServerBuilderForPort(0, credentials).addService(new CenterGrpc.CenterImplBase() {
            @Override
            public void send(SendRequest request, StreamObserver<SendReply> answer) {
                answer.onNext(SendReply.newBuilder().setEndpoint(request.getTo().getEndpoint()).build());
                answer.onCompleted();
            }
        }).build().start();
        servers.add(server);
        return server.getPort();
    }

    private static int freePort() throws IOException {
        try (var probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
    }

    private KeyStore selfSigned() throws Exception {
        Path file = place.resolve("center.p12");
        var keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", "center", "-keyalg", "EC", "-dname", "CN=localhost", "-ext",
                "san=dns:localhost", "-validity", "2", "-storetype", "PKCS12", "-keystore", file.toString(),
                "-storepass", new String(PASSWORD)).inheritIO().start();
        assertThat(keytool.waitFor()).isZero();
        var store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }
}
