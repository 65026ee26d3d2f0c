package io.longwire.keeper.server.console.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Locale;

/** JSON as the console speaks it. Static, any thread. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    private static final String TYPE = "urn:longwire:error:";

    private Json() {
    }

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    public static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException("json", broken);
        }
    }

    /** Throws {@link Refusal} for what is no JSON object. */
    public static ObjectNode read(byte[] body) {
        try {
            if (MAPPER.readTree(body) instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException wrong) {
            throw Refusal.because(Refusal.Why.INVALID_ARGUMENT, "body: not JSON (expected: a JSON object)");
        }
        throw Refusal.because(Refusal.Why.INVALID_ARGUMENT, "body: no object (expected: a JSON object)");
    }

    /** A text of an object. Throws {@link Refusal} if it is missing or none. */
    public static String text(ObjectNode object, String name) {
        JsonNode value = object.get(name);
        if (value == null || !value.isTextual()) {
            throw Refusal.invalid(name, value == null ? "missing" : value.toString(), "a text");
        }
        return value.textValue();
    }

    static byte[] problem(Refusal refusal) {
        String code = refusal.why().name().toLowerCase(Locale.ROOT);
        return bytes(object().put("type", TYPE + code).put("title", refusal.why().title())
                .put("status", refusal.why().status()).put("detail", refusal.detail()).put("code", code)
                .put("retry_after_ms", refusal.retryAfterMillis()));
    }
}
