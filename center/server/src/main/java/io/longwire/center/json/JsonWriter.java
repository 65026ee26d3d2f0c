package io.longwire.center.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Message;
import io.longwire.rpc.audience.Audience;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * Writes a message as JSON with the field names of the .proto. Every field stands in the answer, set or not, so
 * that its shape never changes; only messages and {@code optional} fields that are not set are left out, and of an
 * audience, which is an expression, all that was not given. Maps are
 * objects, sorted by key. Whole numbers are JSON numbers: the
 * API has none above 2^53. A number that is none (NaN, infinite) is null. Thread-safe.
 */
public final class JsonWriter {
    private static final JsonFactory JSON = new JsonFactory();
    private static final FileDescriptor EXPRESSIONS = Audience.getDescriptor().getFile();
    private static final int USUAL_BYTES = 256;

    private JsonWriter() {
    }

    public static byte[] bytes(Message message) {
        var out = new ByteArrayOutputStream(USUAL_BYTES);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            object(json, message);
        } catch (IOException impossible) {
            throw new IllegalStateException("memory could not be written", impossible);
        }
        return out.toByteArray();
    }

    private static void object(JsonGenerator json, Message message) throws IOException {
        json.writeStartObject();
        boolean expression = message.getDescriptorForType().getFile().equals(EXPRESSIONS);
        Collection<FieldDescriptor> fields = expression
                ? message.getAllFields().keySet()
                : message.getDescriptorForType().getFields();
        for (FieldDescriptor field : fields) {
            if (field.isMapField()) {
                map(json, field, (List<?>) message.getField(field));
            } else if (field.isRepeated()) {
                json.writeArrayFieldStart(field.getName());
                for (Object element : (List<?>) message.getField(field)) {
                    value(json, field, element);
                }
                json.writeEndArray();
            } else if (!field.hasPresence() || message.hasField(field)) {
                json.writeFieldName(field.getName());
                value(json, field, message.getField(field));
            }
        }
        json.writeEndObject();
    }

    private static void map(JsonGenerator json, FieldDescriptor field, List<?> entries) throws IOException {
        FieldDescriptor key = field.getMessageType().findFieldByName("key");
        FieldDescriptor value = field.getMessageType().findFieldByName("value");
        var sorted = new TreeMap<String, Object>();
        for (Object entry : entries) {
            sorted.put(((Message) entry).getField(key).toString(), ((Message) entry).getField(value));
        }
        json.writeObjectFieldStart(field.getName());
        for (var entry : sorted.entrySet()) {
            json.writeFieldName(entry.getKey());
            value(json, value, entry.getValue());
        }
        json.writeEndObject();
    }

    private static void value(JsonGenerator json, FieldDescriptor field, Object value) throws IOException {
        switch (field.getJavaType()) {
            case STRING -> json.writeString((String) value);
            case BYTE_STRING -> json.writeString(
                    Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
            case INT -> json.writeNumber(Integer.toUnsignedLong((Integer) value));
            case LONG -> json.writeNumber((Long) value);
            case BOOLEAN -> json.writeBoolean((Boolean) value);
            case ENUM -> json.writeString(((EnumValueDescriptor) value).getName());
            case MESSAGE -> object(json, (Message) value);
            case DOUBLE -> decimal(json, (Double) value);
            case FLOAT -> throw new IllegalStateException(field.getFullName() + ": no scalar this API has");
        }
    }

    private static void decimal(JsonGenerator json, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeNull();
        }
    }
}
