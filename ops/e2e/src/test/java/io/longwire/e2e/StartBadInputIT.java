package io.longwire.e2e;

import io.longwire.e2e.platform.PartProcess;
import io.longwire.e2e.platform.Place;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.testkit.process.JavaProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Processes that cannot start say why in one sentence and end with 2; a saver without its stores says so in health. */
class StartBadInputIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final SharedPlatform platform = SharedPlatform.get();
    private final Path home = Place.fresh("bad-starts");

    @Test
    void namesATypoInTheConfigurationAndWhatItMayHaveMeant() {
        assertThat(refused("room", config(Map.of("lisen", List.of())))).contains("lisen", "did you mean listen");
        assertThat(refused("center", config(Map.of("apiPort", "eighty")))).contains("apiPort: eighty", "(expected: ");
        assertThat(refused("saver", config(Map.of()))).contains("shards", "(expected: ");
    }

    @Test
    void namesAPortThatIsTaken() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThat(refused("dispatcher", config(Map.of("port", port)))).contains(":" + port, "(expected: ");
            assertThat(refused("room", config(Map.of("listen", List.of(Map.of("port", port))))))
                    .contains(":" + port, "(expected: ");
        }
    }

    @Test
    void namesAZooKeeperThatIsAway() {
        Map<String, Object> config = config(Map.of());
        config.put("service", Map.of("zookeeper", "127.0.0.1:" + Place.freePorts(1).getFirst(), "dataDir",
                home.toString(), "cluster", Map.of("startWait", "1s")));

        assertThat(refused("register", config)).contains("(expected: a running ZooKeeper)");
    }

    @Test
    void namesASecretsFileThatIsMissing() {
        Map<String, Object> config = config(Map.of());
        config.put("service", Map.of("zookeeper", platform.platform().stores().zookeeper().connectString(), "dataDir",
                home.toString(), "secrets", home.resolve("none.yaml").toString()));

        assertThat(refused("center", config)).contains("none.yaml");
    }

    @Test
    void startsASaverWithoutItsStoresAndSaysSoInHealth() throws Exception {
        var ports = Place.freePorts(3);
        Map<String, Object> config = config(Map.of("startWait", "0", "redis",
                Map.of("nodes", List.of("127.0.0.1:" + ports.get(0))), "shards", List.of(Map.of("url",
                        "jdbc:mysql://127.0.0.1:" + ports.get(1) + "/x", "user", "x", "password", "x"))));
        config.put("service", Map.of("zookeeper", platform.platform().stores().zookeeper().connectString(),
                "namespace", "elsewhere", "dataDir", home.toString(), "adminPort", ports.get(2)));
        try (JavaProcess saver = PartProcess.start(home, "saver", "saver", config);
                var http = HttpClient.newHttpClient()) {
            var health = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.get(2) + "/healthz")).build();
            await().atMost(LIMIT).ignoreExceptions().untilAsserted(() -> {
                var answer = http.send(health, BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.body()).contains("serving").contains("redis").contains("ledger");
            });
            assertThat(saver.alive()).isTrue();
        }
    }

    private Map<String, Object> config(Map<String, Object> own) {
        var config = new LinkedHashMap<String, Object>();
        config.put("service", Map.of("zookeeper", platform.platform().stores().zookeeper().connectString(), "dataDir",
                home.toString(), "secrets", platform.data().resolve("secrets.yaml").toString()));
        config.putAll(own);
        return config;
    }

    /** The last line of a process that must end with 2. */
    private String refused(String part, Map<String, Object> config) {
        try (JavaProcess process = PartProcess.start(home, part, part, config)) {
            assertThat(process.awaitExit(LIMIT)).as(process.output()).isEqualTo(2);
            assertThat(process.output()).doesNotContain("\tat ");
            return process.output().lines().filter(line -> !line.isBlank()).reduce((first, last) -> last).orElse("");
        }
    }
}
