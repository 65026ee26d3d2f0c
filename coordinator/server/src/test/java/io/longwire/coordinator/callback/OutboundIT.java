package io.longwire.coordinator.callback;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.longwire.coordinator.callback.Posted.Answered;
import io.longwire.coordinator.callback.Posted.Failed;
import io.longwire.keeper.clock.Clock;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Requests over real sockets, with TLS and without. */
final class OutboundIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Addresses LOOPBACK = new Addresses(List.of("127.0.0.0/8", "::1"));

    private final Set<Integer> connections = ConcurrentHashMap.newKeySet();
    private HttpServer server;
    private Outbound outbound;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::echo);
        server.start();
        outbound = new Outbound(LOOPBACK, SslContextBuilder.forClient().build(), Clock.system());
    }

    @AfterEach
    void stop() {
        outbound.close();
        server.stop(0);
    }

    @Test
    void trustsAHostByItsNameAlone() throws Exception {
        X509Bundle certificate = new CertificateBuilder().subject("CN=localhost").addSanDnsName("localhost")
                .setIsCertificateAuthority(true).buildSelfSigned();
        https(certificate);
        trust(certificate);

        assertThat(post("https://localhost:")).isInstanceOfSatisfying(Answered.class,
                answer -> assertThat(answer.status()).isEqualTo(200));
        assertThat(post("https://127.0.0.1:")).as("not the name in the certificate")
                .isInstanceOfSatisfying(Failed.class, failed -> assertThat(failed.reason()).isEqualTo(Reason.CONNECT));
        assertThat(connections).hasSize(1);
    }

    @Test
    void doesNotTrustACertificateThatNobodyVouchesFor() throws Exception {
        https(new CertificateBuilder().subject("CN=localhost").addSanDnsName("localhost")
                .setIsCertificateAuthority(true).buildSelfSigned());

        assertThat(post("https://localhost:")).isInstanceOfSatisfying(Failed.class,
                failed -> assertThat(failed.reason()).isEqualTo(Reason.CONNECT));
    }

    @Test
    void sendsTheNextRequestOverTheSameConnectionAndAnotherAppsOverItsOwn() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(post("http://127.0.0.1:")).isInstanceOf(Answered.class);
        }
        assertThat(connections).hasSize(1);
        assertThat(outbound.post(Target.of(8, "http://127.0.0.1:" + server.getAddress().getPort()), Map.of(),
                new byte[0], TIMEOUT)).isInstanceOf(Answered.class);
        assertThat(connections).hasSize(2);
    }

    @Test
    void saysWhyThereIsNoConnection() throws Exception {
        int port = server.getAddress().getPort();
        server.stop(0);

        assertThat(outbound.post(Target.of(7, "http://127.0.0.1:" + port), Map.of(), new byte[0], TIMEOUT))
                .isInstanceOfSatisfying(Failed.class,
                        failed -> assertThat(failed.reason()).isEqualTo(Reason.CONNECT));
        assertThat(outbound.post(Target.of(7, "http://no-such-host.invalid/"), Map.of(), new byte[0],
                Duration.ofMinutes(1))) // resolvers may be slow to give up
                .isInstanceOfSatisfying(Failed.class, failed -> {
                    assertThat(failed.reason()).isEqualTo(Reason.ADDRESS);
                    assertThat(failed.text()).contains("no address");
                });
    }

    @Test
    void closesAConnectionWhoseTlsTakesTooLong() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Posted posted = outbound.post(Target.of(7, "https://127.0.0.1:" + silent.getLocalPort()), Map.of(),
                    new byte[0], Duration.ofSeconds(3));

            assertThat(posted).isInstanceOfSatisfying(Failed.class,
                    failed -> assertThat(failed.reason()).isEqualTo(Reason.TIMEOUT));
            try (Socket accepted = silent.accept()) {
                accepted.setSoTimeout(5_000);
                assertThat(accepted.getInputStream().readAllBytes()).as("its hello, and the end").isNotEmpty();
            }
        }
    }

    private Posted post(String origin) {
        return outbound.post(Target.of(7, origin + server.getAddress().getPort() + "/e"), Map.of(),
                "hello".getBytes(StandardCharsets.UTF_8), TIMEOUT);
    }

    private void https(X509Bundle certificate) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(certificate.toKeyManagerFactory().getKeyManagers(), null, null);
        HttpsServer made = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        made.setHttpsConfigurator(new HttpsConfigurator(context));
        made.createContext("/", this::echo);
        made.start();
        server.stop(0);
        server = made;
    }

    private void echo(HttpExchange exchange) throws IOException {
        connections.add(exchange.getRemoteAddress().getPort());
        byte[] body = exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void trust(X509Bundle certificate) throws Exception {
        outbound.close();
        outbound = new Outbound(LOOPBACK, SslContextBuilder.forClient().sslProvider(SslProvider.JDK)
                .trustManager(certificate.getCertificate()).endpointIdentificationAlgorithm("HTTPS").build(),
                Clock.system());
    }
}
