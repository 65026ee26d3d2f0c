package io.longwire.e2e.rest;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** The JSON of one send, field by field. Mutable; for one thread. */
public final class Mail {
    private static final JsonMapper JSON = new JsonMapper();

    private final ObjectNode body = JSON.createObjectNode();

    private Mail() {
    }

    public static Mail to(String endpoint) {
        var mail = new Mail();
        mail.body.putObject("to").put("endpoint", endpoint);
        return mail;
    }

    public static Mail toAlias(String alias) {
        var mail = new Mail();
        mail.body.putObject("to").put("alias", alias);
        return mail;
    }

    public static Mail toAll(List<String> endpoints) {
        var mail = new Mail();
        var list = mail.body.putObject("to").putArray("endpoints");
        endpoints.forEach(list::add);
        return mail;
    }

    public Mail text(String payload) {
        return bytes(payload.getBytes(StandardCharsets.UTF_8));
    }

    public Mail bytes(byte[] payload) {
        return with("payload", Base64.getEncoder().encodeToString(payload));
    }

    /** Any field of the request. */
    public Mail with(String field, String value) {
        body.put(field, value);
        return this;
    }

    /** Any field of the request. */
    public Mail with(String field, boolean value) {
        body.put(field, value);
        return this;
    }

    /** For those who put it into something larger. */
    public ObjectNode json() {
        return body.deepCopy();
    }
}
