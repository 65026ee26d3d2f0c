package io.longwire.coordinator;

import io.longwire.coordinator.channel.ChannelBooks;
import io.longwire.coordinator.channel.ChannelConfig;
import io.longwire.coordinator.channel.DeadEvents;
import io.longwire.coordinator.channel.Given;
import io.longwire.coordinator.redis.Keys;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.coordinator.ChannelInfo;
import io.longwire.rpc.coordinator.ChannelUpdate;
import io.longwire.testkit.stores.RedisServer;
import io.longwire.testkit.stores.Stores;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** How events go out of one coordinator, on a real Redis. */
final class ChannelIT {
    private static final Duration SHORT = Duration.ofSeconds(1);

    private RedisServer redis;
    private Rig rig;

    @BeforeEach
    void start() {
        redis = Stores.shared().freshRedis();
        rig = Rig.start("a", redis.port());
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void givesEveryEventToEachChannelAndTheBacklogToTheFirst() throws Exception {
        rig.send(Rig.ENDPOINT, 1, "before");
        FakeTaker first = rig.taker("first", 10);
        await().until(() -> first.taken.size() == 1);
        FakeTaker second = rig.taker("second", 10);
        rig.send(Rig.ENDPOINT, 2, "after");

        await().until(() -> first.taken.size() == 2 && second.taken.size() == 1);
        assertThat(first.texts()).containsExactly("before", "after");
        assertThat(second.texts()).containsExactly("after");
    }

    @Test
    void takesOverOtherBoundsWhileItRuns() throws Exception {
        for (int i = 0; i < 4; i++) {
            rig.taker("c" + i, 1);
        }
        assertThatThrownBy(() -> rig.taker("c4", 1)).hasStackTraceContaining("at most 4 channels of a type");

        rig.config.set(new ChannelConfig(5, 3, 100, Rig.MINUTE, SHORT, 100, Rig.DEAD_BYTES));
        rig.taker("c4", 1);
        assertThatThrownBy(() -> rig.taker("c5", 1)).hasStackTraceContaining("at most 5 channels of a type");

        rig.config.set(new ChannelConfig(5, 3, 100, Rig.MINUTE, SHORT, 5, Rig.DEAD_BYTES));
        assertThatThrownBy(() -> rig.taker("c0", 1)).hasStackTraceContaining("streams: too many here");
    }

    @Test
    void takesOverHowOftenItTriesAndHowManyDeadItKeeps() throws Exception {
        FakeTaker taker = rig.taker("all", 10);
        rig.send(Rig.ENDPOINT, 1, "first");
        await().until(() -> taker.taken.size() == 1);

        rig.config.set(new ChannelConfig(4, 1, 100, Rig.MINUTE, SHORT, 100, Rig.DEAD_BYTES));
        taker.req(taker.taken.getLast(), 0); // of three attempts two would be left
        await().until(() -> info("all").getDead() == 1);
        assertThat(taker.attempts()).containsExactly(1);

        rig.config.set(new ChannelConfig(4, 1, 1, Rig.MINUTE, SHORT, 100, Rig.DEAD_BYTES));
        rig.send(Rig.ENDPOINT, 2, "second");
        await().until(() -> taker.taken.size() == 2);
        taker.req(taker.taken.getLast(), 0);

        var dead = new DeadEvents(rig.store);
        await().untilAsserted(() -> assertThat(get(dead.list(Rig.name("all"), null, 10)).events()).singleElement()
                .satisfies(event -> assertThat(event.id()).isEqualTo(taker.taken.getLast().id())));
        assertThat(info("all").getDead()).isEqualTo(1);
    }

    @Test
    void givesNewEventsSoonWithoutBeingAsked() throws Exception {
        FakeTaker taker = rig.taker("all", 10);
        await().until(() -> info("all").getConsumers() == 0); // it is there
        long began = Clock.system().millis();
        for (int i = 1; i <= 20; i++) {
            rig.send(Rig.ENDPOINT, i, "e" + i);
            int sofar = i;
            await().pollInterval(Duration.ofMillis(2)).until(() -> taker.taken.size() == sofar);
            taker.fin(taker.taken.getLast());
        }
        assertThat(Clock.system().millis() - began).as("20 of them, woken and not looked for")
                .isLessThan(10_000);
    }

    @Test
    void hasNoMoreInFlightThanItWasAskedFor() throws Exception {
        for (int i = 1; i <= 10; i++) {
            rig.send(Rig.ENDPOINT, i, "e" + i);
        }
        FakeTaker taker = rig.taker("all", 3);
        await().until(() -> taker.taken.size() == 3);
        assertThat(info("all").getInFlight()).isEqualTo(3);
        assertThat(info("all").getDepth()).isEqualTo(7);

        taker.fin(taker.taken.getFirst());

        await().until(() -> taker.taken.size() == 4);
        assertThat(taker.texts()).containsExactly("e1", "e2", "e3", "e4");
    }

    @Test
    void givesAPartitionToOneStreamAsLongAsItHasSomethingOfItInFlight() throws Exception {
        FakeTaker one = rig.taker("all", 2);
        FakeTaker other = rig.taker("all", 2);
        for (int i = 1; i <= 6; i++) {
            rig.send(Rig.ENDPOINT, i, "e" + i);
        }
        await().until(() -> one.taken.size() + other.taken.size() == 2);
        FakeTaker holder = one.taken.isEmpty() ? other : one;
        for (int i = 0; i < 4; i++) {
            int at = i;
            await().until(() -> holder.taken.size() > at + 1);
            holder.fin(holder.taken.get(i));
        }
        await().until(() -> one.taken.size() + other.taken.size() == 6);
        assertThat(holder.texts()).containsExactly("e1", "e2", "e3", "e4", "e5", "e6");
    }

    @Test
    void givesAgainWhatWasNotFinishedInItsTimeInItsOrder() throws Exception {
        FakeTaker slow = rig.taker("all", 0, Duration.ofSeconds(5));
        for (int i = 1; i <= 3; i++) {
            rig.send(Rig.ENDPOINT, i, "e" + i);
        }
        slow.rdy(3); // all at once: the first one's time must not run out before the last is sent
        await().until(() -> slow.taken.size() >= 3);
        slow.rdy(0); // nothing comes to it again
        slow.fin(slow.taken.get(1));
        slow.leave();
        FakeTaker next = rig.taker("all", 10);

        await().until(() -> next.taken.size() == 2);
        assertThat(next.texts()).containsExactly("e1", "e3");
        assertThat(next.attempts()).containsExactly(2, 2);
    }

    @Test
    void keepsWhatIsTouchedInFlight() throws Exception {
        FakeTaker taker = rig.taker("all", 1, SHORT); // no room for it again before it is touched
        rig.send(Rig.ENDPOINT, 1, "e");
        await().until(() -> taker.taken.size() == 1);
        assertThat(taker.touch(taker.taken.getFirst(), 60_000)).isTrue();
        taker.rdy(10);

        rig.send(Rig.ENDPOINT, 2, "f");
        await().until(() -> taker.taken.size() >= 2);
        await().during(Duration.ofMillis(1_500))
                .until(() -> taker.texts().stream().filter("e"::equals).count() == 1);
    }

    @Test
    void givesAgainAfterTheDelayThatWasAskedFor() throws Exception {
        FakeTaker taker = rig.taker("all", 10);
        rig.send(Rig.ENDPOINT, 1, "e");
        await().until(() -> taker.taken.size() == 1);
        taker.rdy(0); // it is delayed still when it is looked at
        long began = Clock.system().millis();
        assertThat(taker.req(taker.taken.getFirst(), 1_500)).isTrue();
        assertThat(info("all").getDelayed()).isEqualTo(1);
        taker.rdy(10);

        await().until(() -> taker.taken.size() == 2);
        assertThat(Clock.system().millis() - began).isGreaterThanOrEqualTo(1_400);
        assertThat(taker.attempts()).containsExactly(1, 2);
        assertThat(taker.req(taker.taken.getFirst(), 0)).as("of an attempt that is over").isFalse();
        assertThat(taker.fin(taker.taken.getFirst())).as("done is done, whoever says it").isTrue();
        assertThat(taker.fin(taker.taken.getLast())).isFalse();
    }

    @Test
    void givesUpAfterTheLastAttemptAndPutsBackOnRequest() throws Exception {
        FakeTaker taker = rig.taker("all", 10);
        FakeTaker other = rig.taker("other", 10);
        rig.send(Rig.ENDPOINT, 1, "e");
        for (int i = 0; i < 3; i++) {
            int before = i;
            await().until(() -> taker.taken.size() == before + 1);
            taker.req(taker.taken.getLast(), 0);
        }
        await().until(() -> info("all").getDead() == 1);
        assertThat(taker.attempts()).containsExactly(1, 2, 3);
        assertThat(info("all").getInFlight()).isZero();

        var dead = new DeadEvents(rig.store);
        DeadEvents.Some letters = get(dead.list(Rig.name("all"), null, 10));
        assertThat(letters.events()).singleElement().satisfies(event -> {
            assertThat(event.attempt()).isEqualTo(3);
            assertThat(event.id()).isEqualTo(taker.taken.getFirst().id());
        });
        assertThat(get(dead.raise(Rig.name("all"), letters.letters().getFirst()))).isTrue();

        await().until(() -> taker.taken.size() == 4);
        assertThat(taker.taken.getLast().attempt()).isEqualTo(1);
        taker.fin(taker.taken.getLast());
        assertThat(info("all").getDead()).isZero();
        rig.send(Rig.ENDPOINT, 2, "f");
        await().until(() -> other.taken.size() == 2);
        assertThat(other.texts()).as("the other channel sees it once").containsExactly("e", "f");
    }

    @Test
    void deadLettersHoldNoMoreThanTheirBytes() throws Exception {
        FakeTaker taker = rig.taker("all", 100);
        for (int i = 1; i <= 8; i++) {
            rig.send(Rig.ENDPOINT, i, i + "x".repeat(1_000));
        }
        await().until(() -> {
            for (Given given : List.copyOf(taker.taken)) {
                taker.req(given, 0);
            }
            return info("all").getDead() + squeezed() == 8;
        });

        assertThat(info("all").getDead()).isEqualTo(4);
        assertThat(info("all").getDeadBytes()).isBetween(4_000L, 5_000L);
        var dead = new DeadEvents(rig.store);
        DeadEvents.Some letters = get(dead.list(Rig.name("all"), null, 10));
        assertThat(letters.events()).extracting(event -> event.id()).hasSize(4).isSubsetOf(
                taker.taken.stream().map(Given::id).toList());

        get(dead.raise(Rig.name("all"), letters.letters().getFirst()));
        assertThat(info("all").getDeadBytes()).isBetween(3_000L, 4_000L);
        FakeTaker other = rig.taker("other", 1);
        get(new ChannelBooks(rig.store).change(Rig.name("all"), ChannelUpdate.newBuilder().setDelete(true).build()));
        byte[] held = Objects.requireNonNull(rig.redis.session(2)).<byte[]>command(
                redis -> redis.hget(Keys.deadBytes(2, Rig.APP), Keys.ascii("*"))).get(5, TimeUnit.SECONDS);
        assertThat(held).isEqualTo(Keys.number(0));
        assertThat(other.gone()).isFalse();
    }

    private long squeezed() {
        return rig.metrics.counter(CoordinatorMetric.DEAD_PUSHED_OUT, "bound", "bytes").count();
    }

    @Test
    void pausesSamplesEmptiesAndDeletes() throws Exception {
        FakeTaker taker = rig.taker("all", 1_000);
        var books = new ChannelBooks(rig.store);
        get(books.change(Rig.name("all"), ChannelUpdate.newBuilder().setPaused(true).build()));
        rig.send(Rig.ENDPOINT, 1, "paused");
        await().during(Duration.ofMillis(1_200)).until(taker.taken::isEmpty);
        assertThat(info("all").getPaused()).isTrue();
        assertThat(info("all").getDepth()).isEqualTo(1);

        get(books.change(Rig.name("all"), ChannelUpdate.newBuilder().setEmpty(true).setPaused(false)
                .setSamplePercent(30).build()));
        for (int i = 2; i <= 301; i++) {
            rig.send(Rig.ENDPOINT, i, "sampled");
        }
        await().until(() -> info("all").getDepth() == 0);
        assertThat(taker.taken).hasSizeBetween(50, 140);
        assertThat(taker.texts()).containsOnly("sampled");

        get(books.change(Rig.name("all"), ChannelUpdate.newBuilder().setDelete(true).build()));
        assertThat(get(books.channels(Rig.APP, "order"))).isEmpty();
        assertThat(get(books.change(Rig.name("all"), ChannelUpdate.newBuilder().setPaused(true).build()))).isFalse();
    }

    @Test
    void endsTheTakersOfAChannelThatWasDeletedElsewhereAndMakesItAnewForTheNext() throws Exception {
        FakeTaker taker = rig.taker("all", 10);
        rig.send(Rig.ENDPOINT, 1, "before");
        await().until(() -> taker.taken.size() == 1);
        get(new ChannelBooks(rig.store).change(Rig.name("all"), ChannelUpdate.newBuilder().setDelete(true).build()));
        await().until(taker::gone);

        FakeTaker next = rig.taker("all", 10);

        await().until(() -> next.taken.size() == 1);
        assertThat(next.attempts()).as("a first channel has what is kept").containsExactly(1);
    }

    @Test
    void removesWhatAllChannelsHaveFinishedAndOnlyThat() throws Exception {
        FakeTaker one = rig.taker("one", 10);
        FakeTaker two = rig.taker("two", 10);
        for (int i = 1; i <= 3; i++) {
            rig.send(Rig.ENDPOINT, i, "e" + i);
        }
        await().until(() -> one.taken.size() == 3 && two.taken.size() == 3);
        one.finAll();
        two.fin(two.taken.getFirst());
        await().until(() -> rig.metrics.counter(CoordinatorMetric.TRIMMED).count() == 1);

        for (Given event : two.taken) {
            two.fin(event);
        }
        await().until(() -> rig.metrics.counter(CoordinatorMetric.TRIMMED).count() == 3);
        assertThat(rig.metrics.counter(CoordinatorMetric.TOO_OLD).count()).isZero();
    }

    private ChannelInfo info(String channel) throws Exception {
        return get(new ChannelBooks(rig.store).channels(Rig.APP, "order")).stream()
                .filter(info -> info.getChannel().equals(channel)).findFirst().orElseThrow();
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    @Test
    void listsNoChannelOfATypeThatIsNone() throws Exception {
        assertThat(get(new ChannelBooks(rig.store).channels(Rig.APP, "none"))).isEqualTo(List.of());
    }
}
