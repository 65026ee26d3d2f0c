package io.longwire.keeper.server.console.login;

import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.keeper.server.console.session.SessionWatch;
import io.longwire.keeper.server.console.session.Sessions;
import io.longwire.keeper.server.console.trail.Trail;
import io.longwire.keeper.server.console.user.Users;
import io.longwire.keeper.server.console.web.Callers;
import io.longwire.keeper.server.console.web.Guard;
import io.longwire.keeper.server.console.web.WebServer;
import io.longwire.testkit.time.VirtualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Signing in over real HTTP while ZooKeeper does not answer. */
final class LoginPagesIT {
    private static final int TIMES = 20;

    private final VirtualClock clock = new VirtualClock();
    private final PrometheusMetrics metrics = new PrometheusMetrics();
    private final CuratorFramework none = CuratorFrameworkFactory.newClient("127.0.0.1:1", new RetryOneTime(1));
    private WebServer server;

    @BeforeEach
    void start() throws IOException {
        var users = new Users(none);
        var sessions = new Sessions(none, users, Duration.ofHours(1), clock);
        var guard = new Guard(sessions, new SessionWatch(sessions, clock), clock);
        var pages = new LoginPages(users, sessions, guard, new Trail(CompletableFuture::completedFuture, metrics),
                new LoginPages.Settings(Duration.ofHours(1), false), clock, metrics);
        server = new WebServer(new WebServer.Listening(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null,
                Callers.behind(List.of())), guard, pages.routes(), clock, metrics);
    }

    @AfterEach
    void stop() {
        server.close();
        none.close();
    }

    @Test
    void locksNobodyOutWhosePasswordWasNotLookedAt() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (int i = 0; i < TIMES; i++) {
                assertThat(signIn(http)).as("attempt %d", i).isEqualTo(503);
            }
        }
    }

    private int signIn(HttpClient http) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/api/sign-in"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"name\":\"olga\",\"password\":\"a password of some length\"}"))
                .build(),
                BodyHandlers.ofString()).statusCode();
    }
}
