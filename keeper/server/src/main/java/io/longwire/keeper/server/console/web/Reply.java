package io.longwire.keeper.server.console.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a request is answered: all at once, or as a stream of events. */
public sealed interface Reply {
    /** An answer of one piece. */
    record Whole(int status, String type, byte[] body, Map<String, String> headers) implements Reply {
        public Whole {
            headers = Map.copyOf(headers);
        }

        /** The same with one header more. */
        public Whole with(String name, String value) {
            var more = new LinkedHashMap<>(headers);
            more.put(name, value);
            return new Whole(status, type, body, more);
        }
    }

    /** Events, until the work returns, the browser goes, or the session is over, which interrupts the work. */
    record Events(Work work) implements Reply {
    }

    /** Writes events; runs on the request's own virtual thread. */
    @FunctionalInterface
    interface Work {
        void run(EventStream out) throws Exception;
    }

    static Whole json(JsonNode body) {
        return new Whole(200, "application/json", Json.bytes(body), Map.of());
    }

    static Whole json(int status, byte[] body) {
        return new Whole(status, status < 400 ? "application/json" : "application/problem+json", body, Map.of());
    }

    static Whole file(String type, byte[] body, String etag) {
        return new Whole(200, type, body, Map.of("ETag", etag, "Cache-Control", "no-cache"));
    }

    static Whole unchanged(String etag) {
        return new Whole(304, "", new byte[0], Map.of("ETag", etag, "Cache-Control", "no-cache"));
    }

    static Whole problem(Refusal refusal) {
        Whole reply = new Whole(refusal.why().status(), "application/problem+json", Json.problem(refusal), Map.of());
        long seconds = (refusal.retryAfterMillis() + 999) / 1000;
        return seconds == 0 ? reply : reply.with("Retry-After", Long.toString(seconds));
    }
}
