package io.longwire.keeper.server.console.center;

import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.server.console.fetch.Fetch;
import io.longwire.keeper.server.console.metric.ConsoleMetric;
import io.longwire.keeper.server.console.web.Refusal;
import io.longwire.keeper.server.console.web.Refusal.Why;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls center's REST face with the operator's key, telling it who the person is. Any center that is not draining is
 * asked; one that does not take the connection is followed by the next. Thread-safe; blocks for 15 s at most, and 2 s
 * for each that cannot be reached.
 */
public final class CenterDoor implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int MOST_BYTES = 16 << 20;

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT).followRedirects(HttpClient.Redirect.NEVER).build();
    private final AtomicInteger turn = new AtomicInteger();
    private final Cluster cluster;
    private final AdminKey key;
    private final Metrics metrics;

    public CenterDoor(Cluster cluster, AdminKey key, Metrics metrics) {
        this.cluster = cluster;
        this.key = key;
        this.metrics = metrics;
    }

    /**
     * One call.
     *
     * @param path with its query, from "/v1/" on, encoded
     * @param body empty = none
     * @param origin "name@address" of who is signed in
     * @param app the app to work within; empty = none
     */
    public record Call(String method, String path, byte[] body, String origin, String app) {
    }

    /** Center's answer, whatever its status. Throws {@link Refusal} UNAVAILABLE when there is none. */
    public HttpResponse<byte[]> call(Call call) throws InterruptedException {
        String text = key.text();
        List<Member> centers = cluster.members("center").list().stream()
                .filter(center -> !center.draining() && center.attributes().containsKey("api")).toList();
        int first = turn.getAndIncrement();
        for (int i = 0; i < centers.size(); i++) {
            Member center = centers.get(Math.floorMod(first + i, centers.size()));
            try {
                HttpResponse<byte[]> answer = Fetch.whole(http,
                        request(call, center.attributes().getOrDefault("api", ""), text), PATIENCE, MOST_BYTES);
                metrics.counter(ConsoleMetric.CENTER_CALLS, "status", answer.statusCode() / 100 + "xx").increment();
                return answer;
            } catch (ConnectException | HttpConnectTimeoutException notTaken) {
                metrics.counter(ConsoleMetric.CENTER_CALLS, "status", "unreachable").increment();
            } catch (IOException broken) {
                metrics.counter(ConsoleMetric.CENTER_CALLS, "status", "broken").increment();
                throw Refusal.later(Why.UNAVAILABLE, "center: " + center.instance() + " did not answer ("
                        + broken.getMessage() + ")", Duration.ofSeconds(2));
            }
        }
        throw Refusal.later(Why.UNAVAILABLE, "center: none of " + centers.size() + " takes calls (expected: one)",
                Duration.ofSeconds(2));
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private static HttpRequest request(Call call, String api, String key) {
        var request = HttpRequest.newBuilder(URI.create("http://" + api + call.path))
                .header("Authorization", "Bearer " + key).header("Longwire-Operator", call.origin)
                .method(call.method,
                        call.body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(call.body));
        return call.app.isEmpty() ? request.build() : request.header("Longwire-App", call.app).build();
    }
}
