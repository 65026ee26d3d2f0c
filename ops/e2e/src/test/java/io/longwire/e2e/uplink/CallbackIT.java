package io.longwire.e2e.uplink;

import io.longwire.center.client.Callback;
import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.NewCallback;
import io.longwire.e2e.history.History;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.phone.Phones;
import io.longwire.e2e.platform.Product;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.e2e.rest.Answer;
import io.longwire.e2e.rest.Rest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What a real phone says, at a real HTTP server of its product, and to a caller of the REST poll. */
class CallbackIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Pattern EVENT_ID = Pattern.compile("\"event_id\":\"([^\"]*)\"");

    private final Product product = SharedPlatform.get().app();
    private final Phones phones = new Phones("callbacks", new History());
    private final LongwireBackend backend = LongwireBackend.connect(product.api(), product.apiKey());
    // What fails at first is not lost, and does not change its place.
    private final CallbackServer server = CallbackServer.start(2);

    @AfterEach
    void stop() {
        server.close();
        backend.close();
        phones.close();
    }

    @Test
    void whatAPhoneSaysComesToItsProductInOrderAndSigned() {
        Phone phone = phones.online(1, product, LIMIT).all().getFirst();
        Callback put = backend.callbacks().put(NewCallback.of("order", server.url())
                .secrets(List.of(CallbackServer.SECRET)).batch(10)).await();
        assertThat(put.secretIds()).containsExactly("9f9f5111");
        for (int i = 0; i < 50; i++) {
            phone.app(0).send("order", ("order " + i).getBytes(StandardCharsets.UTF_8));
        }

        await().atMost(LIMIT).until(() -> server.bodies().size() >= 50);

        assertThat(server.bodies())
                .containsExactlyElementsOf(IntStream.range(0, 50).mapToObj(i -> "order " + i).toList());
        assertThat(server.forged()).isEmpty();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(backend.callbacks().list().await()).singleElement()
                .satisfies(one -> assertThat(one.waiting() + one.inFlight() + one.delayed() + one.dead()).isZero()));
        assertThat(backend.callbacks().delete("order").await().type()).isEqualTo("order");
        assertThat(backend.callbacks().list().await()).isEmpty();
    }

    @Test
    void whatAPhoneSaysIsPolledAndFinishedOverRest() {
        Phone phone = phones.online(1, product, LIMIT).all().getFirst();
        String channel = "/v1/apps/" + product.appId() + "/channels/chat/support";
        phone.app(0).send("chat", "help".getBytes(StandardCharsets.UTF_8));

        try (Rest rest = product.backend()) {
            Answer polled = rest.post(channel + "/poll", "{\"wait_ms\":20000}").ok();
            assertThat(CallbackServer.bodies(polled.body().toString())).containsExactly("help");
            Matcher id = EVENT_ID.matcher(polled.body().toString());
            assertThat(id.find()).isTrue();
            String fin = "{\"fin\":[\"" + id.group(1) + "\"]}";
            assertThat(rest.post(channel + "/finish", fin).ok().body().toString()).isEqualTo("{\"problems\":[]}");
            assertThat(rest.post(channel + "/finish", fin).ok().body().toString()).contains("not_in_flight");
        }
    }
}
