package io.longwire.e2e.uplink;

import io.longwire.e2e.history.History;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.phone.Phones;
import io.longwire.e2e.platform.Product;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.coordinator.Event;
import io.longwire.rpc.coordinator.ListChannelsRequest;
import io.longwire.rpc.coordinator.ListDeadEventsRequest;
import io.longwire.sdk.Uplink;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The verbs of a pull stream, each against the platform, with events of a real phone: what NSQ means by them holds. */
class VerbsIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int MAX_ATTEMPTS = 10;

    private final SharedPlatform shared = SharedPlatform.get();
    private final Product product = shared.app();
    private final Phones phones = new Phones("verbs", new History());
    private final List<RawConsumer> consumers = new ArrayList<>();
    private Phone phone;

    @BeforeEach
    void start() {
        phone = phones.online(1, product, LIMIT).all().getFirst();
    }

    @AfterEach
    void stop() {
        consumers.forEach(RawConsumer::close);
        phones.close();
    }

    @Test
    void rdyBoundsWhatIsInFlightAndZeroStopsTheFlow() throws Exception {
        RawConsumer consumer = consumer("all", MINUTE).rdy(2);
        send(1, 6);
        Event first = consumer.next();
        Event second = consumer.next();
        assertThat(consumer.within(Duration.ofMillis(500))).as("a third beside two in flight").isNull();

        consumer.rdy(0);
        consumer.fin(first);
        consumer.fin(second);
        assertThat(consumer.within(Duration.ofSeconds(2))).as("after RDY 0").isNull();

        consumer.rdy(10);
        assertThat(List.of(text(consumer.next()), text(consumer.next()), text(consumer.next()),
                text(consumer.next()))).containsExactly("e3", "e4", "e5", "e6");
        assertThat(consumer.problems).isEmpty();
    }

    @Test
    void reqDelaysOneEventAndHoldsUpNoOther() throws Exception {
        RawConsumer consumer = consumer("all", MINUTE).rdy(10);
        send(1, 1);
        Event first = consumer.next();
        long asked = Clock.system().nanos();
        consumer.req(first, Duration.ofSeconds(8));
        send(2, 2);
        Event second = consumer.next();
        assertThat(text(second)).isEqualTo("e2");
        consumer.fin(second);

        Event again = consumer.next();

        assertThat(Duration.ofNanos(Clock.system().nanos() - asked)).isGreaterThan(Duration.ofMillis(7_900));
        assertThat(again.getEventId()).isEqualTo(first.getEventId());
        assertThat(again.getAttempt()).isEqualTo(2);
        consumer.fin(again);
        assertThat(consumer.problems).isEmpty();
    }

    @Test
    void touchProlongsTheTimeInFlight() throws Exception {
        RawConsumer consumer = consumer("all", Duration.ofSeconds(6)).rdy(10);
        send(1, 1);
        Event event = consumer.next();
        for (int i = 0; i < 8; i++) {
            assertThat(consumer.within(Duration.ofSeconds(1))).as("second %s of a time of 6", i).isNull();
            consumer.touch(event);
        }

        Event again = consumer.next(); // when nobody touches it any more

        assertThat(again.getEventId()).isEqualTo(event.getEventId());
        assertThat(again.getAttempt()).isEqualTo(2);
        assertThat(consumer.problems).isEmpty();
    }

    @Test
    void whatTimesOutGoesToAnotherConsumer() throws Exception {
        RawConsumer stuck = consumer("all", Duration.ofSeconds(6)).rdy(1);
        send(1, 1);
        Event event = stuck.next();
        stuck.rdy(0);
        RawConsumer other = consumer("all", MINUTE).rdy(10);

        Event again = other.next();

        assertThat(again.getEventId()).isEqualTo(event.getEventId());
        assertThat(again.getAttempt()).isEqualTo(2);
        stuck.touch(event);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(stuck.problems).singleElement()
                .satisfies(problem -> assertThat(problem.getCode()).isEqualTo("not_in_flight")));
        other.fin(again);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(calls().listChannels(ListChannelsRequest.newBuilder()
                .setType("verb").build()).getChannels(0).getInFlight()).isZero());
    }

    @Test
    void afterItsLastAttemptAnEventIsADeadLetterThatCanBePutBack() throws Exception {
        RawConsumer consumer = consumer("all", MINUTE).rdy(10);
        send(1, 1);
        Event event = Event.getDefaultInstance();
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            event = consumer.next();
            assertThat(event.getAttempt()).isEqualTo(attempt);
            consumer.req(event, Duration.ZERO);
        }
        String died = event.getEventId();
        var dead = ListDeadEventsRequest.newBuilder().setType("verb").setChannel("all");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(calls().listDeadEvents(dead.build()).getEventsList())
                .singleElement().satisfies(one -> assertThat(one.getEventId()).isEqualTo(died)));
        assertThat(consumer.within(Duration.ofMillis(500))).as("given once more").isNull();

        calls().listDeadEvents(dead.setRequeue(true).build());

        Event back = consumer.next();
        assertThat(text(back)).isEqualTo("e1");
        assertThat(back.getAttempt()).isEqualTo(1);
        consumer.fin(back);
        assertThat(calls().listDeadEvents(dead.setRequeue(false).build()).getEventsList()).isEmpty();
    }

    @Test
    void twoChannelsBothGetAll() throws Exception {
        RawConsumer books = consumer("books", MINUTE).rdy(100);
        RawConsumer stock = consumer("stock", MINUTE).rdy(100);
        send(1, 20);
        var ofBooks = new ArrayList<String>();
        var ofStock = new ArrayList<String>();
        for (int i = 0; i < 20; i++) {
            Event one = books.next();
            ofBooks.add(text(one));
            books.fin(one);
            Event other = stock.next();
            ofStock.add(text(other));
            stock.fin(other);
        }

        assertThat(ofBooks).hasSize(20).doesNotHaveDuplicates().isEqualTo(ofStock);
        assertThat(books.within(Duration.ofMillis(500))).isNull();
    }

    private RawConsumer consumer(String channel, Duration inFlight) throws InterruptedException {
        var consumer = new RawConsumer(shared.platform().events(), product, "verb", channel, inFlight);
        consumers.add(consumer);
        return consumer;
    }

    private io.longwire.rpc.coordinator.ConsumerGrpc.ConsumerBlockingStub calls() {
        return consumers.getFirst().calls(product);
    }

    // Each durable before the next is sent.
    private void send(int from, int to) throws InterruptedException {
        for (int i = from; i <= to; i++) {
            Uplink.Result result = phone.app(0).send("verb", ("e" + i).getBytes(StandardCharsets.UTF_8))
                    .await(LIMIT.toMillis());
            assertThat(Objects.requireNonNull(result).isDurable()).isTrue();
        }
    }

    private static String text(Event event) {
        return event.getBody().toStringUtf8();
    }
}
