package io.longwire.e2e;

import io.longwire.center.CenterConfig;
import io.longwire.center.CenterMain;
import io.longwire.cli.platform.PlatformStores;
import io.longwire.dispatcher.DispatcherConfig;
import io.longwire.dispatcher.DispatcherMain;
import io.longwire.e2e.device.Identity;
import io.longwire.e2e.platform.Place;
import io.longwire.e2e.platform.Product;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.config.ConfigReader;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.Service;
import io.longwire.keeper.service.ServiceConfig;
import io.longwire.keeper.service.Wiring;
import io.longwire.room.RoomConfig;
import io.longwire.room.RoomMain;
import io.longwire.rpc.saver.GetAppRequest;
import io.longwire.rpc.saver.SaverGrpc;
import io.longwire.saver.SaverConfig;
import io.longwire.saver.SaverMain;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Parts that are started while ZooKeeper is away (DESIGN, section 8): one more saver and dispatcher of the platform
 * serve from the map that they last knew; one more room and center wait, say so, and come up when it is back.
 */
class StartWithoutZooKeeperIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration CALL = Duration.ofSeconds(10);

    private final SharedPlatform shared = SharedPlatform.get();
    private final PlatformStores stores = shared.platform().stores();
    private final Product product = shared.app();
    private final List<Integer> ports = Place.freePorts(2);
    private final int admin = ports.getFirst();
    private final int listen = ports.getLast();

    @TempDir
    private Path data;
    private final List<CompletableFuture<Service>> started = new ArrayList<>();

    @AfterEach
    void end() {
        stores.zookeeper().revive();
        started.forEach(part -> part.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join().close());
        shared.awaitWhole(LIMIT);
    }

    @Test
    void aSaverServesFromTheLastMap() throws Exception {
        Map<String, Object> saver = Map.of("redis", Map.of("nodes", List.of(stores.redis().host() + ":"
                + stores.redis().port())), "shards",
                List.of(Map.of("url", stores.mariadb().jdbcUrl(), "user", "longwire", "passwordFile",
                        shared.data().resolve("mysql-password").toString())));
        runOnce("saver", saver, SaverConfig::read, SaverMain::wire);
        stores.zookeeper().stop();

        Service alone = start("saver", saver, SaverConfig::read, SaverMain::wire).get(LIMIT.toSeconds(),
                TimeUnit.SECONDS);

        var calls = SaverGrpc.newBlockingStub(shared.platform().center().rpc().channel(alone.cluster().self()
                .rpcAddress())).withDeadlineAfter(CALL);
        assertThat(calls.getApp(GetAppRequest.newBuilder().setAppId(product.appId()).build()).getAppId())
                .isEqualTo(product.appId());
        saysThatZooKeeperIsAway("serving");
        stores.zookeeper().restart();
        await().atMost(LIMIT).until(() -> shared.platform().center().cluster().members("saver").list().size() == 2);
    }

    @Test
    void aDispatcherServesFromTheLastMap() throws Exception {
        Map<String, Object> dispatcher = Map.of("port", listen);
        runOnce("dispatcher", dispatcher, DispatcherConfig::read, DispatcherMain::wire);
        stores.zookeeper().stop();

        start("dispatcher", dispatcher, DispatcherConfig::read, DispatcherMain::wire).get(LIMIT.toSeconds(),
                TimeUnit.SECONDS);

        HttpResponse<String> rooms = get(listen, "/v1/rooms");
        assertThat(rooms.statusCode()).as(rooms.body()).isEqualTo(200);
        for (int room = 0; room < shared.platform().rooms().size(); room++) {
            assertThat(rooms.body()).contains(String.valueOf(shared.listener(room, "tcp").getPort()));
        }
        assertThat(Identity.register(product.through("http://127.0.0.1:" + listen)).endpoint()).startsWith("ep_");
        saysThatZooKeeperIsAway("serving");
        stores.zookeeper().restart();
        await().atMost(LIMIT).until(() -> get(admin, "/healthz").statusCode() == 200);
    }

    @Test
    void aRoomWaits() throws Exception {
        Map<String, Object> room = Map.of("listen", List.of(Map.of("port", listen)));
        runOnce("room", room, RoomConfig::read, RoomMain::wire);
        stores.zookeeper().stop();

        waitsUntilZooKeeperIsBack(start("room", room, RoomConfig::read, RoomMain::wire));
    }

    @Test
    void aCenterWaits() throws Exception {
        Map<String, Object> center = Map.of("apiPort", listen);
        runOnce("center", center, CenterConfig::read, CenterMain::wire);
        stores.zookeeper().stop();

        waitsUntilZooKeeperIsBack(start("center", center, CenterConfig::read, CenterMain::wire));
    }

    private void waitsUntilZooKeeperIsBack(CompletableFuture<Service> part) throws Exception {
        await().atMost(LIMIT).ignoreExceptionsInstanceOf(IOException.class)
                .untilAsserted(() -> saysThatZooKeeperIsAway("starting"));
        // Longer than those wait that go on without: 3 s.
        await().during(Duration.ofSeconds(5)).atMost(LIMIT).until(() -> !part.isDone());
        saysThatZooKeeperIsAway("starting");
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), listen).close())
                .as("nobody is let in").isInstanceOf(ConnectException.class);

        stores.zookeeper().restart();

        part.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        await().atMost(LIMIT).until(() -> get(admin, "/healthz").statusCode() == 200);
        new Socket(InetAddress.getLoopbackAddress(), listen).close();
    }

    // May be given no work, and is not to be killed.
    private void saysThatZooKeeperIsAway(String phase) throws IOException, InterruptedException {
        HttpResponse<String> health = get(admin, "/healthz");
        assertThat(health.statusCode()).isEqualTo(503);
        assertThat(health.body()).contains("\"phase\": \"" + phase + "\"")
                .contains("\"zookeeper\": \"ZooKeeper at " + shared.platform().zookeeper() + " not heard for ever");
        assertThat(get(admin, "/livez").statusCode()).isEqualTo(200);
    }

    // So that it has known a map.
    private <C> void runOnce(String kind, Map<String, Object> config, ConfigReader<C> reader, Wiring<C> wiring) {
        try (Service before = Service.start(kind, node(config), reader, wiring, HaltPoints.none())) {
            await().atMost(LIMIT).until(() -> before.cluster().registerMap().epoch() > 0);
        }
    }

    private <C> CompletableFuture<Service> start(String kind, Map<String, Object> config, ConfigReader<C> reader,
            Wiring<C> wiring) {
        CompletableFuture<Service> part = CompletableFuture.supplyAsync(() -> Service.start(kind, node(config), reader,
                wiring, HaltPoints.none()), task -> Thread.ofVirtual().name("one-more-" + kind).start(task));
        started.add(part);
        return part;
    }

    private ConfigNode node(Map<String, Object> config) {
        ServiceConfig of = shared.platform().saver().config();
        var root = new HashMap<>(config);
        root.put("service", Map.of("name", "one-more", "zookeeper", of.zookeeper(), "namespace", of.namespace(),
                "secrets", of.secrets().toString(), "dataDir", data.toString(), "adminPort", admin, "session", "6s",
                "drain", "0s"));
        return ConfigNode.of(root);
    }

    private static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(CALL)
                    .build(), BodyHandlers.ofString());
        }
    }
}
