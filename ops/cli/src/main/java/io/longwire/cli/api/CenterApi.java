package io.longwire.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** Center's REST API with one key. Thread-safe; every call blocks for at most 10 s and throws {@link ApiFailure}. */
public final class CenterApi implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE).build();
    private final String base;
    private final String key;

    /** @param base "http://host:port" */
    public CenterApi(String base, String key) {
        this.base = base;
        this.key = key;
    }

    /** What the SDK needs to know of an app. */
    public record App(int appId, String name, String appKey) {
    }

    public App createApp(String name) {
        JsonNode app = post("/v1/apps", JSON.createObjectNode().put("name", name).put("idempotency_key", name));
        return new App(app.path("app_id").asInt(), app.path("name").asText(), app.path("app_key").asText());
    }

    /** A new API key of the app, in clear: it is in this answer and nowhere else. */
    public String createKey(int appId, String label) {
        ObjectNode body = JSON.createObjectNode().put("label", label);
        return post("/v1/apps/" + appId + "/keys", body).path("key").asText();
    }

    /** Sends one DURABLE message and returns its id; accepted means kept. */
    public String send(String endpoint, byte[] payload, String ttl) {
        ObjectNode body = JSON.createObjectNode();
        body.putObject("to").put("endpoint", endpoint);
        body.put("payload", Base64.getEncoder().encodeToString(payload)).put("ttl", ttl);
        return post("/v1/messages", body).path("message_id").asText();
    }

    /** Where a message is, and why. */
    public Timeline timeline(String messageId, String endpoint) {
        return Timeline.of(get("/v1/messages/" + messageId + "/endpoints/" + endpoint));
    }

    /** "online", "offline" or "unknown", with what else center tells. */
    public JsonNode endpoint(String endpoint) {
        return get("/v1/endpoints/" + endpoint);
    }

    /** A message's way. */
    public record Timeline(String messageId, String endpoint, String state, String why, List<Milestone> milestones) {
        /** One stamp on the way, in unix milliseconds. */
        public record Milestone(String name, long atMillis) {
        }

        static Timeline of(JsonNode json) {
            var milestones = new java.util.ArrayList<Milestone>();
            for (JsonNode stone : json.path("milestones")) {
                milestones.add(new Milestone(stone.path("name").asText(), stone.path("at_ms").asLong()));
            }
            return new Timeline(json.path("message_id").asText(), json.path("endpoint").asText(),
                    json.path("state").asText(), json.path("why").asText(), List.copyOf(milestones));
        }

        public boolean ended() {
            return !state.equals("waiting");
        }
    }

    private JsonNode get(String path) {
        return call(HttpRequest.newBuilder(URI.create(base + path)).GET());
    }

    private JsonNode post(String path, ObjectNode body) {
        return call(HttpRequest.newBuilder(URI.create(base + path)).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString())));
    }

    private JsonNode call(HttpRequest.Builder request) {
        try {
            var response = http.send(request.header("Authorization", "Bearer " + key).timeout(PATIENCE).build(),
                    BodyHandlers.ofString());
            JsonNode json = JSON.readTree(response.body());
            if (response.statusCode() / 100 != 2) {
                throw new ApiFailure(response.statusCode(), json.path("detail").asText(response.body()) + " ["
                        + response.statusCode() + " " + json.path("code").asText("") + "]");
            }
            return json;
        } catch (IOException noAnswer) {
            throw new ApiFailure(0, base + ": no answer (expected: a running center; " + noAnswer.getMessage() + ")");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new ApiFailure(0, "interrupted");
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
