package io.longwire.e2e.broadcast;

import io.longwire.bench.backend.Mood;
import io.longwire.bench.backend.ProductBackend;
import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.NewCallback;
import io.longwire.cli.LongwireCli;
import io.longwire.e2e.phone.Phone;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Phones answer a broadcast, and the product's backend, which hears them by callbacks, says how much it can bear. */
class PacedByBackendIT {
    private static final int PHONES = 8;
    private static final String TYPE = "seen";

    private final Crowd crowd = new Crowd("paced");
    private final AtomicInteger got = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Mood mood = Mood.WELL;
    private final ProductBackend backend = new ProductBackend(delivery -> {
        asked.incrementAndGet();
        return mood;
    }, delivery -> got.addAndGet(delivery.events().size()));
    private final LongwireBackend product = LongwireBackend.connect(crowd.product.api(), crowd.product.apiKey());
    private List<Phone> phones;

    @BeforeEach
    void answer() {
        product.callbacks().put(NewCallback.of(TYPE, backend.url()).secrets(List.of("0123456789abcdef")).batch(1)
                .concurrency(16)).await();
        phones = crowd.online(PHONES);
    }

    @AfterEach
    void end() {
        product.callbacks().delete(TYPE).await();
        product.close();
        crowd.close();
        backend.close();
    }

    @Test
    void aBroadcastGoesAsFastAsTheBackendAsksAndTheWatchSaysSo() {
        backend.pushPace(2);
        say("before");
        await().atMost(Crowd.LIMIT).until(() -> got.get() == PHONES);

        Campaign slow = Campaign.start(crowd.rest, "slow", "{\"pace\":{\"rate_per_second\":1000}}");
        await().atMost(Crowd.LIMIT).untilAsserted(
                () -> assertThat(slow.info().body().at("/product_pace/rate_per_second").asDouble()).isEqualTo(2));
        String watched = watch(slow.id());
        Crowd.awaitOnceEach(phones, "slow");
        assertThat(watched).contains("paced by the product's backend: 2.0/s (push_pace)");
        assertThat(spread("slow")).as("from the first phone to the last").isGreaterThan(Duration.ofMillis(1_500));

        backend.pushPace(100_000);
        say("between");
        await().atMost(Crowd.LIMIT).until(() -> got.get() == 2 * PHONES);
        Campaign fast = Campaign.start(crowd.rest, "fast", "{\"pace\":{\"rate_per_second\":1000}}");
        List<String> running = watch(fast.id()).lines().filter(line -> line.startsWith("running")).toList();
        assertThat(running.isEmpty() ? "" : running.getLast())
                .as("never above what its operator says; it asks each second")
                .doesNotContain("push_pace");
        Crowd.awaitOnceEach(phones, "fast");
    }

    @Test
    void aCanaryStopsWhenTheCallbacksOfItsPhonesFail() {
        say("before");
        await().atMost(Crowd.LIMIT).until(() -> got.get() == PHONES);
        Campaign canary = Campaign.start(crowd.rest, "canary",
                "{\"canary\":{\"percent\":50,\"wait\":true,\"max_callback_error_percent\":20}}");
        // It is judged by the seconds that lie wholly behind its begin; what fails in the first is nobody's.
        await("a canary that is well").during(Duration.ofSeconds(3)).atMost(Crowd.LIMIT)
                .until(() -> canary.info().text("state").equals("running"));

        mood = Mood.FAILS;
        say("after");
        await().atMost(Crowd.LIMIT).untilAsserted(() -> assertThat(canary.info().text("reason"))
                .startsWith("canary: callback errors "));

        assertThat(canary.info().text("state")).isEqualTo("paused");
        assertThat(watch(canary.id())).contains("callback errors");
        mood = Mood.WELL;
        canary.order("cancel");
    }

    private void say(String text) {
        for (Phone phone : phones) {
            phone.app(0).send(TYPE, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private Duration spread(String text) {
        LongSummaryStatistics shown = phones.stream().map(phone -> phone.shownAt(text)).mapToLong(Long::longValue)
                .summaryStatistics();
        return Duration.ofNanos(shown.getMax() - shown.getMin());
    }

    private String watch(String id) {
        var out = new StringWriter();
        var writer = new PrintWriter(out, true);
        LongwireCli.run(writer, writer, "broadcast", "watch", id, "--api", crowd.product.api(), "--key",
                crowd.product.apiKey());
        return out.toString();
    }
}
