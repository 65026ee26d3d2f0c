package io.longwire.e2e.uplink;

import io.longwire.bench.backend.Delivery;
import io.longwire.bench.backend.Mood;
import io.longwire.bench.backend.ProductBackend;
import io.longwire.center.client.Callback;
import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.NewCallback;
import io.longwire.center.client.call.BackendException;
import io.longwire.e2e.history.History;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.phone.Phones;
import io.longwire.e2e.platform.Product;
import io.longwire.e2e.platform.SharedPlatform;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Two products whose phones speak at the same time: one has a backend that does everything wrong, then recovers. */
class BadBackendIT {
    private static final Logger LOG = LoggerFactory.getLogger(BadBackendIT.class);
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String TYPE = "order";
    private static final String SECRET = "0123456789abcdef";
    private static final int PHONES = 4;
    private static final int EACH = 25;
    /** A request each, then it fails until it recovers. Five failures in a row open the breaker of the app. */
    private static final List<Mood> MOODS = List.of(Mood.FAILS, Mood.HANGS, Mood.WELL, Mood.REDIRECTS, Mood.GARBAGE,
            Mood.WELL, Mood.CUTS, Mood.SLOW);

    private final SharedPlatform platform = SharedPlatform.get();
    private final Product bad = platform.app();
    private final Product good = platform.app();
    private final Phones phones = new Phones("bad-backend", new History());
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean recovered;
    private final List<Delivery> gotBad = new CopyOnWriteArrayList<>();
    private final List<Delivery> gotGood = new CopyOnWriteArrayList<>();
    private final ProductBackend badBackend = new ProductBackend(got -> {
        int n = asked.getAndIncrement();
        return n < MOODS.size() ? MOODS.get(n) : recovered ? Mood.WELL : Mood.FAILS;
    }, gotBad::add);
    private final ProductBackend goodBackend = new ProductBackend(got -> Mood.WELL, gotGood::add);
    private final LongwireBackend asBad = LongwireBackend.connect(bad.api(), bad.apiKey());
    private final LongwireBackend asGood = LongwireBackend.connect(good.api(), good.apiKey());

    @AfterEach
    void end() {
        remove(asBad);
        remove(asGood);
        asBad.close();
        asGood.close();
        phones.close();
        badBackend.close();
        goodBackend.close();
    }

    @Test
    void nothingIsLostAndNothingOvertakenAndTheOtherProductFeelsNothing() {
        // Above the second that a slow answer takes: what is sent again without need is no part of this.
        asBad.callbacks().put(callback(badBackend)).await();
        asGood.callbacks().put(callback(goodBackend)).await();
        List<Phone> ofBad = phones.online(PHONES, bad, LIMIT).all();
        List<Phone> ofGood = phones.online(PHONES, good, LIMIT).all().subList(PHONES, 2 * PHONES);
        double breaks = SharedPlatform.metric(platform.platform().coordinator(), "coordinator_callback_breaks_total");

        say(ofBad, 0, EACH);
        await().atMost(LIMIT).until(() -> asked.get() >= 2);
        say(ofGood, 0, EACH);
        await().atMost(LIMIT).until(() -> events(gotGood) == PHONES * EACH);
        assertThat(left(asBad)).as("what waits, as the product sees it").isPositive();
        say(ofBad, EACH, 2 * EACH);
        await("a backend that began to be left alone").atMost(LIMIT).until(() -> SharedPlatform
                .metric(platform.platform().coordinator(), "coordinator_callback_breaks_total") > breaks);
        recovered = true;

        await().atMost(LIMIT).until(() -> left(asBad) == 0);
        ofBad.forEach(phone -> assertThat(said(gotBad, phone)).as("in order, none lost, none twice; %s", phone)
                .containsExactlyElementsOf(numbers(2 * EACH)));
        ofGood.forEach(phone -> assertThat(said(gotGood, phone)).as("%s", phone)
                .containsExactlyElementsOf(numbers(EACH)));
        assertThat(gotGood).as("first attempts").allMatch(got -> got.attempt() == 1);
        assertThat(asBad.callbacks().list().await()).extracting(Callback::dead).containsExactly(0L);
    }

    private static NewCallback callback(ProductBackend backend) {
        return NewCallback.of(TYPE, backend.url()).secrets(List.of(SECRET)).batch(5).timeout(Duration.ofSeconds(4));
    }

    private static void remove(LongwireBackend product) {
        try {
            product.callbacks().delete(TYPE).await();
        } catch (BackendException.NotFound gone) {
            LOG.info("taken away before: the center asked again, the first answer was lost ({})", gone.getMessage());
        }
    }

    private static void say(List<Phone> phones, int from, int to) {
        for (int i = from; i < to; i++) {
            for (Phone phone : phones) {
                phone.app(0).send(TYPE, String.valueOf(i).getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static long left(LongwireBackend product) {
        return product.callbacks().list().await().stream()
                .mapToLong(one -> one.waiting() + one.inFlight() + one.delayed()).sum();
    }

    private static int events(List<Delivery> got) {
        return got.stream().mapToInt(one -> one.events().size()).sum();
    }

    private static List<String> said(List<Delivery> got, Phone phone) {
        return got.stream().flatMap(one -> one.events().stream())
                .filter(event -> event.endpoint().equals(phone.endpoint()))
                .map(event -> new String(event.body(), StandardCharsets.UTF_8)).toList();
    }

    private static List<String> numbers(int below) {
        return IntStream.range(0, below).mapToObj(String::valueOf).toList();
    }
}
