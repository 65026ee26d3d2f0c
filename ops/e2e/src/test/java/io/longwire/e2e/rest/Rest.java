package io.longwire.e2e.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Center's REST face with one key. An answer is an answer, whatever its status; none within 10 s is an exception. */
public final class Rest implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE).build();
    private final String base;
    private final String key;

    public Rest(String base, String key) {
        this.base = base;
        this.key = key;
    }

    public Answer get(String path) {
        return call(HttpRequest.newBuilder(URI.create(base + path)).GET());
    }

    public Answer delete(String path) {
        return call(HttpRequest.newBuilder(URI.create(base + path)).DELETE());
    }

    public Answer post(String path, String json) {
        return call(HttpRequest.newBuilder(URI.create(base + path)).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json)));
    }

    public Answer send(Mail mail) {
        return post("/v1/messages", mail.json().toString());
    }

    /** With the caller's W3C trace context. */
    public Answer send(Mail mail, String traceparent) {
        return call(HttpRequest.newBuilder(URI.create(base + "/v1/messages")).header("traceparent", traceparent)
                .POST(BodyPublishers.ofString(mail.json().toString())));
    }

    /** Several different messages in one call. */
    public Answer sendBatch(Mail... mails) {
        ObjectNode body = JSON.createObjectNode();
        var list = body.putArray("messages");
        for (Mail mail : mails) {
            list.add(mail.json());
        }
        return post("/v1/messages:batch", body.toString());
    }

    /** Where a message is, and why. */
    public Answer timeline(String messageId, String endpoint) {
        return get("/v1/messages/" + messageId + "/endpoints/" + endpoint);
    }

    /** Whether an endpoint is online, and what waits for it. */
    public Answer endpoint(String endpoint) {
        return get("/v1/endpoints/" + endpoint).ok();
    }

    /** In which state a message is, "waiting" or how it ended. */
    public String state(String messageId, String endpoint) {
        return timeline(messageId, endpoint).ok().text("state");
    }

    private Answer call(HttpRequest.Builder request) {
        try {
            var response = http.send(request.header("Authorization", "Bearer " + key).timeout(PATIENCE).build(),
                    BodyHandlers.ofString());
            JsonNode body = JSON.readTree(response.body());
            return new Answer(response.statusCode(), body, response.headers());
        } catch (IOException none) {
            throw new UncheckedIOException(base + ": no answer", none);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
