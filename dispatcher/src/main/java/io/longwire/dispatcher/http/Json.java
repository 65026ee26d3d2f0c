package io.longwire.dispatcher.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.longwire.device.dispatcher.DispatcherProblem;
import io.longwire.device.dispatcher.PublishedShareList;
import io.longwire.device.dispatcher.RegisterEndpoint;
import io.longwire.device.dispatcher.RegisteredEndpoint;
import io.longwire.device.dispatcher.RoomAddress;
import io.longwire.device.dispatcher.Rooms;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Iterator;
import java.util.Set;

/** The dispatcher's messages as JSON: the lite runtime that phones need has no JSON of its own. */
public final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    private static final Set<String> REGISTER_FIELDS = Set.of("app_key", "install_id", "package_name",
            "certificate_digest", "payload_key");

    private Json() {
    }

    /** Reads a registration; throws {@link BadRequest} that names the field. */
    public static RegisterEndpoint registerEndpoint(byte[] body) {
        JsonNode root = object(body);
        for (Iterator<String> names = root.fieldNames(); names.hasNext();) {
            String name = names.next();
            if (!REGISTER_FIELDS.contains(name)) {
                throw new BadRequest(name, "unknown field", "one of " + String.join(", ", REGISTER_FIELDS));
            }
        }
        return RegisterEndpoint.newBuilder().setAppKey(text(root, "app_key")).setInstallId(bytes(root, "install_id"))
                .setPackageName(text(root, "package_name")).setCertificateDigest(bytes(root, "certificate_digest"))
                .setPayloadKey(bytes(root, "payload_key")).build();
    }

    static byte[] of(MessageLite message) {
        var out = new ByteArrayOutputStream(512);
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            switch (message) {
                case RegisteredEndpoint endpoint -> write(json, endpoint);
                case Rooms rooms -> write(json, rooms);
                case PublishedShareList list -> write(json, list);
                case DispatcherProblem problem -> write(json, problem);
                default -> throw new IllegalArgumentException("no JSON form: " + message.getClass().getName());
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    private static void write(JsonGenerator json, RegisteredEndpoint endpoint) throws IOException {
        json.writeStringField("endpoint", endpoint.getEndpoint());
        json.writeNumberField("app_id", endpoint.getAppId());
        json.writeStringField("credential", Base64.getEncoder().encodeToString(endpoint.getCredential().toByteArray()));
        json.writeNumberField("expires_ms", endpoint.getExpiresMs());
        json.writeNumberField("server_time_ms", endpoint.getServerTimeMs());
        if (!endpoint.getPayloadKey().isEmpty()) {
            json.writeStringField("payload_key",
                    Base64.getEncoder().encodeToString(endpoint.getPayloadKey().toByteArray()));
        }
    }

    private static void write(JsonGenerator json, Rooms rooms) throws IOException {
        json.writeArrayFieldStart("rooms");
        for (RoomAddress room : rooms.getRoomsList()) {
            json.writeStartObject();
            json.writeStringField("host", room.getHost());
            json.writeNumberField("port", room.getPort());
            json.writeBooleanField("tls", room.getTls());
            json.writeStringField("idc", room.getIdc());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberField("ttl_s", rooms.getTtlS());
        json.writeObjectFieldStart("retry");
        json.writeNumberField("first_window_ms", rooms.getRetry().getFirstWindowMs());
        json.writeNumberField("base_ms", rooms.getRetry().getBaseMs());
        json.writeNumberField("cap_ms", rooms.getRetry().getCapMs());
        json.writeNumberField("ask_again_ms", rooms.getRetry().getAskAgainMs());
        json.writeEndObject();
        json.writeNumberField("server_time_ms", rooms.getServerTimeMs());
    }

    private static void write(JsonGenerator json, PublishedShareList list) throws IOException {
        json.writeStringField("signed", Base64.getEncoder().encodeToString(list.getSigned().toByteArray()));
        json.writeNumberField("server_time_ms", list.getServerTimeMs());
    }

    private static void write(JsonGenerator json, DispatcherProblem problem) throws IOException {
        json.writeStringField("type", "about:blank");
        json.writeNumberField("status", problem.getStatus());
        json.writeStringField("code", problem.getCode());
        json.writeStringField("detail", problem.getDetail());
        if (problem.getRetryAfterMs() > 0) {
            json.writeNumberField("retry_after_ms", problem.getRetryAfterMs());
        }
    }

    private static JsonNode object(byte[] body) {
        try {
            JsonNode root = MAPPER.readTree(body);
            if (root != null && root.isObject()) {
                return root;
            }
        } catch (IOException notJson) {
            throw new BadRequest("body", "not JSON", "a JSON object");
        }
        throw new BadRequest("body", "no object", "a JSON object");
    }

    private static String text(JsonNode root, String name) {
        JsonNode value = root.path(name);
        if (value.isMissingNode()) {
            return "";
        }
        if (!value.isTextual()) {
            throw new BadRequest(name, value, "a text");
        }
        return value.textValue();
    }

    private static ByteString bytes(JsonNode root, String name) {
        String text = text(root, name);
        try {
            return ByteString.copyFrom(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException notBase64) {
            throw new BadRequest(name, text, "base64");
        }
    }
}
