package io.longwire.e2e.uplink;

import io.longwire.coordinator.client.consume.ConsumerOptions;
import io.longwire.coordinator.client.consume.EventConsumer;
import io.longwire.coordinator.client.consume.UplinkEvent;
import io.longwire.coordinator.client.consume.Verdict;
import io.longwire.e2e.device.RoutedDispatcher;
import io.longwire.e2e.history.History;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.phone.Phones;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.keeper.service.Service;
import io.longwire.sdk.Uplink;
import io.longwire.testkit.chaos.ChaosProxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Uplinks of a real phone to a real consumer, over cuts, restarts, and a coordinator that comes and goes. */
class UplinkIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int UPLINKS = 1_000;
    private static final long SEED = 31;

    private static Coordinators coordinators;

    private final List<Uplink> sent = new ArrayList<>();
    /** What was consumed by seq, once for each event id; the phone has one endpoint. */
    private final Map<Long, UplinkEvent> got = new ConcurrentSkipListMap<>();
    private final AtomicInteger otherIds = new AtomicInteger();

    @BeforeAll
    static void start() {
        coordinators = new Coordinators("uplinks-platform");
    }

    @AfterAll
    static void stop() {
        coordinators.close();
    }

    @Test
    void eachComesToTheConsumerOnceOverCutsARestartAndACoordinatorThatIsAway() throws InterruptedException {
        Service room = coordinators.platform().rooms().getFirst();
        try (var proxy = ChaosProxy.to(SharedPlatform.listener(room, "tcp"), SEED);
                var dispatcher = new RoutedDispatcher(coordinators.product().dispatcher(), List.of(proxy.address()));
                var phones = new Phones("uplinks", new History());
                var consumer = EventConsumer.start(ConsumerOptions.of(List.of(coordinators.address()),
                        coordinators.product().apiKey(), "order", "books"), this::take)) {
            Phone phone = phones.online(1, coordinators.product().through(dispatcher.url()), LIMIT).all().getFirst();
            send(phone, 100);
            awaitConsumed(100);

            proxy.toServer().cutAfter(3_000); // a few uplinks, then their replies are lost with the connection
            send(phone, 300);
            awaitConsumed(400);
            assertThat(SharedPlatform.metric(coordinators.platform().coordinator(), "coordinator_uplink_doubles_total"))
                    .as("sent again although kept").isPositive();
            proxy.heal();
            coordinators.stop();
            send(phone, 300);
            await().atMost(LIMIT).untilAsserted(() -> assertThat(busy(room)).as("told BUSY").isPositive());
            proxy.reset();
            coordinators.start();
            awaitConsumed(700);
            assertThat(durable(sent)).isEqualTo(700);

            send(phone, UPLINKS - 700);
            phone.restart();

            awaitConsumed(UPLINKS);
            assertThat(got.values()).as("in the order of their seqs, seed " + SEED)
                    .extracting(event -> event.body().toStringUtf8())
                    .containsExactlyElementsOf(IntStream.range(0, UPLINKS).mapToObj(i -> "order " + i).toList());
            assertThat(got.values()).extracting(UplinkEvent::eventId).doesNotHaveDuplicates();
            assertThat(got.values()).extracting(UplinkEvent::endpoint).containsOnly(phone.endpoint());
            assertThat(otherIds).as("uplinks kept a second time").hasValue(0);
            assertThat(consumer.ended()).isNotDone();
        }
    }

    private Verdict take(UplinkEvent event) {
        UplinkEvent had = got.putIfAbsent(event.seq(), event);
        if (had != null && !had.eventId().equals(event.eventId())) {
            otherIds.incrementAndGet();
        }
        return Verdict.FIN;
    }

    private void awaitConsumed(int count) {
        await().atMost(LIMIT).until(() -> got.size() == count);
    }

    private void send(Phone phone, int count) {
        for (int i = 0; i < count; i++) {
            sent.add(phone.app(0).send("order", ("order " + sent.size()).getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static int durable(List<Uplink> uplinks) throws InterruptedException {
        int durable = 0;
        for (Uplink one : uplinks) {
            Uplink.Result result = one.await(LIMIT.toMillis());
            durable += result != null && result.isDurable() ? 1 : 0;
        }
        return durable;
    }

    private static double busy(Service room) {
        return SharedPlatform.scrape(room).lines()
                .filter(line -> line.startsWith("longwire_room_uplinks_total{") && line.contains("BUSY"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }
}
