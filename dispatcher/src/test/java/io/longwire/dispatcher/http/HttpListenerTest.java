package io.longwire.dispatcher.http;

import io.longwire.dispatcher.DispatcherMetric;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.testkit.time.VirtualClock;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What a keeper judges a dispatcher by: every refusal under its code, also those nobody meant, and the time. */
class HttpListenerTest {
    private final VirtualClock clock = new VirtualClock();
    private final PrometheusMetrics metrics = new PrometheusMetrics();
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpListener listener = HttpListener.bind("127.0.0.1", 0, 1, this::answer, clock, metrics);

    @AfterEach
    void close() {
        http.close();
        listener.close();
        metrics.close();
    }

    private CompletableFuture<Reply> answer(Request request) {
        clock.advance(Duration.ofMillis(30));
        return switch (request.path()) {
            case "/breaks" -> throw new IllegalStateException("on purpose");
            case "/fails" -> CompletableFuture.failedFuture(new IllegalStateException("on purpose"));
            case "/asked-badly" -> throw new BadRequest("path", request.path(), "another one");
            case "/busy" -> CompletableFuture.completedFuture(Reply.refused(request, 503, "no_rooms", "none", 1000));
            default -> CompletableFuture.completedFuture(new Reply(200, "", Reply.JSON, new byte[0], 0));
        };
    }

    @Test
    void countsRefusalsByTheirCode() throws Exception {
        assertThat(get("/good")).isEqualTo(200);
        assertThat(metrics.counts()).doesNotContainKey("dispatcher_refused_total{reason=}");

        assertThat(get("/breaks")).isEqualTo(500);
        assertThat(get("/fails")).isEqualTo(500);
        assertThat(get("/asked-badly")).isEqualTo(400);
        assertThat(get("/busy")).isEqualTo(503);

        assertThat(metrics.counts()).containsEntry("dispatcher_requests_total", 5L)
                .containsEntry("dispatcher_refused_total{reason=internal}", 2L)
                .containsEntry("dispatcher_refused_total{reason=bad_request}", 1L)
                .containsEntry("dispatcher_refused_total{reason=no_rooms}", 1L);
    }

    @Test
    void tellsHowLongAnAnswerTook() throws Exception {
        get("/good");

        var times = metrics.histogram(DispatcherMetric.REQUEST_TIME);
        assertThat(times.counts().get(times.bounds().indexOf(0.05))).isEqualTo(1);
    }

    private int get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listener.port() + path)).build(),
                BodyHandlers.discarding()).statusCode();
    }
}
