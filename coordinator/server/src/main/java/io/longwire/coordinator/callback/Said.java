package io.longwire.coordinator.callback;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a backend's answer says of the events it was sent: which it wants again, {@code {"retry": [{"event_id": "...",
 * "delay_ms": 1000}]}}, and what it answers to requests, {@code {"replies": [{"event_id": "...", "body": "BASE64"}]}},
 * or {@code "refuse": "why"} in place of the body. Other fields say nothing; these must be what they are meant to be.
 *
 * @param again milliseconds by event id
 */
record Said(Map<String, Long> again, List<Reply> replies) {
    static final long MAX_DELAY_MILLIS = 3_600_000;
    static final Said NOTHING = new Said(Map.of(), List.of());

    private static final JsonFactory JSON = new JsonFactory();

    /** The answer to one request. */
    record Reply(String eventId, ByteString body, String refuse) {
    }

    Said {
        again = Map.copyOf(again);
        replies = List.copyOf(replies);
    }

    /** Throws IOException for what cannot be read so. */
    static Said read(byte[] body) throws IOException {
        var again = new HashMap<String, Long>();
        var replies = new ArrayList<Reply>();
        try (JsonParser in = JSON.createParser(body)) {
            expect(in.nextToken(), JsonToken.START_OBJECT);
            while (in.nextToken() != JsonToken.END_OBJECT) {
                String name = in.currentName();
                JsonToken value = in.nextToken();
                boolean ours = name.equals("retry") || name.equals("replies");
                if (!ours || value == JsonToken.VALUE_NULL) {
                    in.skipChildren();
                    continue;
                }
                expect(value, JsonToken.START_ARRAY);
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    if (name.equals("retry")) {
                        one(in, again);
                    } else {
                        replies.add(reply(in));
                    }
                }
            }
            expect(in.nextToken(), null);
        }
        return new Said(again, replies);
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
        again.put(named(id), delay);
    }

    private static Reply reply(JsonParser in) throws IOException {
        expect(in.currentToken(), JsonToken.START_OBJECT);
        String id = "";
        String refuse = "";
        ByteString body = ByteString.EMPTY;
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            JsonToken value = in.nextToken();
            switch (name) {
                case "event_id" -> {
                    expect(value, JsonToken.VALUE_STRING);
                    id = in.getText();
                }
                case "body" -> {
                    expect(value, JsonToken.VALUE_STRING);
                    body = ByteString.copyFrom(in.getBinaryValue());
                }
                case "refuse" -> {
                    expect(value, JsonToken.VALUE_STRING);
                    refuse = in.getText();
                }
                default -> in.skipChildren();
            }
        }
        return new Reply(named(id), body, refuse);
    }

    private static String named(String id) throws IOException {
        if (id.isEmpty()) {
            throw new IOException("event_id: missing (expected: in each of retry and replies)");
        }
        return id;
    }

    private static void expect(@Nullable JsonToken found, @Nullable JsonToken wanted) throws IOException {
        if (found != wanted) {
            throw new IOException("token: " + found + " (expected: " + wanted + ")");
        }
    }
}
