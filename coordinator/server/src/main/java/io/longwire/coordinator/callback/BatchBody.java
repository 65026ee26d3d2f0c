package io.longwire.coordinator.callback;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.longwire.rpc.coordinator.Event;
import io.longwire.rpc.coordinator.PollReply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.List;

/**
 * A request's body: just what a poll over REST answers, whatever fields an event has. The names are those of the
 * .proto, every field stands there, set or not, but for messages and {@code optional} ones that are not set. Static,
 * any thread.
 */
final class BatchBody {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int USUAL_BYTES = 512;

    private BatchBody() {
    }

    static byte[] of(List<Event> events) {
        var out = new ByteArrayOutputStream(USUAL_BYTES * events.size());
        try (JsonGenerator json = JSON.createGenerator(out)) {
            object(json, PollReply.newBuilder().addAllEvents(events).build());
        } catch (IOException impossible) {
            throw new IllegalStateException("memory could not be written", impossible);
        }
        return out.toByteArray();
    }

    private static void object(JsonGenerator json, Message message) throws IOException {
        json.writeStartObject();
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (field.isRepeated()) {
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
            case FLOAT, DOUBLE -> throw new IllegalStateException(field.getFullName() + ": no scalar events have");
        }
    }
}
