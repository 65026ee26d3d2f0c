package io.longwire.center.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.longwire.center.refuse.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads a JSON object into a message, and refuses what it does not understand, naming the place, the value and the
 * rule: {@code messages[3].payload: "@@" (expected: base64)}. Field names are those of the .proto or their
 * camelCase; unknown and repeated ones are errors, null means absent. Thread-safe.
 */
public final class JsonReader {
    private static final int MAX_DEPTH = 32;
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH + 1).build()).build();
    private static final Map<Descriptor, Map<String, FieldDescriptor>> FIELDS = new ConcurrentHashMap<>();

    private JsonReader() {
    }

    /** Fills the builder from one JSON object. Throws {@link Refused} INVALID_ARGUMENT. */
    public static void read(InputStream body, Message.Builder into) {
        try (JsonParser in = JSON.createParser(body)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw Refused.invalid("body", in.currentToken() == null ? "empty" : JsonValues.kind(in),
                        "a JSON object");
            }
            object(in, into, "");
            if (in.nextToken() != null) {
                throw Refused.invalid("body", "more after its end", "one JSON object");
            }
        } catch (JsonProcessingException malformed) {
            var at = malformed.getLocation();
            throw Refused.invalid("body", malformed.getOriginalMessage(),
                    "JSON; line " + at.getLineNr() + ", column " + at.getColumnNr());
        } catch (IOException impossible) {
            throw new IllegalStateException("a body in memory could not be read", impossible);
        }
    }

    private static void object(JsonParser in, Message.Builder into, String path) throws IOException {
        depth(in, path);
        Map<String, FieldDescriptor> fields = fields(into.getDescriptorForType());
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            FieldDescriptor field = fields.get(name);
            String at = path.isEmpty() ? Refused.shown(name) : path + "." + Refused.shown(name);
            if (field == null) {
                throw Refused.invalid(at, "unknown field", "one of " + names(into.getDescriptorForType()));
            }
            if (in.nextToken() == JsonToken.VALUE_NULL) {
                continue;
            }
            if (isSet(into, field)) {
                throw Refused.invalid(at, "given twice", "once");
            }
            if (field.isMapField()) {
                map(in, into, field, at);
            } else if (field.isRepeated()) {
                array(in, into, field, at);
            } else {
                into.setField(field, value(in, into, field, at));
            }
        }
    }

    private static void array(JsonParser in, Message.Builder into, FieldDescriptor field, String at)
            throws IOException {
        if (in.currentToken() != JsonToken.START_ARRAY) {
            throw Refused.invalid(at, JsonValues.kind(in), "a list");
        }
        depth(in, at);
        int index = 0;
        while (in.nextToken() != JsonToken.END_ARRAY) {
            into.addRepeatedField(field, value(in, into, field, at + "[" + index++ + "]"));
        }
    }

    private static void map(JsonParser in, Message.Builder into, FieldDescriptor field, String at)
            throws IOException {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            throw Refused.invalid(at, JsonValues.kind(in), "an object");
        }
        FieldDescriptor key = field.getMessageType().findFieldByName("key");
        FieldDescriptor value = field.getMessageType().findFieldByName("value");
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            in.nextToken();
            Message.Builder entry = into.newBuilderForField(field);
            entry.setField(key, JsonValues.parse(name, key))
                    .setField(value, value(in, entry, value, at + "." + Refused.shown(name)));
            into.addRepeatedField(field, entry.build());
        }
    }

    private static Object value(JsonParser in, Message.Builder into, FieldDescriptor field, String at)
            throws IOException {
        if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
            return JsonValues.scalar(in, field, at);
        }
        if (in.currentToken() != JsonToken.START_OBJECT) {
            throw Refused.invalid(at, JsonValues.kind(in), "an object");
        }
        Message.Builder nested = into.newBuilderForField(field);
        object(in, nested, at);
        return nested.build();
    }

    // Messages may contain themselves; the parser's own bound is one level further, where nobody gets.
    private static void depth(JsonParser in, String at) {
        int levels = in.getParsingContext().getNestingDepth();
        if (levels > MAX_DEPTH) {
            throw Refused.invalid(at, levels + " levels", "at most " + MAX_DEPTH);
        }
    }

    // The same field by both of its names, or already taken from the path.
    private static boolean isSet(Message.Builder into, FieldDescriptor field) {
        return field.isRepeated()
                ? into.getRepeatedFieldCount(field) > 0
                : field.hasPresence() ? into.hasField(field) : !into.getField(field).equals(field.getDefaultValue());
    }

    private static Map<String, FieldDescriptor> fields(Descriptor type) {
        Map<String, FieldDescriptor> known = FIELDS.get(type);
        return known != null ? known : FIELDS.computeIfAbsent(type, JsonReader::named);
    }

    private static Map<String, FieldDescriptor> named(Descriptor type) {
        var named = new HashMap<String, FieldDescriptor>();
        for (FieldDescriptor field : type.getFields()) {
            named.put(field.getJsonName(), field);
            named.put(field.getName(), field);
        }
        return Map.copyOf(named);
    }

    private static String names(Descriptor type) {
        return String.join(", ", type.getFields().stream().map(FieldDescriptor::getName).toList());
    }
}
