package io.longwire.keeper.server.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** What a browser does: keeps the cookie, sends the token that the page was told. */
final class Browser implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE).build();
    private final String console;
    private String cookie = "";
    private String csrf = "";

    /** An answer and its JSON. */
    record Answer(HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        String code() {
            return json().path("code").asText();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        JsonNode json() {
            try {
                return JSON.readTree(response.body());
            } catch (IOException none) {
                throw new UncheckedIOException(response.body(), none);
            }
        }
    }

    Browser(String console) {
        this.console = console;
    }

    Answer signIn(String name, String password) {
        Answer answer = ask("POST", "/api/sign-in",
                JSON.createObjectNode().put("name", name).put("password", password).toString(), Map.of());
        if (answer.status() == 200) {
            cookie = answer.header("Set-Cookie").split(";", 2)[0];
            csrf = answer.json().path("csrf").asText();
        }
        return answer;
    }

    String cookie() {
        return cookie;
    }

    Answer get(String path) {
        return ask("GET", path, "", Map.of());
    }

    Answer post(String path, String json) {
        return ask("POST", path, json, Map.of("X-Longwire-Csrf", csrf));
    }

    Answer delete(String path) {
        return ask("DELETE", path, "", Map.of("X-Longwire-Csrf", csrf));
    }

    /** With these headers beside the cookie, and no token unless it is among them. */
    Answer ask(String method, String path, String body, Map<String, String> headers) {
        var request = HttpRequest.newBuilder(URI.create(console + path)).timeout(PATIENCE).method(method,
                body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!headers.containsKey("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::header);
        if (!cookie.isEmpty()) {
            request.header("Cookie", "other=1; " + cookie);
        }
        try {
            return new Answer(http.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException none) {
            throw new UncheckedIOException(console + path, none);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    String csrf() {
        return csrf;
    }

    @Override
    public void close() {
        http.close();
    }
}
