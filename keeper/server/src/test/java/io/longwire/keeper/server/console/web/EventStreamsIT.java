package io.longwire.keeper.server.console.web;

import io.longwire.keeper.cluster.ZooKeeperClient;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.keeper.server.console.session.SessionWatch;
import io.longwire.keeper.server.console.session.Sessions;
import io.longwire.keeper.server.console.user.Role;
import io.longwire.keeper.server.console.user.User;
import io.longwire.keeper.server.console.user.Users;
import io.longwire.testkit.stores.ZooKeeperServer;
import io.longwire.testkit.time.VirtualClock;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Event streams, their limits and their end, with sessions on a real ZooKeeper; time stands still. */
final class EventStreamsIT {
    private static final Duration LIFE = Duration.ofHours(1);
    private static final Duration BEAT = Duration.ofSeconds(5);

    @TempDir
    private static Path data;
    private static ZooKeeperServer zookeeper;
    private static CuratorFramework client;
    private static Users users;

    private final VirtualClock clock = new VirtualClock();
    private final LinkedBlockingQueue<String> news = new LinkedBlockingQueue<>();
    private final List<Socket> sockets = new ArrayList<>();
    private Sessions sessions;
    private SessionWatch watch;
    private WebServer server;

    @BeforeAll
    static void store() {
        zookeeper = ZooKeeperServer.start(ZooKeeperServer.Options.in(data.resolve("zookeeper")));
        client = ZooKeeperClient.connect(zookeeper.connectString(), "longwire", Duration.ofSeconds(10));
        users = new Users(client);
    }

    @AfterAll
    static void storeAway() {
        client.close();
        zookeeper.close();
    }

    @BeforeEach
    void start() throws IOException {
        sessions = new Sessions(client, users, LIFE, clock);
        watch = new SessionWatch(sessions, clock);
        server = new WebServer(new WebServer.Listening(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null,
                Callers.behind(List.of())), new Guard(sessions, watch, clock),
                List.of(Route.of("GET", "/news", Role.VIEWER, _ -> new Reply.Events(out -> {
                    out.send("hello", bytes("{}"));
                    while (true) {
                        out.send("news", bytes(news.take()));
                    }
                }))), clock, new PrometheusMetrics());
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"signs out", "removed", "another role", "another password"})
    void endsAtOnceWithItsSessionAndTellsNothingMore(String how) throws Exception {
        User user = added(how.replace(' ', '-'));
        String token = sessions.begin(user);
        try (Closeable _ = watch.follow(client)) {
            Socket stream = opened(token);
            news.add("1");
            assertThat(read(stream, "event: news\ndata: 1\n\n")).isTrue();

            switch (how) {
                case "signs out" -> sessions.end(sessions.find(token).orElseThrow());
                case "removed" -> users.remove(user.name());
                case "another role" -> users.change(user.name(), kept -> kept.in(Role.OWNER, clock.wallMillis()));
                default -> users.change(user.name(), kept -> kept.with("other", clock.wallMillis()));
            }

            assertThat(rest(stream)).contains("event: ended").doesNotContain("event: news");
            await().untilAsserted(() -> assertThat(clock.scheduled()).as("nothing goes on for it").isZero());
        }
    }

    @Test
    void endsWithinABeatAlsoWhereZooKeeperTellsNothing() throws Exception {
        User user = added("untold");
        Socket stream = opened(sessions.begin(user));
        Socket other = opened(sessions.begin(added("goes-on")));
        users.remove(user.name());

        clock.advance(BEAT);

        assertThat(rest(stream)).contains("event: ended");
        news.add("2");
        assertThat(read(other, "event: news\ndata: 2\n\n")).as("another user's").isTrue();
    }

    @Test
    void endsWithinABeatOfItsSessionsTime() throws Exception {
        String token = sessions.begin(added("late"));
        clock.advance(LIFE.minus(BEAT));
        Socket stream = opened(token);

        clock.advance(BEAT);

        assertThat(rest(stream)).contains("event: ended");
    }

    @Test
    void hasTwelveOfASessionAndAHundredInAll() throws Exception {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i <= WebServer.MOST_STREAMS / WebServer.STREAMS_OF_SESSION + 1; i++) {
            tokens.add(sessions.begin(added("many-" + i)));
        }
        for (int i = 0; i < WebServer.MOST_STREAMS; i++) {
            opened(tokens.get(i / WebServer.STREAMS_OF_SESSION));
            if (i == WebServer.STREAMS_OF_SESSION - 1) {
                assertThat(status(tokens.getFirst())).as("a thirteenth of a session").isEqualTo(503);
            }
        }
        assertThat(status(tokens.getLast())).as("more than a hundred").isEqualTo(503);

        sessions.end(sessions.find(tokens.getFirst()).orElseThrow());
        clock.advance(BEAT);

        await().untilAsserted(() -> assertThat(status(tokens.getLast())).as("places given back").isEqualTo(200));
    }

    @Test
    void isCutAfterTenMinutes() throws Exception {
        Socket stream = opened(sessions.begin(added("steady")));

        clock.advance(Duration.ofMinutes(10).minusSeconds(1));
        news.add("3");
        assertThat(read(stream, "event: news\ndata: 3\n\n")).isTrue();
        clock.advance(Duration.ofSeconds(1));

        assertThat(rest(stream)).doesNotContain("event: ended");
    }

    private static User added(String name) {
        var user = new User(name, Role.VIEWER, "none", 1);
        users.add(user);
        return user;
    }

    private Socket opened(String token) throws IOException {
        Socket socket = asked(token);
        assertThat(read(socket, "event: hello\ndata: {}\n\n")).isTrue();
        return socket;
    }

    private int status(String token) throws IOException {
        byte[] line = asked(token).getInputStream().readNBytes("HTTP/1.1 200".length());
        return Integer.parseInt(text(line).substring("HTTP/1.1 ".length()));
    }

    private Socket asked(String token) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        sockets.add(socket);
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(
                bytes("GET /news HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: " + Asked.COOKIE + "=" + token
                        + "\r\n\r\n"));
        socket.getOutputStream().flush();
        return socket;
    }

    // Until this much of it was read; false if it ended before.
    private static boolean read(Socket socket, String until) throws IOException {
        var seen = new StringBuilder();
        while (seen.indexOf(until) < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                return false;
            }
            seen.append((char) next);
        }
        return true;
    }

    private static String rest(Socket socket) throws IOException {
        return text(socket.getInputStream().readAllBytes());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
