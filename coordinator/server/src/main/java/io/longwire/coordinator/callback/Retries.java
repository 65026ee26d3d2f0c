package io.longwire.coordinator.callback;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The events that a backend's answer wants again: {@code {"retry": [{"event_id": "...", "delay_ms": 1000}]}}. Other
 * fields say nothing; these must be what they are meant to be. Static, any thread.
 */
final class Retries {
    static final long MAX_DELAY_MILLIS = 3_600_000;

    private static final JsonFactory JSON = new JsonFactory();

    private Retries() {
    }

    /** Milliseconds by event id. Throws IOException for what cannot be read so. */
    static Map<String, Long> read(byte[] body) throws IOException {
        var again = new HashMap<String, Long>();
        try (JsonParser in = JSON.createParser(body)) {
            expect(in.nextToken(), JsonToken.START_OBJECT);
            while (in.nextToken() != JsonToken.END_OBJECT) {
                String name = in.currentName();
                JsonToken value = in.nextToken();
                if (name.equals("retry") && value != JsonToken.VALUE_NULL) {
                    expect(value, JsonToken.START_ARRAY);
                    while (in.nextToken() != JsonToken.END_ARRAY) {
                        one(in, again);
                    }
                } else {
                    in.skipChildren();
                }
            }
            expect(in.nextToken(), null);
        }
        return again;
    }

    private static void one(JsonParser in, Map<String, Long> again) throws IOException {
        expect(in.currentToken(), JsonToken.START_OBJECT);
        String id = "";
        long delay = 0;
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            JsonToken value = in.nextToken();
            if (name.equals("event_id")) {
                expect(value, JsonToken.VALUE_STRING);
                id = in.getText();
            } else if (name.equals("delay_ms")) {
                expect(value, JsonToken.VALUE_NUMBER_INT);
                delay = Math.clamp(in.getLongValue(), 0, MAX_DELAY_MILLIS);
            } else {
                in.skipChildren();
            }
        }
        if (id.isEmpty()) {
            throw new IOException("event_id: missing (expected: in each of retry)");
        }
        again.put(id, delay);
    }

    private static void expect(@Nullable JsonToken found, @Nullable JsonToken wanted) throws IOException {
        if (found != wanted) {
            throw new IOException("token: " + found + " (expected: " + wanted + ")");
        }
    }
}
