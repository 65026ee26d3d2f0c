package io.longwire.keeper.service;

import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.rpc.Balance;
import io.longwire.keeper.rpc.BatchCall;
import io.longwire.keeper.rpc.FakeRegister;
import io.longwire.keeper.rpc.Lookups;
import io.longwire.rpc.register.LookupResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

final class ServiceIT {
    @TempDir
    private Path data;
    private TestingServer zookeeper;

    @BeforeEach
    void startZooKeeper() throws Exception {
        zookeeper = new TestingServer();
    }

    @AfterEach
    void stopZooKeeper() throws IOException {
        zookeeper.close();
    }

    @Test
    void reachesAMemberThroughThePoolAndGoesOnWithAnotherWhenItEnds() {
        Service one = start("register", (s, c) -> s.serve(new FakeRegister()));
        var calls = new CompletableFuture<BatchCall<Long, LookupResult>>();
        try (Service two = start("register", (s, c) -> s.serve(new FakeRegister()));
                Service center = start("center", (s, c) -> calls.complete(s.own(s.rpc().anyOf("register",
                        new Lookups(Duration.ofSeconds(20)), Balance.roundRobin()))))) {
            assertThat(center.cluster().members("register").list()).extracting(Member::index)
                    .containsExactlyInAnyOrder(1, 2);
            for (long i = 0; i < 100; i++) {
                assertThat(calls.join().call(i).join().getSession().getConnSeq()).isEqualTo(i);
            }
            one.close();
            for (long i = 0; i < 100; i++) {
                assertThat(calls.join().call(i).join().getSession().getConnSeq()).isEqualTo(i);
            }
            assertThat(two.cluster().fenced()).isFalse();
        }
    }

    @Test
    void spreadsCallsAsItsConfigurationSaysByTheWeightThatMembersTell() {
        var heavy = new FakeRegister();
        var light = new FakeRegister();
        var calls = new CompletableFuture<BatchCall<Long, LookupResult>>();
        try (Service one = start("register", (s, c) -> s.serve(heavy), Map.of("name", "heavy", "weight", 300));
                Service two = start("register", (s, c) -> s.serve(light), Map.of("name", "light"));
                Service center = start("center", (s, c) -> calls.complete(s.own(s.rpc().anyOf("register",
                        new Lookups(Duration.ofSeconds(20)), Balance.roundRobin()))),
                        Map.of("balance", Map.of("register", "weighted")))) {
            await().untilAsserted(() -> assertThat(center.cluster().members("register").list())
                    .extracting(member -> member.attributes().get("weight"))
                    .containsExactlyInAnyOrder("300", "100"));

            // Connected to both: a first call that is late on a busy machine goes elsewhere.
            await().atMost(Duration.ofMinutes(1)).until(() -> {
                calls.join().call(100L).join();
                return !heavy.endpoints().isEmpty() && !light.endpoints().isEmpty();
            });

            for (long i = 0; i < 40; i++) {
                calls.join().call(i).join();
            }

            assertThat(heavy.endpoints()).filteredOn(endpoint -> endpoint < 40).hasSize(30);
            assertThat(light.endpoints()).filteredOn(endpoint -> endpoint < 40).hasSize(10);
            assertThat(one.cluster().self().index()).isNotEqualTo(two.cluster().self().index());
        }
    }

    @Test
    void tellsItsHealthMetricsAndConfiguration() throws Exception {
        var trouble = new AtomicReference<Optional<String>>(Optional.empty());
        try (Service room = start("room", (s, c) -> s.health("store", trouble::get))) {
            String admin = room.cluster().self().adminAddress();
            assertThat(get(admin, "/healthz").statusCode()).isEqualTo(200);
            assertThat(get(admin, "/metrics").body()).contains("longwire_cluster_fenced 0.0");
            assertThat(get(admin, "/config").body()).contains("size: 5").contains("session: 3s");
            assertThat(get(admin, "/threads").body()).contains("room-cluster");

            trouble.set(Optional.of("the store does not answer"));
            HttpResponse<String> failing = get(admin, "/healthz");
            assertThat(failing.statusCode()).isEqualTo(503);
            assertThat(failing.body()).contains("\"store\": \"the store does not answer\"");
        }
    }

    @Test
    void closesInReverseAfterTheDrain() {
        var order = new ArrayList<String>();
        Service room = start("room", (s, c) -> {
            s.own(() -> order.add("first closed"));
            s.own(() -> order.add("second closed"));
            s.onDrain(() -> order.add("drained"));
            s.onReady(() -> order.add("ready"));
        });

        room.close();
        room.close();

        assertThat(order).containsExactly("ready", "drained", "second closed", "first closed");
    }

    @Test
    void saysInOneSentenceThatAPortIsTakenAndClosesWhatItStarted() throws Exception {
        var closed = new ArrayList<String>();
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> start("register", (s, c) -> {
                s.own(() -> closed.add("closed"));
                s.serve(new FakeRegister());
            }, Map.of("rpcPort", taken.getLocalPort()))).isInstanceOf(StartFailure.class)
                    .hasMessageContaining("service.rpcPort").hasMessageContaining("expected: a free port");
        }
        assertThat(closed).containsExactly("closed");
    }

    @Test
    void saysInOneSentenceThatZooKeeperIsAway() throws Exception {
        String address = zookeeper.getConnectString();
        zookeeper.stop();
        assertThatThrownBy(() -> TestPart.start("room", address, data, (s, c) -> {
        }, Map.of("cluster", Map.of("startWait", "1500ms")))).isInstanceOf(StartFailure.class)
                .hasMessageContaining("ZooKeeper at " + address).hasMessageContaining("1500 ms");
    }

    @Test
    void waitsForZooKeeperAndStarts() throws Exception {
        zookeeper.stop();
        var started = new CompletableFuture<Service>();
        Thread.ofVirtual().start(() -> started.complete(start("room", (s, c) -> {
        })));
        await().during(Duration.ofSeconds(1)).until(() -> !started.isDone());

        zookeeper.restart();

        await().atMost(Duration.ofSeconds(60)).until(started::isDone);
        started.join().close();
    }

    private Service start(String part, Wiring<TestPart.Config> wiring) {
        return start(part, wiring, Map.of());
    }

    private Service start(String part, Wiring<TestPart.Config> wiring, Map<String, Object> more) {
        return TestPart.start(part, zookeeper.getConnectString(), data, wiring, more);
    }

    private static HttpResponse<String> get(String admin, String path) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create("http://" + admin + path)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
