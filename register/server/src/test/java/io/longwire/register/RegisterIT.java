package io.longwire.register;

import io.longwire.keeper.service.Service;
import io.longwire.register.client.Lookup;
import io.longwire.register.client.PutResult;
import io.longwire.register.client.RegisterClient;
import io.longwire.register.client.Session;
import io.longwire.testkit.chaos.ChaosProxy;
import io.longwire.testkit.chaos.Direction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Registers, a room's writer and a client over real sockets and a real ZooKeeper. */
class RegisterIT {
    private static final int SESSIONS = 2_000;
    private static final long ABSENT = 99_999;
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    @Nullable
    Path data;
    private @Nullable Deployment deployment;

    @BeforeEach
    void start() {
        deployment = new Deployment(Objects.requireNonNull(data));
    }

    @AfterEach
    void close() {
        deployment().close();
    }

    @Test
    void putsReachBothOwnersAndSurviveTheDeathOfOne() throws Exception {
        Service one = deployment().register(Map.of());
        Service two = deployment().register(Map.of());
        deployment().publish(one, two);
        TestRoom room = room("room");
        RegisterClient client = client();

        fill(room);
        await().atMost(SOON).until(() -> room.secondAcks.get() == SESSIONS);
        assertThat(room.results).containsExactly(PutResult.STORED);
        assertOnline(client);
        await().atMost(SOON).until(() -> client.lookup(ABSENT).join().equals(new Lookup.Offline(true)));
        assertThat(known(() -> client.lookupAll(ABSENT))).isEqualTo(new Lookup.Offline(true));

        one.close();

        assertOnline(client);
        assertThat(client.lookupAll(ABSENT).join()).isEqualTo(Lookup.UNKNOWN);
        room.remove(1, 1);
        await().atMost(SOON).until(() -> !(client.lookup(1).join() instanceof Lookup.Online));
    }

    @Test
    void newOwnerIsRefilledByTheRoomAndNeverSaysOfflineMeanwhile() throws Exception {
        Service one = deployment().register(Map.of());
        Service two = deployment().register(Map.of());
        Service three = deployment().register(Map.of());
        deployment().publish(one, two);
        TestRoom room = room("room");
        RegisterClient client = client();
        fill(room);
        await().atMost(SOON).until(() -> room.secondAcks.get() == SESSIONS);

        one.close();
        deployment().publish(three, two);
        for (int round = 0; round < 20; round++) {
            assertNotOffline(client);
        }

        long epoch = deployment().publish(three);
        await().atMost(SOON).until(() -> three.cluster().registerMap().epoch() == epoch);
        assertOnline(client);
        await().atMost(SOON).until(() -> client.lookup(ABSENT).join().equals(new Lookup.Offline(true)));
    }

    @Test
    void unknownUntilEveryLiveRoomHasFlushedOrTheTimeIsUp() throws Exception {
        Service one = deployment().register(Map.of("completeAfter", "12s"));
        deployment().part("room", (s, name) -> {
        });
        TestRoom room = room("room");
        RegisterClient client = client();
        deployment().publish(one);
        fill(room);
        await().atMost(SOON).until(() -> room.firstAcks.get() + room.owed.get() == SESSIONS);
        assertOnline(client);

        // The other room never flushes.
        assertThat(client.lookup(ABSENT).join()).isEqualTo(Lookup.UNKNOWN);
        await().atMost(SOON).until(() -> client.lookup(ABSENT).join().equals(new Lookup.Offline(false)));
    }

    @Test
    void fencedRegisterAnswersUnknownAndAcksNothingUntilItIsBack() throws Exception {
        try (var link = ChaosProxy.to(deployment().zookeeper.port(), 1)) {
            Service one = deployment().register("127.0.0.1:" + link.port(), "3s", Map.of());
            deployment().publish(one);
            TestRoom room = room("room");
            RegisterClient client = client();
            room.put(1, 1);
            await().atMost(SOON).until(() -> room.firstAcks.get() == 1);
            assertThat(known(() -> client.lookup(1))).isInstanceOf(Lookup.Online.class);

            link.toServer().blackHole(Direction.Hole.DISCARD);
            link.toClient().blackHole(Direction.Hole.DISCARD);
            await().atMost(SOON).until(() -> client.lookup(1).join().equals(Lookup.UNKNOWN)
                    && one.cluster().fenced()); // asked first: the fence wants a peer that was heard
            room.put(2, 1);
            await().atMost(SOON).until(() -> room.owed.get() == 1);
            assertThat(room.firstAcks).hasValue(1);
            assertThat(client.lookup(2).join()).isEqualTo(Lookup.UNKNOWN);

            link.heal();
            await().atMost(SOON).until(() -> room.firstAcks.get() == 2);
            assertThat(known(() -> client.lookup(1))).isInstanceOf(Lookup.Online.class);
            assertThat(known(() -> client.lookup(2))).isInstanceOf(Lookup.Online.class);
        }
    }

    @Test
    void roomThatLostItsSessionPutsEverythingAgainUnderItsNewIncarnation() throws Exception {
        Service one = deployment().register(Map.of());
        Service two = deployment().register(Map.of());
        deployment().publish(one, two);
        try (var link = ChaosProxy.to(deployment().zookeeper.port(), 1)) {
            var made = new CompletableFuture<TestRoom>();
            Service part = deployment().part("room", "127.0.0.1:" + link.port(), "3s",
                    (s, name) -> made.complete(s.own(new TestRoom(s))));
            TestRoom room = made.join();
            RegisterClient client = client();
            fill(room);
            await().atMost(SOON).until(() -> room.secondAcks.get() == SESSIONS);
            int before = part.cluster().self().index();

            link.refuse(true);
            link.cut();
            await().atMost(SOON).until(() -> one.cluster().members("room").isEmpty());
            assertThat(client.lookup(1).join()).isNotInstanceOf(Lookup.Online.class);
            link.refuse(false);
            await().atMost(SOON).until(() -> part.cluster().self().index() != before);

            await().atMost(SOON).untilAsserted(() -> assertOnline(client));
            assertThat(((Lookup.Online) known(() -> client.lookup(1))).session().roomIncarnation())
                    .isEqualTo(part.cluster().self().index());
            await().atMost(SOON).until(() -> room.fetchedAgain.size() == 4096);
            assertThat(room.conflicts).isEmpty();
        }
    }

    @Test
    void laterLoginInAnotherRoomDisplacesTheFirstAndItsLateOfflineDoesNothing() throws Exception {
        Service one = deployment().register(Map.of());
        Service two = deployment().register(Map.of());
        deployment().publish(one, two);
        TestRoom first = room("room");
        TestRoom second = room("room");
        RegisterClient client = client();
        first.put(7, 10);
        await().atMost(SOON).until(() -> first.secondAcks.get() == 1);

        second.put(7, 11);
        await().atMost(SOON).until(() -> second.secondAcks.get() == 1);
        assertThat(second.results).allMatch(
                result -> result instanceof PutResult.Displaced(var other) && other.connSeq() == 10);
        first.remove(7, 10);
        first.put(7, 9);
        await().atMost(SOON).until(() -> first.secondAcks.get() == 2);

        assertThat(first.results).anyMatch(
                result -> result instanceof PutResult.Incumbent(var other) && other.connSeq() == 11);
        assertThat(((Lookup.Online) known(() -> client.lookup(7))).session().connSeq()).isEqualTo(11);
        assertThat(((Lookup.Online) known(() -> client.lookupAll(7))).session().connSeq()).isEqualTo(11);
    }

    @Test
    void drainWaitsForTheNextMap() throws Exception {
        Service one = deployment().register(Map.of());
        Service two = deployment().register(Map.of());
        deployment().publish(one, two);
        TestRoom room = room("room");
        fill(room);
        await().atMost(SOON).until(() -> room.dirtySlots() == 0 && room.secondAcks.get() == SESSIONS);

        assertThat(one.cluster().members("register").list()).hasSize(2);
        deployment().publish(two);
        RegisterClient client = client();
        await().atMost(SOON).until(() -> one.cluster().registerMap().epoch() == 2);
        assertOnline(client);
        one.close();
        assertOnline(client);
    }

    private void fill(TestRoom room) {
        for (long endpointId = 1; endpointId <= SESSIONS; endpointId++) {
            room.put(endpointId, 1);
        }
    }

    // An answer that is late on a busy machine is UNKNOWN and asked for again; any other is the answer.
    private static Lookup known(Supplier<CompletableFuture<Lookup>> question) {
        return await().atMost(SOON).until(() -> question.get().join(), answer -> !answer.equals(Lookup.UNKNOWN));
    }

    // The same for all; OFFLINE is wrong at any time.
    private void assertOnline(RegisterClient client) {
        await().atMost(SOON).until(() -> lookups(client).stream().allMatch(answer -> {
            assertThat(answer).isNotInstanceOf(Lookup.Offline.class);
            return answer instanceof Lookup.Online(Session found, String by)
                    && found.handle() == found.endpointId() + 1;
        }));
    }

    private void assertNotOffline(RegisterClient client) {
        assertThat(lookups(client)).noneMatch(answer -> answer instanceof Lookup.Offline);
    }

    private List<Lookup> lookups(RegisterClient client) {
        List<CompletableFuture<Lookup>> answers = new ArrayList<>();
        for (long endpointId = 1; endpointId <= SESSIONS; endpointId++) {
            answers.add(client.lookup(endpointId));
        }
        return answers.stream().map(CompletableFuture::join).toList();
    }

    private TestRoom room(String part) {
        var made = new CompletableFuture<TestRoom>();
        deployment().part(part, (s, name) -> made.complete(s.own(new TestRoom(s))));
        return made.join();
    }

    private RegisterClient client() {
        var made = new CompletableFuture<RegisterClient>();
        deployment().part("center", (s, name) -> made
                .complete(s.own(new RegisterClient(s.rpc(), s.cluster(), s.clock(), s.metrics()))));
        return made.join();
    }

    private Deployment deployment() {
        return Objects.requireNonNull(deployment);
    }
}
