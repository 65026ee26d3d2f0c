package io.longwire.keeper.server.console;

import io.longwire.keeper.cluster.ZooKeeperClient;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.server.KeeperConfig;
import io.longwire.keeper.server.KeeperMain;
import io.longwire.keeper.server.console.user.PasswordHash;
import io.longwire.keeper.server.console.user.Role;
import io.longwire.keeper.server.console.user.User;
import io.longwire.keeper.server.console.user.Users;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.Service;
import io.longwire.testkit.stores.ZooKeeperServer;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The pages' event streams over real HTTP, on a real ZooKeeper. */
final class StreamsIT {
    private static final String PASSWORD = "a password of some length";
    private static final Duration AT_ONCE = Duration.ofSeconds(3); // less than a beat

    @TempDir
    private static Path data;
    private static ZooKeeperServer zookeeper;
    private static CuratorFramework client;
    private static Neighbours neighbours;
    private static Service keeper;
    private static Users users;

    @BeforeAll
    static void start() throws Exception {
        zookeeper = ZooKeeperServer.start(ZooKeeperServer.Options.in(data.resolve("zookeeper")));
        client = ZooKeeperClient.connect(zookeeper.connectString(), "longwire", Duration.ofSeconds(10));
        users = new Users(client);
        Map<String, Object> service = Map.of("zookeeper", zookeeper.connectString(), "dataDir", data.toString(),
                "session", "5s", "drain", "0");
        neighbours = new Neighbours(service);
        Files.writeString(data.resolve("admin-key"), "lwadmin_of_the_test\n");
        keeper = Service.start("keeper", ConfigNode.of(Map.of("service", service, "console", Map.of("enabled", true,
                "port", 0, "adminKeyFile", data.resolve("admin-key").toString()))), KeeperConfig::read,
                KeeperMain::wire, HaltPoints.none());
        await().until(() -> keeper.cluster().members("center").list().stream()
                .anyMatch(center -> center.attributes().containsKey("api")));
    }

    @AfterAll
    static void stop() {
        keeper.close();
        neighbours.close();
        client.close();
        zookeeper.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cluster", "broadcasts"})
    void whoIsRemovedSeesNothingMoreFromThenOn(String stream) throws Exception {
        String console = keeper.cluster().self().attributes().getOrDefault(Console.ATTRIBUTE, "");
        users.add(new User(stream, Role.OWNER, PasswordHash.of(PASSWORD), 1));
        try (Browser browser = new Browser(console); HttpClient http = HttpClient.newHttpClient()) {
            assertThat(browser.signIn(stream, PASSWORD).status()).isEqualTo(200);
            InputStream events = http.send(HttpRequest.newBuilder(URI.create(console + "/api/live/" + stream))
                    .header("Cookie", browser.cookie()).build(), BodyHandlers.ofInputStream()).body();
            try (events) {
                assertThat(text(events.readNBytes("event: ".length() + stream.length())))
                        .isEqualTo("event: " + stream);
                var rest = new CompletableFuture<String>();
                Thread.startVirtualThread(() -> {
                    try {
                        rest.complete(text(events.readAllBytes()));
                    } catch (Exception broken) {
                        rest.completeExceptionally(broken);
                    }
                });

                users.remove(stream);

                await().atMost(AT_ONCE).until(rest::isDone);
                assertThat(rest.get()).endsWith("event: ended\ndata: {}\n\n");
            }
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
