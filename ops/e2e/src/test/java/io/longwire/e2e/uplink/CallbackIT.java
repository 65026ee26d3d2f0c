package io.longwire.e2e.uplink;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
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
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What a real phone says, at a real HTTP server of its product, and to a caller of the REST poll. */
class CallbackIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String SECRET = "0123456789abcdef";
    private static final Pattern BODY = Pattern.compile("\"body\":\"([^\"]*)\"");
    private static final Pattern EVENT_ID = Pattern.compile("\"event_id\":\"([^\"]*)\"");

    private final Product product = SharedPlatform.get().app();
    private final Phones phones = new Phones("callbacks", new History());
    private final LongwireBackend backend = LongwireBackend.connect(product.api(), product.apiKey());
    private final List<String> got = new CopyOnWriteArrayList<>();
    private final List<String> forged = new CopyOnWriteArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/events", this::take);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        backend.close();
        phones.close();
    }

    @Test
    void whatAPhoneSaysComesToItsProductInOrderAndSigned() {
        Phone phone = phones.online(1, product, LIMIT).all().getFirst();
        Callback put = backend.callbacks().put(NewCallback.of("order", "http://127.0.0.1:"
                + server.getAddress().getPort() + "/events").secrets(List.of(SECRET)).batch(10)).await();
        assertThat(put.secretIds()).containsExactly("9f9f5111");
        for (int i = 0; i < 50; i++) {
            phone.app(0).send("order", ("order " + i).getBytes(StandardCharsets.UTF_8));
        }

        await().atMost(LIMIT).until(() -> got.size() >= 50);

        assertThat(got).containsExactlyElementsOf(IntStream.range(0, 50).mapToObj(i -> "order " + i).toList());
        assertThat(forged).isEmpty();
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
            assertThat(texts(polled.body().toString())).containsExactly("help");
            Matcher id = EVENT_ID.matcher(polled.body().toString());
            assertThat(id.find()).isTrue();
            String fin = "{\"fin\":[\"" + id.group(1) + "\"]}";
            assertThat(rest.post(channel + "/finish", fin).ok().body().toString()).isEqualTo("{\"problems\":[]}");
            assertThat(rest.post(channel + "/finish", fin).ok().body().toString()).contains("not_in_flight");
        }
    }

    // The first two requests fail: nothing is lost by that, and nothing changes its place.
    private void take(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        boolean fails = asked.getAndIncrement() < 2;
        if (!exchange.getRequestHeaders().getFirst("Longwire-Signature").equals("v1=" + hmac(exchange, body))) {
            forged.add(new String(body, StandardCharsets.UTF_8));
        }
        if (!fails) {
            got.addAll(texts(new String(body, StandardCharsets.UTF_8)));
        }
        exchange.sendResponseHeaders(fails ? 503 : 204, -1);
        exchange.close();
    }

    private static List<String> texts(String json) {
        return BODY.matcher(json).results()
                .map(one -> new String(Base64.getDecoder().decode(one.group(1)), StandardCharsets.UTF_8)).toList();
    }

    private static String hmac(HttpExchange exchange, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            mac.update((exchange.getRequestHeaders().getFirst("Longwire-Timestamp") + "."
                    + exchange.getRequestHeaders().getFirst("Longwire-Events") + ".")
                    .getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (java.security.GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
