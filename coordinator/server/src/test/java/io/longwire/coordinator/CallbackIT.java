package io.longwire.coordinator;

import io.longwire.coordinator.MockBackend.Got;
import io.longwire.coordinator.MockBackend.Reply;
import io.longwire.coordinator.callback.CallbackConfig.BreakerConfig;
import io.longwire.coordinator.channel.DeadEvents;
import io.longwire.rpc.coordinator.ChannelInfo;
import io.longwire.rpc.coordinator.UplinkBatch;
import io.longwire.rpc.coordinator.UplinkItem;
import io.longwire.testkit.stores.RedisServer;
import io.longwire.testkit.stores.Stores;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Events that are sent to backends, on a real Redis and real sockets. */
final class CallbackIT {
    private static final int APP = 7;
    private static final int OTHER = 8;
    private static final List<String> LOOPBACK = List.of("127.0.0.0/8");
    private static final int SHORT = 500; // for a backend that hangs
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<Reply> BAD = List.of(Reply.of(500, "", "no"), MockBackend.HANG, MockBackend.CUT,
            Reply.of(200, "", "x".repeat(9_000)), Reply.of("what?\r\nis this\r\n\r\n"),
            Reply.of(200, "content-type: application/json\r\n", "{nonsense"), Reply.of(429, "", ""));

    private final RedisServer redis = Stores.shared().freshRedis();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final MockBackend backend = opened(new MockBackend());

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    @Test
    void sendsSignedBatchesInOrder() throws Exception {
        CallbackRig rig = opened(new CallbackRig("a", redis.port(), LOOPBACK));
        rig.send(APP, Rig.ENDPOINT, 1, 250);
        rig.put(CallbackRig.to(APP, backend.url()).addSecrets("the old one, soon gone".replace(' ', '_')));

        await().until(() -> backend.texts().size() == 250);

        assertThat(backend.texts()).containsExactlyElementsOf(texts(1, 250));
        assertThat(backend.taken).extracting(got -> got.events().size()).containsExactly(100, 100, 50);
        Got first = backend.taken.getFirst();
        assertThat(first.path()).isEqualTo("/events?a=b");
        assertThat(first.header("host")).isEqualTo("127.0.0.1:" + backend.port());
        assertThat(first.header("content-type")).isEqualTo("application/json");
        assertThat(first.header("longwire-app")).isEqualTo("7");
        assertThat(first.header("longwire-type")).isEqualTo("order");
        assertThat(first.header("longwire-partition")).isEqualTo("2");
        assertThat(first.header("longwire-attempt")).isEqualTo("1");
        assertThat(first.header("longwire-events").split(",")).hasSize(100)
                .containsExactlyElementsOf(first.events().stream().map(MockBackend.Event::id).toList());
        assertThat(Long.parseLong(first.header("longwire-timestamp")))
                .isCloseTo(java.time.Instant.now().getEpochSecond(), org.assertj.core.data.Offset.offset(60L));
        assertThat(first.header("longwire-signature")).isEqualTo(
                "v1=" + hmac(CallbackRig.SECRET, first) + ",v1=" + hmac("the_old_one,_soon_gone", first));
        await().untilAsserted(() -> {
            assertThat(rig.info(APP).getInFlight()).isZero();
            assertThat(rig.rig.metrics.counter(CoordinatorMetric.FINISHED).count()).isEqualTo(250);
        });
    }

    @Test
    void bringsWhatTheAnswerSaysToTheRequestsOfItsBatchAlone() throws Exception {
        CallbackRig rig = opened(new CallbackRig("a", redis.port(), LOOPBACK));
        backend.answering(got -> Reply.of(200, "content-type: application/json\r\n", "{\"replies\":["
                + "{\"event_id\":\"" + got.events().getFirst().id() + "\",\"body\":\"eWVz\"},"
                + "{\"event_id\":\"1-1-0\",\"body\":\"eWVz\"},"
                + "{\"event_id\":\"" + got.events().getLast().id() + "\",\"body\":\"eWVz\"}]}"));
        rig.rig.uplinks.keep(UplinkBatch.newBuilder()
                .addItems(Rig.item(Rig.ENDPOINT, 1, "may I?").toBuilder().setTimeoutMs(5_000))
                .addItems(Rig.item(Rig.ENDPOINT, 2, "I do")).build()).get(10, TimeUnit.SECONDS);
        rig.put(CallbackRig.to(APP, backend.url()));

        await().until(() -> rig.requests("done") > 0 && rig.info(APP).getInFlight() == 0);

        assertThat(backend.asked).as("one batch").hasSize(1);
        assertThat(rig.replies).singleElement().satisfies(reply -> {
            assertThat(reply.getBody().toStringUtf8()).isEqualTo("yes");
            assertThat(new String(backend.asked.getFirst().body(), StandardCharsets.UTF_8))
                    .contains("\"reply_to\":\"" + reply.getReplyTo() + "\"").contains("\"reply_until_ms\":6000");
        });
    }

    @Test
    void losesNothingAndKeepsTheOrderWhateverABackendDoesWhileAnotherAppIsNotTouched() throws Exception {
        CallbackRig rig = opened(new CallbackRig("a", redis.port(), LOOPBACK));
        MockBackend well = opened(new MockBackend());
        MockBackend elsewhere = opened(new MockBackend());
        var asked = new AtomicInteger();
        backend.answering(got -> {
            int n = asked.getAndIncrement();
            return n >= 32
                    ? MockBackend.TAKEN
                    : n % 8 == 7
                            ? Reply.of(307, "location: " + elsewhere.url() + "\r\n", "")
                            : BAD.get(n % 8);
        });
        rig.put(CallbackRig.to(APP, backend.url()).setBatch(10).setMaxAttempts(1_000).setTimeoutMs(SHORT));
        rig.put(CallbackRig.to(OTHER, well.url()).setBatch(10));
        long[] endpoints = LongStream.range(0, 8).map(i -> 64 * 7 * i + 3).toArray();
        for (int round = 0; round < 5; round++) {
            for (long endpoint : endpoints) {
                rig.send(APP, endpoint, 1 + 20 * round, 20 + 20 * round);
                rig.send(OTHER, endpoint, 1 + 20 * round, 20 + 20 * round);
            }
        }

        await().atMost(LIMIT).until(() -> well.texts().size() >= 800);
        await().atMost(LIMIT).until(() -> eventsOf(backend, got -> true).size() == 800);

        assertThat(well.texts()).hasSize(800);
        for (String partition : new LinkedHashSet<>(backend.taken.stream().map(CallbackIT::partition).toList())) {
            assertThat(eventsOf(backend, got -> partition(got).equals(partition))).as("partition " + partition)
                    .isEqualTo(textsOf(well, partition));
        }
        for (String reason : List.of("server_error", "timeout", "cut_off", "too_large", "not_http", "bad_answer",
                "later", "redirect")) {
            assertThat(rig.requests(reason)).as(reason).isPositive();
        }
        assertThat(elsewhere.asked).as("followed a redirect").isEmpty();
        assertThat(well.asked).as("the other app's first attempts").allMatch(
                got -> got.header("longwire-attempt").equals("1")).hasSameSizeAs(well.taken);
        assertThat(rig.info(APP).getDead()).isZero();
    }

    @Test
    void aBackendThatHangsHoldsUpNoOtherApp() throws Exception {
        CallbackRig rig = opened(new CallbackRig("a", redis.port(), LOOPBACK,
                new BreakerConfig(1_000, Duration.ofMillis(100), Duration.ofMillis(400))));
        MockBackend well = opened(new MockBackend());
        backend.answering(got -> MockBackend.HANG);
        rig.put(CallbackRig.to(APP, backend.url()).setTimeoutMs(60_000).setConcurrency(64));
        rig.put(CallbackRig.to(OTHER, well.url()));
        for (int partition = 0; partition < 64; partition++) {
            rig.send(APP, 64L * partition + 1, 1, 1);
        }
        await().until(() -> backend.asked.size() == 8); // its share of the process
        for (int partition = 0; partition < 64; partition++) {
            rig.send(OTHER, 64L * partition + 1, 1, 10);
        }

        await().until(() -> well.texts().size() == 640);
        assertThat(backend.asked).hasSize(8);
    }

    @Test
    void refusesAddressesThatAreNotPublic() throws Exception {
        CallbackRig rig = opened(new CallbackRig("a", redis.port(), List.of()));
        rig.put(CallbackRig.to(APP, backend.url()));
        rig.put(CallbackRig.to(OTHER, "http://localhost:" + backend.port() + "/"));
        rig.send(APP, Rig.ENDPOINT, 1, 1);
        rig.send(OTHER, Rig.ENDPOINT, 1, 1);

        await().until(() -> rig.requests("address") >= 6);
        assertThat(backend.asked).isEmpty();
        assertThat(rig.requests("done")).isZero();
        ChannelInfo info = rig.info(APP);
        assertThat(info.getDepth() + info.getDelayed() + info.getInFlight()).as("kept").isEqualTo(1);
    }

    @Test
    void waitsAsLongAsTheBackendAsksFor() throws Exception {
        CallbackRig rig = opened(new CallbackRig("a", redis.port(), LOOPBACK));
        var asked = new AtomicInteger();
        backend.answering(got -> switch (asked.getAndIncrement()) {
            case 0 -> Reply.of(429, "retry-after: 2\r\n", "");
            case 1 -> Reply.of(503, "retry-after: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                    ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(3)) + "\r\n", "");
            default -> MockBackend.TAKEN;
        });
        rig.put(CallbackRig.to(APP, backend.url()).setConcurrency(1));
        rig.send(APP, Rig.ENDPOINT, 1, 3);
        await().until(() -> !backend.asked.isEmpty());
        rig.send(APP, Rig.ENDPOINT + 64, 1, 3); // of another partition, which waits as well

        await().until(() -> backend.texts().size() == 6);
        assertThat(between(0, 1)).isBetween(1_950L, 6_000L);
        assertThat(between(1, 2)).isBetween(1_900L, 6_000L);
    }

    @Test
    void leavesABackendAloneThatFailsAndTriesItWithOneRequest() throws Exception {
        CallbackRig rig = opened(new CallbackRig("a", redis.port(), LOOPBACK,
                new BreakerConfig(3, Duration.ofMillis(1_500), Duration.ofMillis(1_500))));
        backend.answering(got -> Reply.of(500, "", ""));
        rig.put(CallbackRig.to(APP, backend.url()).setMaxAttempts(1_000));
        for (int partition = 0; partition < 64; partition++) {
            rig.send(APP, 64L * partition + 1, 1, 2);
        }
        await().until(() -> rig.rig.metrics.counter(CoordinatorMetric.CALLBACK_BREAKS).count() == 1);
        await().until(() -> gauge(rig, "coordinator_callbacks_in_flight") == 0);
        int before = backend.asked.size();
        assertThat(before).as("three in a row, and what was under way").isBetween(3, 16);
        await().until(() -> gauge(rig, "coordinator_callback_breakers_open") == 1);

        await().until(() -> backend.asked.size() > before + 1);
        backend.answering(got -> MockBackend.TAKEN);

        await().until(() -> backend.texts().size() == 128);
        int trial = backend.asked.indexOf(backend.taken.getFirst());
        assertThat(between(trial - 1, trial)).as("since the trial before").isGreaterThanOrEqualTo(1_500);
        await().until(() -> gauge(rig, "coordinator_callback_breakers_open") == 0);
        assertThat(rig.rig.metrics.counter(CoordinatorMetric.CALLBACK_BREAKS).count()).isEqualTo(1);
    }

    @Test
    void triesABackendThatWasAwayWithTheTypeThatHasEvents() throws Exception {
        CallbackRig rig = opened(new CallbackRig("a", redis.port(), LOOPBACK,
                new BreakerConfig(3, Duration.ofMillis(1_500), Duration.ofMillis(1_500))));
        List<String> types = List.of("order", "chat"); // whichever looks first has nothing in one of the rounds
        for (String type : types) {
            rig.put(CallbackRig.to(APP, backend.url()).setType(type).setMaxAttempts(1_000));
        }
        for (int round = 1; round <= types.size(); round++) {
            int breaks = round;
            backend.answering(got -> Reply.of(500, "", ""));
            for (int partition = 0; partition < 64; partition++) {
                rig.send(APP, types.get(round - 1), 64L * partition + 1, round, round);
            }
            await().until(() -> rig.rig.metrics.counter(CoordinatorMetric.CALLBACK_BREAKS).count() == breaks);
            backend.answering(got -> MockBackend.TAKEN);

            await().until(() -> backend.texts().size() == 64 * breaks);
        }
    }

    @Test
    void sendsFewerEventsAtOnceWhenTheyAreLarge() throws Exception {
        CallbackRig rig = opened(new CallbackRig("a", redis.port(), LOOPBACK));
        for (int seq = 1; seq <= 60; seq++) {
            rig.rig.send(Rig.ENDPOINT, seq, "x".repeat(16_000));
        }
        rig.put(CallbackRig.to(APP, backend.url()).setBatch(20));

        await().until(() -> backend.texts().size() == 60);

        assertThat(backend.taken).extracting(got -> got.events().size()).containsExactly(20, 16, 16, 8);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 500})
    void findsTheEventThatABackendStumblesOverAndGivesItUpAlone(int status) throws Exception {
        CallbackRig rig = opened(new CallbackRig("a", redis.port(), LOOPBACK));
        backend.answering(got -> got.events().stream().anyMatch(event -> event.text().equals("11"))
                ? Reply.of(status, "", "11 is bad luck")
                : MockBackend.TAKEN);
        rig.put(CallbackRig.to(APP, backend.url()).setBatch(16).setMaxAttempts(9));
        rig.send(APP, Rig.ENDPOINT, 1, 40);

        await().until(() -> rig.info(APP).getDead() == 1);
        await().until(() -> backend.texts().size() == 39);
        List<String> wanted = new ArrayList<>(texts(1, 40));
        wanted.remove("11");
        assertThat(backend.texts()).containsExactlyElementsOf(wanted);
        DeadEvents.Some dead = new DeadEvents(rig.rig.store).list(CallbackRig.name(APP), null, 10).get(10,
                TimeUnit.SECONDS);
        assertThat(dead.events()).singleElement().satisfies(event -> assertThat(UplinkItem.parseFrom(event.value())
                .getSeq()).isEqualTo(11));
        if (status == 400) {
            assertThat(rig.rig.metrics.counter(CoordinatorMetric.CALLBACK_BREAKS).count()).as("it lives").isZero();
        }
    }

    @Test
    void sendsAgainTheEventsThatTheAnswerNames() throws Exception {
        CallbackRig rig = opened(new CallbackRig("a", redis.port(), LOOPBACK));
        backend.answering(got -> got.events().size() == 1
                ? MockBackend.TAKEN
                : Reply.of(200, "content-type: application/json\r\n", "{\"retry\":[{\"event_id\":\""
                        + got.events().get(1).id() + "\",\"delay_ms\":300}]}"));
        rig.send(APP, Rig.ENDPOINT, 1, 3);
        rig.put(CallbackRig.to(APP, backend.url()));

        await().until(() -> backend.taken.size() == 2);
        assertThat(backend.taken.get(1).events()).singleElement().satisfies(event -> {
            assertThat(event.text()).isEqualTo("2");
            assertThat(event.attempt()).isEqualTo(2);
        });
        assertThat(between(0, 1)).isGreaterThanOrEqualTo(290);
        await().until(() -> rig.info(APP).getInFlight() + rig.info(APP).getDelayed() == 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void losesNothingAndKeepsTheOrderWhenACoordinatorDiesOrLeaves(boolean dies) throws Exception {
        var slow = new AtomicInteger();
        backend.answering(got -> {
            if (slow.incrementAndGet() % 5 == 0) {
                return MockBackend.HANG;
            }
            return MockBackend.TAKEN;
        });
        var first = new CallbackRig("a", redis.port(), LOOPBACK);
        first.put(CallbackRig.to(APP, backend.url()).setBatch(5).setTimeoutMs(SHORT));
        first.send(APP, Rig.ENDPOINT, 1, 100);
        first.send(APP, Rig.ENDPOINT + 64, 1, 100);
        await().until(() -> backend.texts().size() >= 50);
        if (dies) {
            first.crash();
        } else {
            first.close();
        }
        assertThat(backend.texts().size()).as("not yet all of it").isLessThan(200);

        opened(new CallbackRig("b", redis.port(), LOOPBACK));

        await().atMost(LIMIT).until(() -> new LinkedHashSet<>(textsOf(backend, "2")).size() == 100
                && new LinkedHashSet<>(textsOf(backend, "3")).size() == 100);
        for (String partition : List.of("2", "3")) {
            assertThat(new LinkedHashSet<>(textsOf(backend, partition))).as("the first time of each")
                    .containsExactlyElementsOf(texts(1, 100));
        }
    }

    @Test
    void followsItsSettings() throws Exception {
        CallbackRig rig = opened(new CallbackRig("a", redis.port(), LOOPBACK));
        MockBackend moved = opened(new MockBackend());
        backend.answering(got -> Reply.of(500, "", ""));
        rig.put(CallbackRig.to(APP, backend.url()).setMaxAttempts(1_000));
        rig.send(APP, Rig.ENDPOINT, 1, 1);
        await().until(() -> !backend.asked.isEmpty());

        rig.put(CallbackRig.to(APP, moved.url()).setMaxAttempts(1_000));
        await().until(() -> moved.texts().equals(List.of("1")));
        await().until(() -> rig.info(APP).getInFlight() == 0);

        rig.remove(APP);
        await().until(() -> leases(rig) == 0);
        rig.send(APP, Rig.ENDPOINT, 2, 2);
        rig.put(CallbackRig.to(APP, moved.url()));
        await().until(() -> moved.texts().equals(List.of("1", "2")));
    }

    private long between(int one, int next) {
        return (backend.asked.get(next).nanos() - backend.asked.get(one).nanos()) / 1_000_000;
    }

    private static String partition(Got got) {
        return got.header("longwire-partition");
    }

    private static List<String> textsOf(MockBackend backend, String partition) {
        return backend.taken.stream().filter(got -> partition(got).equals(partition))
                .flatMap(got -> got.events().stream()).map(MockBackend.Event::text).toList();
    }

    // Each the first time: a request that took too long on a busy machine comes again.
    private static List<String> eventsOf(MockBackend backend, Predicate<Got> which) {
        var first = new LinkedHashMap<String, String>();
        backend.taken.stream().filter(which).flatMap(got -> got.events().stream())
                .forEach(event -> first.putIfAbsent(event.id(), event.text()));
        return List.copyOf(first.values());
    }

    private static List<String> texts(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(String::valueOf).toList();
    }

    private static double gauge(CallbackRig rig, String id) {
        return rig.rig.metrics.scrape().lines().filter(line -> line.startsWith("longwire_" + id + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1))).sum();
    }

    private static double leases(CallbackRig rig) {
        return gauge(rig, "coordinator_leases");
    }

    // Not by the code that is tested: as docs/backends.md tells a backend to do it.
    private static String hmac(String secret, Got got) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
        String signed = got.header("longwire-timestamp") + "." + got.header("longwire-events") + "."
                + new String(got.body(), StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    }

    private <T extends AutoCloseable> T opened(T one) {
        open.add(one);
        return one;
    }
}
