package io.longwire.e2e.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.longwire.e2e.history.History;
import io.longwire.e2e.load.Tally.Kind;
import io.longwire.e2e.platform.Product;
import io.longwire.keeper.clock.Clock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A product's backend that keeps book: each send, each revoke and its answer stand in the history. Any thread; calls
 * block.
 */
public final class Backend implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Logger LOG = LoggerFactory.getLogger(Backend.class);
    private static final long SLOW_MILLIS = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2)).build();
    private final Product product;
    private final History history;

    public Backend(Product product, History history) {
        this.product = product;
        this.history = history;
    }

    /** How a try ended for the caller. */
    public enum Outcome {
        ACCEPTED,
        /** Told that it was not taken, and why. */
        REFUSED,
        /** Nobody can say, or it may be tried again. */
        UNKNOWN
    }

    /**
     * One try.
     *
     * @param key idempotency key; empty = none
     */
    public Outcome send(String payload, String endpoint, String key) {
        return send(Order.of(payload, endpoint, key));
    }

    /** One try. */
    public Outcome send(Order order) {
        order.endpoints().forEach(endpoint -> history.sending(order.payload(), endpoint, order.collapseKey()));
        return again(order);
    }

    /** The same send once more, with its key. */
    public Outcome again(Order order) {
        HttpResponse<String> answer = post(order.payload(), order.path(), order.body());
        if (answer == null) {
            return Outcome.UNKNOWN;
        }
        int status = answer.statusCode();
        if (status / 100 == 2) {
            return taken(order, read(answer));
        }
        if (status / 100 == 4 && status != 429) {
            history.refused(order.payload());
            return Outcome.REFUSED;
        }
        return Outcome.UNKNOWN;
    }

    /** Takes a message to one back. */
    public Outcome revoke(String payload, String endpoint) {
        String id = history.id(payload);
        history.revoking(payload);
        HttpResponse<String> answer = post("revoke of " + payload, "/v1/messages/" + id + ":revoke",
                JSON.createObjectNode().put("endpoint", endpoint).toString());
        if (answer == null || answer.statusCode() != 200) {
            return Outcome.UNKNOWN;
        }
        JsonNode reply = read(answer);
        if (reply.path("pending").asInt() + reply.path("sent").asInt() > 0) {
            history.revoked(payload);
            return Outcome.ACCEPTED;
        }
        return Outcome.REFUSED;
    }

    private Outcome taken(Order order, JsonNode reply) {
        if (order.kind() == Kind.TRANSIENT) { // promised to nobody: in the history its fate stays unknown
            return Outcome.ACCEPTED;
        }
        if (order.scheduled()) {
            history.scheduled(order.payload(), reply.path("schedule_id").asText());
            return Outcome.ACCEPTED;
        }
        String id = reply.path("message_id").asText();
        // A repeated list is a duplicate when none of its targets may do better; phones do best.
        if (!order.list() || reply.path("duplicate").asBoolean()) {
            history.accepted(order.payload(), id);
            return Outcome.ACCEPTED;
        }
        int accepted = 0;
        for (JsonNode target : reply.path("results")) {
            if (target.path("status").asText().equals("accepted")) {
                history.accepted(order.payload(), target.path("endpoint").asText(), id);
                accepted++;
            }
        }
        return accepted == order.endpoints().size() ? Outcome.ACCEPTED : Outcome.UNKNOWN;
    }

    private @Nullable HttpResponse<String> post(String what, String path, String body) {
        try {
            long began = Clock.system().millis();
            var answer = http.send(HttpRequest.newBuilder(URI.create(product.api() + path))
                    .header("Authorization", "Bearer " + product.apiKey()).header("Content-Type", "application/json")
                    .timeout(PATIENCE).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2 || Clock.system().millis() - began > SLOW_MILLIS) {
                LOG.info("{} after {} ms: {} {}", what, Clock.system().millis() - began, answer.statusCode(),
                        answer.body());
            }
            return answer;
        } catch (IOException noAnswer) {
            return null;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private static JsonNode read(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException broken) {
            throw new IllegalStateException("answer: " + answer.body() + " (expected: JSON)", broken);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
