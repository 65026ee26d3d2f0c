package io.longwire.center;

import io.longwire.center.fakes.FakeService;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.longwire.center.ApiFixture.ENDPOINT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Keys that a running center takes over, seen from outside. */
class HotKeysIT {
    private static final String BODY = "{\"to\":{\"endpoint\":\"" + ENDPOINT + "\"},\"payload\":\"aGk=\"}";
    private static final ApiFixture API = new ApiFixture();

    @BeforeEach
    void reset() {
        API.reset();
    }

    @AfterEach
    void asBefore() {
        assertThat(API.config.waiting()).as("what was laid is hot").isEmpty();
        lay("");
    }

    @AfterAll
    static void close() {
        API.close();
    }

    @Test
    void givesCallsAnotherTime() {
        lay("requestTimeout: 700ms");
        assertThat(late().body()).contains("no answer within 700 ms");

        refused("requestTimeout: 1ms", "requestTimeout: 1ms (expected: a duration from 100ms to 1m");
        assertThat(late().body()).contains("no answer within 700 ms");

        lay("");
        assertThat(late().body()).contains("no answer within 5000 ms");
    }

    @Test
    void believesAnotherBalancer() {
        var made = Pattern.compile("\"key\":\"([^\"]+)\"").matcher(API.call("POST", "/v1/apps/3/keys",
                "{\"networks\":[\"192.0.2.0/24\"]}", FakeService.ADMIN_KEY).body());
        assertThat(made.find()).isTrue();
        String key = made.group(1);
        assertThat(API.forwarded("/v1/usage", key, "192.0.2.7").statusCode()).isEqualTo(403);

        lay("balancers: [127.0.0.1]");
        assertThat(API.forwarded("/v1/usage", key, "192.0.2.7").statusCode()).isEqualTo(200);

        refused("balancers: [127.0.0.1/99]", "balancers: [127.0.0.1/99] (expected: addresses or ranges");
        assertThat(API.forwarded("/v1/usage", key, "192.0.2.7").statusCode()).isEqualTo(200);
    }

    @Test
    void holdsFewerBytesOfBodies() throws Exception {
        byte[] part = ("POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n" + " ".repeat(9_000))
                .getBytes(StandardCharsets.US_ASCII);
        try (var slow = new Socket(InetAddress.getLoopbackAddress(), API.port())) {
            slow.getOutputStream().write(part);
            await().untilAsserted(
                    () -> assertThat(API.service.metrics.gauge(CenterMetric.BODY_BYTES)).isEqualTo(9_000));
            assertThat(API.post("/v1/messages", BODY).statusCode()).isEqualTo(200);

            lay("maxBodies: 8KB");

            assertThat(API.post("/v1/messages", BODY).body()).contains("bodies: above 8192 bytes at once");
            refused("maxBodies: 7KB", "maxBodies: 7KB (expected: a size from 8KB to 16GB");
        }
        await().until(() -> API.service.metrics.gauge(CenterMetric.BODY_BYTES) == 0);
    }

    @Test
    void givesNewAppsAnotherQuota() {
        lay("defaultSendsPerSecond: 321");

        String made = API.call("POST", "/v1/apps", "{\"name\":\"chat\"}", FakeService.ADMIN_KEY).body();

        assertThat(made).contains("\"sends_per_second\":321");
        refused("defaultSendsPerSecond: many", "defaultSendsPerSecond: many (expected: a whole number");
    }

    private static HttpResponse<String> late() {
        API.parts.appendAnswers.add(new CompletableFuture<>());
        HttpResponse<String> answer = API.post("/v1/messages", BODY);
        assertThat(answer.statusCode()).isEqualTo(503);
        return answer;
    }

    private static void lay(String yaml) {
        assertThat(API.config.lay(yaml)).isEmpty();
    }

    private static void refused(String yaml, String why) {
        assertThat(API.config.lay(yaml)).hasValueSatisfying(told -> assertThat(told).contains(why));
    }
}
