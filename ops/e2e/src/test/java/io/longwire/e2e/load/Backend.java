package io.longwire.e2e.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.longwire.e2e.history.History;
import io.longwire.e2e.platform.Product;
import io.longwire.keeper.clock.Clock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A product's backend that keeps book: each send and its answer stand in the history. Any thread; calls block.
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
        history.sending(payload, endpoint);
        return again(payload, endpoint, key);
    }

    /** The same send once more, with its key. */
    public Outcome again(String payload, String endpoint, String key) {
        try {
            long began = Clock.system().millis();
            var response = http.send(request(payload, endpoint, key), BodyHandlers.ofString());
            int status = response.statusCode();
            if (status / 100 != 2 || Clock.system().millis() - began > SLOW_MILLIS) {
                LOG.info("{} after {} ms: {} {}", payload, Clock.system().millis() - began, status, response.body());
            }
            if (status / 100 == 2) {
                JsonNode reply = JSON.readTree(response.body());
                history.accepted(payload, reply.path("message_id").asText());
                return Outcome.ACCEPTED;
            }
            if (status / 100 == 4 && status != 429) {
                history.refused(payload);
                return Outcome.REFUSED;
            }
            return Outcome.UNKNOWN;
        } catch (IOException noAnswer) {
            return Outcome.UNKNOWN;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Outcome.UNKNOWN;
        }
    }

    private HttpRequest request(String payload, String endpoint, String key) {
        var body = JSON.createObjectNode();
        body.putObject("to").put("endpoint", endpoint);
        body.put("payload", Base64.getEncoder().encodeToString(payload.getBytes(StandardCharsets.UTF_8)));
        if (!key.isEmpty()) {
            body.put("idempotency_key", key);
        }
        return HttpRequest.newBuilder(URI.create(product.api() + "/v1/messages"))
                .header("Authorization", "Bearer " + product.apiKey()).header("Content-Type", "application/json")
                .timeout(PATIENCE).POST(BodyPublishers.ofString(body.toString())).build();
    }

    @Override
    public void close() {
        http.close();
    }
}
