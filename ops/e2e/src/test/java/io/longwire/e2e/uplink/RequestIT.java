package io.longwire.e2e.uplink;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.NewCallback;
import io.longwire.center.client.ReplyState;
import io.longwire.cli.LongwireCli;
import io.longwire.coordinator.client.consume.ConsumerOptions;
import io.longwire.coordinator.client.consume.EventConsumer;
import io.longwire.coordinator.client.consume.Verdict;
import io.longwire.e2e.device.RoutedDispatcher;
import io.longwire.e2e.history.History;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.phone.Phones;
import io.longwire.e2e.platform.Product;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.e2e.rest.Rest;
import io.longwire.sdk.Uplink;
import io.longwire.testkit.chaos.ChaosProxy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What an app asks on a real phone, and what its product answers, each way there is. */
class RequestIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long WAITS = 60_000;
    private static final Pattern EVENT_ID = Pattern.compile("\"event_id\":\"([^\"]*)\"");

    private final SharedPlatform shared = SharedPlatform.get();
    private final Product product = shared.app();
    private final Phones phones = new Phones("requests", new History());
    private final LongwireBackend backend = LongwireBackend.connect(product.api(), product.apiKey());

    @AfterEach
    void stop() {
        backend.close();
        phones.close();
    }

    @Test
    void aConsumerAnswersThroughItsStream() throws Exception {
        Phone phone = phones.online(1, product, LIMIT).all().getFirst();
        try (var consumer = EventConsumer.start(ConsumerOptions.of(List.of(shared.platform().events()),
                product.apiKey(), "price", "desk"),
                event -> event.body().toStringUtf8().equals("tea")
                        ? Verdict.reply(bytes("3.50"))
                        : Verdict.refuse("not for sale"))) {
            Uplink tea = phone.app(0).request("price", bytes("tea"), WAITS);
            Uplink gold = phone.app(0).request("price", bytes("gold"), WAITS);

            assertThat(result(tea).body()).isEqualTo(bytes("3.50"));
            assertThat(result(gold).status()).isEqualTo(Uplink.Status.REFUSED);
            assertThat(result(gold).reason()).isEqualTo("not for sale");
            assertThat(consumer.ended()).isNotDone();
        }
    }

    @Test
    void aCallbackAnswersThroughItsResponse() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/events", RequestIT::answer);
        server.start();
        try {
            backend.callbacks().put(NewCallback.of("price", "http://127.0.0.1:" + server.getAddress().getPort()
                    + "/events").secrets(List.of("0123456789abcdef"))).await();
            Phone phone = phones.online(1, product, LIMIT).all().getFirst();

            assertThat(result(phone.app(0).request("price", bytes("tea"), WAITS)).body()).isEqualTo(bytes("3.50"));
        } finally {
            server.stop(0);
            backend.callbacks().delete("price").await();
        }
    }

    @Test
    void aPollerAnswersByACallAndIsToldWhatBecameOfIt() throws Exception {
        Phone phone = phones.online(1, product, LIMIT).all().getFirst();
        Uplink tea = phone.app(0).request("price", bytes("tea"), WAITS);
        String replyTo = poll();
        try (Rest stranger = shared.app().backend(); Rest own = product.backend()) {
            String body = "{\"reply_to\":\"" + replyTo + "\",\"body\":\"eWVz\"}";
            assertThat(stranger.post("/v1/replies", body).refused(400, "invalid_argument").detail())
                    .isEqualTo("reply_to: of another app (expected: the reply_to of an event of this app)");
            char last = replyTo.charAt(replyTo.length() - 1);
            own.post("/v1/replies", body.replace(replyTo, replyTo.substring(0, replyTo.length() - 1)
                    + (last == 'A' ? 'B' : 'A'))).refused(400, "invalid_argument");
            assertThat(tea.result()).isNull();

            assertThat(own.post("/v1/replies", body).ok().text("state")).isEqualTo("sent");
            assertThat(result(tea).body()).isEqualTo(bytes("yes"));
        }

        Uplink late = phone.app(0).request("price", bytes("tea"), 5_000);
        String tooLate = poll();
        assertThat(result(late).status()).isEqualTo(Uplink.Status.TIMEOUT);
        await().atMost(LIMIT).until(() -> backend.replies().send(tooLate, bytes("x")).await() == ReplyState.TIMED_OUT);

        phone.app(0).request("price", bytes("tea"), WAITS);
        String nobody = poll();
        phone.stop();
        await().atMost(LIMIT).until(() -> backend.replies().refuse(nobody, "late").await() == ReplyState.GONE);
    }

    @Test
    void theCommandLineAnswersToo() throws Exception {
        Phone phone = phones.online(1, product, LIMIT).all().getFirst();
        Uplink tea = phone.app(0).request("price", bytes("tea"), WAITS);
        var out = new StringWriter();
        var writer = new PrintWriter(out, true);

        int code = LongwireCli.run(writer, writer, "consume", "--type", "price", "--channel", "desk", "--count", "1",
                "--reply", "3.50", "--events", shared.platform().events(), "--key", product.apiKey());

        assertThat(code).as(out.toString()).isZero();
        assertThat(out.toString()).contains("asks  tea");
        assertThat(result(tea).body()).isEqualTo(bytes("3.50"));
    }

    @Test
    void anAnswerFindsAPhoneThatIsOnItsWayBack() throws Exception {
        try (var proxy = ChaosProxy.to(SharedPlatform.listener(shared.platform().rooms().getFirst(), "tcp"), 37);
                var dispatcher = new RoutedDispatcher(product.dispatcher(), List.of(proxy.address()))) {
            Phone phone = phones.online(1, product.through(dispatcher.url()), LIMIT).all().getFirst();
            Uplink tea = phone.app(0).request("price", bytes("tea"), WAITS);
            String replyTo = poll();

            proxy.reset();
            await().atMost(LIMIT)
                    .until(() -> backend.replies().send(replyTo, bytes("yes")).await() == ReplyState.SENT);

            assertThat(result(tea).body()).isEqualTo(bytes("yes"));
        }
    }

    // The next event of the product; returns what a reply names it by.
    private String poll() {
        try (Rest rest = product.backend()) {
            String channel = "/v1/apps/" + product.appId() + "/channels/price/desk";
            var events = await().atMost(LIMIT).until( // none, too, while a store is slow to answer
                    () -> rest.post(channel + "/poll", "{\"wait_ms\":5000,\"limit\":1}").ok().list("events"),
                    some -> some.size() == 1);
            rest.post(channel + "/finish", "{\"fin\":[\"" + events.getFirst().path("event_id").asText() + "\"]}").ok();
            return events.getFirst().path("reply_to").asText();
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        Matcher event = EVENT_ID.matcher(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        assertThat(event.find()).isTrue();
        byte[] answer = bytes("{\"replies\":[{\"event_id\":\"" + event.group(1) + "\",\"body\":\""
                + Base64.getEncoder().encodeToString(bytes("3.50")) + "\"}]}");
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private static Uplink.Result result(Uplink request) throws InterruptedException {
        return Objects.requireNonNull(request.await(LIMIT.toMillis()), request::toString);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
