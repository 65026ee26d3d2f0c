package io.longwire.keeper.server.console.web;

import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.keeper.server.console.session.SessionWatch;
import io.longwire.keeper.server.console.session.Sessions;
import io.longwire.keeper.server.console.user.Users;
import io.longwire.testkit.time.VirtualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The server against peers that send or read slowly; nobody is signed in, so ZooKeeper is not asked. */
final class WebServerIT {
    private static final Duration LATE = Route.USUAL.plusSeconds(1);
    private static final String SLOW = "POST /slow HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Content-Length: 100\r\n\r\n{";
    private static final byte[] LARGE = new byte[16 << 20];

    private final VirtualClock clock = new VirtualClock();
    private final CuratorFramework none = CuratorFrameworkFactory.newClient("127.0.0.1:1", new RetryOneTime(1));
    private final Semaphore begun = new Semaphore(0);
    private final List<Socket> sockets = new ArrayList<>();
    private WebServer server;

    @BeforeEach
    void start() throws IOException {
        var sessions = new Sessions(none, new Users(none), Duration.ofHours(1), clock);
        server = new WebServer(new WebServer.Listening(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null,
                Callers.behind(List.of())), new Guard(sessions, new SessionWatch(sessions, clock), clock),
                List.of(
                        Route.open("POST", "/slow", asked -> {
                            begun.release();
                            return Reply.json(Json.object().put("bytes", asked.body().length));
                        }), Route.open("GET", "/quick", _ -> Reply.json(Json.object())),
                        Route.open("GET", "/large", _ -> {
                            begun.release();
                            return Reply.json(200, LARGE);
                        })),
                clock, new PrometheusMetrics());
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        server.close();
        none.close();
    }

    @Test
    void whoDoesNotSendItsBodyInTimeLosesItsConnection() throws Exception {
        Socket slow = sent("127.0.0.1", SLOW);
        begun();

        clock.advance(LATE);

        assertThat(slow.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void whoDoesNotReadItsAnswerLosesItsPlace() throws Exception {
        for (int i = 0; i < WebServer.OPEN_OF_ADDRESS; i++) {
            sent("127.0.0.1", "GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
            begun();
        }
        assertThat(status("127.0.0.1")).isEqualTo(503);

        clock.advance(LATE);

        await().untilAsserted(() -> assertThat(status("127.0.0.1")).isEqualTo(200));
    }

    @Test
    void oneAddressDoesNotShutOthersOut() throws Exception {
        for (int i = 0; i < WebServer.OPEN_OF_ADDRESS; i++) {
            sent("127.0.0.1", SLOW);
            begun();
        }

        assertThat(status("127.0.0.1")).isEqualTo(503);
        assertThat(status("127.0.0.2")).isEqualTo(200);
    }

    @Test
    void readsNoMoreThanFourKilobytesOfNobody() throws Exception {
        assertThat(status(sent("127.0.0.1", SLOW.replace("100", "4096") + "x".repeat(4095)))).isEqualTo(200);
        assertThat(status(sent("127.0.0.1", SLOW.replace("100", "4097") + "x".repeat(4096)))).isEqualTo(413);
    }

    private void begun() throws InterruptedException {
        assertThat(begun.tryAcquire(10, TimeUnit.SECONDS)).as("the request has its place").isTrue();
    }

    private int status(String from) throws IOException {
        return status(sent(from, "GET /quick HTTP/1.1\r\nHost: x\r\n\r\n"));
    }

    private static int status(Socket socket) throws IOException {
        byte[] line = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
        return Integer.parseInt(new String(line, StandardCharsets.US_ASCII).substring("HTTP/1.1 ".length()));
    }

    private Socket sent(String from, String text) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), server.port(), InetAddress.getByName(from), 0);
        sockets.add(socket);
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }
}
