package io.longwire.keeper.server.console.web;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.keeper.server.console.metric.ConsoleMetric;
import io.longwire.keeper.server.console.session.SessionWatch;
import io.longwire.keeper.server.console.session.Sessions;
import io.longwire.keeper.server.console.user.Users;
import io.longwire.testkit.tls.Certificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** The console's port over real TLS while its files are replaced. Each peer is a new one: no session is resumed. */
final class LiveTlsIT {
    private static final String REQUEST = "GET /quick HTTP/1.1\r\nHost: x\r\n\r\n";

    private final PrometheusMetrics metrics = new PrometheusMetrics();
    private final CuratorFramework none = CuratorFrameworkFactory.newClient("127.0.0.1:1", new RetryOneTime(1));
    @TempDir
    private Path directory;
    private Certificate installed;
    private X509Certificate first;
    private Certificate next;
    private LiveTls tls;
    private WebServer server;

    @BeforeEach
    void start() throws Exception {
        installed = Certificate.make(Files.createDirectory(directory.resolve("installed")));
        next = Certificate.make(Files.createDirectory(directory.resolve("next")));
        first = read(installed);
        Clock clock = Clock.system();
        tls = new LiveTls(installed.chain(), installed.key(), clock, metrics);
        var sessions = new Sessions(none, new Users(none), Duration.ofHours(1), clock);
        server = new WebServer(
                new WebServer.Listening(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), tls.context(),
                        Callers.behind(List.of())),
                new Guard(sessions, new SessionWatch(sessions, clock), clock),
                List.of(Route.open("GET", "/quick", _ -> Reply.json(Json.object()))), clock,
                metrics);
    }

    @AfterEach
    void stop() {
        server.close();
        tls.close();
        none.close();
        metrics.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void showsNewBrowsersTheNewCertificateAndKeepsTheOthers(String protocol) throws Exception {
        try (SSLSocket before = connect(protocol, first)) {
            ask(before);

            install(next.chain(), installed.chain());
            install(next.key(), installed.key());
            await().until(() -> count("reloaded") > 0);

            try (SSLSocket after = connect(protocol, read(next))) {
                ask(after);
            }
            ask(before);
        }
        assertThat(metrics.scrape()).contains("longwire_console_certificate_days 9");
    }

    @Test
    void filesThatDoNotFitTogetherAreCountedAndThoseOfBeforeServeOn() throws Exception {
        install(next.chain(), installed.chain()); // its key is still that of the other one
        await().until(() -> count("refused") == 1);
        try (SSLSocket after = connect("TLSv1.3", first)) {
            ask(after);
        }

        install(next.key(), installed.key());

        await().until(() -> count("reloaded") == 1);
        try (SSLSocket after = connect("TLSv1.3", read(next))) {
            ask(after);
        }
    }

    @Test
    void doesNotStartWithAKeyOfAnotherCertificate() {
        assertThatThrownBy(() -> new LiveTls(installed.chain(), next.key(), Clock.system(), metrics))
                .isInstanceOf(IOException.class).hasMessage("the key is not that of the first certificate");
    }

    private long count(String outcome) {
        return metrics.counter(ConsoleMetric.CERTIFICATES, "outcome", outcome).count();
    }

    // The handshake fails unless exactly this certificate is shown.
    private SSLSocket connect(String protocol, X509Certificate only) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("only", only);
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        var socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(),
                server.port());
        socket.setEnabledProtocols(new String[]{protocol});
        socket.setSoTimeout(10_000);
        socket.startHandshake();
        return socket;
    }

    private static void ask(SSLSocket socket) throws IOException {
        socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
        var answer = new StringBuilder();
        while (!answer.toString().endsWith("{}")) {
            int next = socket.getInputStream().read();
            assertThat(next).as("after %s", answer).isNotEqualTo(-1);
            answer.append((char) next);
        }
        assertThat(answer).startsWith("HTTP/1.1 200");
    }

    private static X509Certificate read(Certificate certificate) throws Exception {
        try (var in = Files.newInputStream(certificate.chain())) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static void install(Path from, Path to) throws IOException {
        Path beside = Files.copy(from, to.resolveSibling("new"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(beside, to, StandardCopyOption.ATOMIC_MOVE);
    }
}
