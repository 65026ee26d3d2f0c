package io.longwire.e2e.load;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longwire.e2e.load.Tally.Kind;
import io.longwire.e2e.rest.Mail;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * One send, as it may be asked for again and again.
 *
 * @param gone named in the same request beside them; they take nothing
 * @param key idempotency key; empty = none, and it must not be asked for twice
 * @param collapseKey empty = none
 * @param how its class; empty = DURABLE
 * @param atMillis when it is to be sent, unix ms; 0 = now
 */
public record Order(String payload, List<String> endpoints, List<String> gone, String key, String collapseKey,
        String how, long atMillis) {
    private static final JsonMapper JSON = new JsonMapper();

    /** To one, now. */
    public static Order of(String payload, String endpoint, String key) {
        return new Order(payload, List.of(endpoint), List.of(), key, "", "", 0);
    }

    /** With this collapse key. */
    public Order collapsing(String other) {
        return new Order(payload, endpoints, gone, key, other, how, atMillis);
    }

    /** To several in one request. */
    public Order to(List<String> several) {
        return new Order(payload, several, gone, key, collapseKey, how, atMillis);
    }

    /** With these named first, who take nothing. */
    public Order beside(List<String> others) {
        return new Order(payload, endpoints, others, key, collapseKey, how, atMillis);
    }

    /** Sent by a schedule. */
    public Order at(long unixMillis) {
        return new Order(payload, endpoints, gone, key, collapseKey, how, unixMillis);
    }

    /** Kept by two nodes of Redis before the answer; DURABLE where there is one. */
    public Order fast() {
        return new Order(payload, endpoints, gone, key, collapseKey, "FAST", atMillis);
    }

    /** Not kept, so without a key: it may be asked for once. */
    public Order once() {
        return new Order(payload, endpoints, gone, "", collapseKey, "TRANSIENT", atMillis);
    }

    Kind kind() {
        if (scheduled()) {
            return Kind.SCHEDULE;
        }
        if (list()) {
            return gone.isEmpty() ? Kind.FEW : Kind.LONG_LIST;
        }
        if (!how.isEmpty()) {
            return Kind.valueOf(how);
        }
        return collapseKey.isEmpty() ? Kind.PLAIN : Kind.COLLAPSE;
    }

    /** Answered for each of its targets. */
    boolean list() {
        return targets().size() > 1;
    }

    private List<String> targets() {
        return Stream.concat(gone.stream(), endpoints.stream()).toList();
    }

    boolean scheduled() {
        return atMillis > 0;
    }

    String path() {
        return scheduled() ? "/v1/schedules" : "/v1/messages";
    }

    String body() {
        var mail = list() ? Mail.toAll(targets()) : Mail.to(endpoints.getFirst());
        mail.text(payload);
        if (!collapseKey.isEmpty()) {
            mail.with("collapse_key", collapseKey);
        }
        if (!how.isEmpty()) {
            mail.with("class", how);
        }
        ObjectNode body = mail.json();
        if (scheduled()) {
            ObjectNode message = body;
            body = JSON.createObjectNode().put("at", Instant.ofEpochMilli(atMillis).toString());
            body.set("message", message);
        }
        if (!key.isEmpty()) {
            body.put("idempotency_key", key);
        }
        return body.toString();
    }
}
