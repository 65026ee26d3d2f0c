package io.longwire.coordinator;

import io.longwire.coordinator.channel.Given;
import io.longwire.rpc.coordinator.UplinkBatch;
import io.longwire.testkit.chaos.ChaosProxy;
import io.longwire.testkit.chaos.Direction;
import io.longwire.testkit.stores.RedisServer;
import io.longwire.testkit.stores.Stores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What two coordinators do with one channel, and what is left when one dies, or Redis restarts. */
final class TakeOverIT {
    private final RedisServer redis = Stores.shared().freshRedis();
    private final List<Rig> running = new ArrayList<>();

    @AfterEach
    void stop() {
        running.forEach(Rig::close);
    }

    @Test
    void givesAgainAtOnceAndInOrderWhatADeadCoordinatorHadInFlight() throws Exception {
        Rig first = start("a");
        FakeTaker taker = first.taker("all", 3);
        for (int i = 1; i <= 5; i++) {
            first.send(Rig.ENDPOINT, i, "e" + i);
        }
        await().until(() -> taker.taken.size() == 3);
        taker.fin(taker.taken.get(1));
        await().until(() -> taker.taken.size() == 4);

        running.remove(first);
        first.crash();
        FakeTaker next = start("b").taker("all", 100);

        await().until(() -> next.taken.size() == 4);
        assertThat(next.texts()).as("what was finished never comes again").containsExactly("e1", "e3", "e4", "e5");
        assertThat(next.attempts()).containsExactly(2, 2, 2, 1);
    }

    @Test
    void sharesThePartitionsAndHandsThemOverWithoutGivingAnythingTwice() throws Exception {
        Rig first = patient("a");
        FakeTaker one = first.taker("all", 1_000);
        long seq = 0;
        for (int e = 0; e < 64; e++) {
            first.send(64L * e, ++seq, "x"); // one endpoint in each partition; 0 is none
        }
        await().until(() -> one.taken.size() == 63);
        one.finAll();

        Rig second = patient("b");
        FakeTaker two = second.taker("all", 1_000);
        await().untilAsserted(() -> {
            assertThat(leases(first)).isBetween(10, 54);
            assertThat(leases(first) + leases(second)).isEqualTo(64);
        });
        for (int e = 1; e < 64; e++) {
            first.send(64L * e, 100 + e, "y");
        }
        await().until(() -> one.taken.size() + two.taken.size() == 126);
        assertThat(two.taken.size()).as("nothing goes to partition 0").isBetween(leases(second) - 1, leases(second));
        Set<String> ids = two.taken.stream().map(event -> event.id().text()).collect(Collectors.toSet());
        assertThat(one.taken).noneMatch(event -> ids.contains(event.id().text()));
        two.finAll();

        running.remove(second);
        second.close();
        await().atMost(Duration.ofSeconds(30)).until(() -> leases(first) == 64);
        for (int e = 1; e < 64; e++) {
            first.send(64L * e, 200 + e, "z");
        }
        await().until(() -> one.texts().stream().filter("z"::equals).count() == 63);
        assertThat(one.attempts()).containsOnly(1);
    }

    @Test
    void keepsTheOrderOfWhatWasKeptInOneMillisecondWhenItIsGivenAgainInParts() throws Exception {
        Rig first = start("a");
        FakeTaker taker = first.taker("all", 100);
        var batch = UplinkBatch.newBuilder();
        for (int i = 1; i <= 60; i++) {
            batch.addItems(Rig.item(Rig.ENDPOINT, i, "e" + i));
        }
        first.uplinks.keep(batch.build()).get(10, TimeUnit.SECONDS);
        await().until(() -> taker.taken.size() == 60);

        running.remove(first);
        first.crash();
        FakeTaker next = start("b").taker("all", 7);
        for (int i = 0; i < 60; i++) {
            int at = i;
            await().until(() -> next.taken.size() > at);
            next.fin(next.taken.get(i));
        }
        assertThat(next.texts()).containsExactlyElementsOf(taker.texts());
    }

    @Test
    void keepsTheOrderWhenTheAnswerWithWhatWasGivenOutIsLost() throws Exception {
        try (ChaosProxy path = ChaosProxy.to(redis.port(), 1)) {
            Rig rig = start("a", path.port());
            FakeTaker taker = rig.taker("all", 0);
            await().until(() -> leases(rig) == 64);
            for (int i = 1; i <= 3; i++) {
                rig.send(Rig.ENDPOINT, i, "e" + i);
            }
            path.toClient().blackHole(Direction.Hole.DISCARD);
            taker.rdy(64); // one in each partition
            await().until(() -> rig.metrics.scrape().lines().anyMatch(
                    line -> line.startsWith("longwire_coordinator_store_calls_failed_total{script=\"give\"")));
            path.cut(); // first: no answer may come to another question
            path.heal();

            await().until(() -> taker.taken.size() >= 3);
            assertThat(taker.texts()).containsExactly("e1", "e2", "e3");
            assertThat(taker.attempts()).as("the first was given to nobody").containsOnly(1);
        }
    }

    @Test
    void keepsTheOrderWhenATakerLeavesWhileEventsAreOnTheirWayToIt() throws Exception {
        Rig first = start("a");
        FakeTaker leaving = first.taker("all", 0);
        await().until(() -> leases(first) == 64);
        for (int i = 1; i <= 40; i++) {
            first.send(Rig.ENDPOINT, i, "e" + i);
        }
        var all = new CountDownLatch(1);
        var page = new CountDownLatch(1);
        first.channels.loop().execute(() -> hold(all));
        leaving.rdy(1_000); // asks in every partition
        leaving.leave();
        first.channels.loop().execute(() -> hold(page)); // what was asked for comes behind this
        all.countDown();
        Rig second = start("b");
        FakeTaker next = second.taker("all", 100);
        await().until(() -> leases(second) == 64);
        await().until(() -> !next.taken.isEmpty());
        page.countDown();

        await().until(() -> next.taken.size() == 40);
        assertThat(next.texts()).containsExactlyElementsOf(
                IntStream.rangeClosed(1, 40).mapToObj(i -> "e" + i).toList());
    }

    private static void hold(CountDownLatch until) {
        try {
            until.await();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void letsWhatIsInFlightBeFinishedAtAnyCoordinator() throws Exception {
        Rig first = start("a");
        FakeTaker taker = first.taker("all", 10);
        first.send(Rig.ENDPOINT, 1, "e");
        await().until(() -> taker.taken.size() == 1);
        Given event = taker.taken.getFirst();

        Rig second = start("b");
        FakeTaker elsewhere = new FakeTaker(second.channels, Rig.name("all"), Rig.MINUTE, 0).attached();

        assertThat(elsewhere.fin(event)).isTrue();
        assertThat(taker.fin(event)).isFalse();
    }

    @Test
    void goesOnAfterARestartOfRedisWithItsFile() throws Exception {
        Rig rig = start("a");
        FakeTaker taker = rig.taker("all", 2);
        for (int i = 1; i <= 4; i++) {
            rig.send(Rig.ENDPOINT, i, "e" + i);
        }
        await().until(() -> taker.taken.size() == 2);

        redis.stop();
        await().until(() -> rig.redis.session(0) == null);
        redis.restart();
        rig.awaitRedis();

        assertThat(taker.fin(taker.taken.getFirst())).as("in flight is kept").isTrue();
        await().until(() -> taker.taken.size() == 3);
        taker.fin(taker.taken.get(1));
        await().until(() -> taker.taken.size() == 4);
        assertThat(taker.texts()).containsExactly("e1", "e2", "e3", "e4");
        assertThat(taker.attempts()).containsOnly(1);
    }

    // Keeps its leases over a slow second; handing over does not wait for them.
    private Rig patient(String self) {
        Rig rig = Rig.start(self, redis.port(), Duration.ofSeconds(15));
        running.add(rig);
        return rig;
    }

    private Rig start(String self) {
        return start(self, redis.port());
    }

    private Rig start(String self, int port) {
        Rig rig = Rig.start(self, port);
        running.add(rig);
        return rig;
    }

    private static int leases(Rig rig) {
        return (int) rig.metrics.scrape().lines().filter(line -> line.startsWith("longwire_coordinator_leases "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(" ") + 1))).sum();
    }
}
