package io.longwire.center.openapi;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * A value for each field, as it might stand in a call: by {@code Message.field}, then by the field's name, then by its
 * kind. Static, any thread.
 */
final class Examples {
    private static final String ENDPOINT = "ep_wqkbmr51tqt0f3gz6k7g";
    private static final String MESSAGE = "03897JM540400";
    static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final long TIME = 1_795_220_372_521L;
    private static final Map<String, Object> VALUES = new HashMap<>();

    static {
        text("endpoint", ENDPOINT).text("target", ENDPOINT).text("alias", "user-17").text("aliases", "user-17")
                .text("endpoints", ENDPOINT).text("payload", "aGk=").text("ttl", "24h").text("message_id", MESSAGE)
                .text("idempotency_key", "order-7").text("collapse_key", "score").text("replace", MESSAGE)
                .text("traceparent", TRACEPARENT)
                .text("not_before", "10m").text("low_window", "10m").text("schedule_id", "03897JM5Z0400")
                .text("collapsed", "03897JM530400").text("type", "urn:longwire:error:invalid_argument")
                .text("title", "The request breaks a rule").text("detail", "ttl: 40d (expected: 0s, or 1ms to 604800s)")
                .text("code", "invalid_argument").text("at", "2026-11-21T00:19:32.521Z").text("name", "news");
        text("payload_key", "ATlIz+CtHdtpXXgOWQdxldpsVlBrAnMpeUqwK8qAgVxNAAECAwQFBgcICQoLDA0ODw==");
        text("cron", "30 9 * * 1-5").text("zone", "Europe/Paris").text("until", "2027-01-31T09:30:00Z")
                .text("next_fire", "2026-11-23T08:30:00Z").text("label", "weekday digest").text("cursor", "")
                .text("add_tags", "beta").text("remove_tags", "trial").text("tags", "beta")
                .text("remove_attributes", "city").text("bind_aliases", "user-17").text("unbind_aliases", "user-16")
                .text("network", "10.0.0.0/8").text("devices", "all").text("ban_id", "17")
                .text("reason", "10 deliveries without an ack (expected: one within 10)").text("resent_as", MESSAGE)
                .text("room", "room-10.0.0.7-72e8soy2").text("registered", "active").text("app_running", "yes")
                .text("overflow", "drop_oldest").text("max_ttl", "7d").text("scopes", "send")
                .text("networks", "10.0.0.0/8").text("expires_in", "90d").text("key_id", "9f86d081884c7d65")
                .text("actor", "admin").text("action", "key.create").text("subject", "9f86d081884c7d65")
                .text("address", "10.0.0.9").text("from", "2026-11-21T00:00:00Z").text("to", "2026-11-21T01:00:00Z")
                .text("last_message_id", MESSAGE).text("last_problem", "");
        text("SendReply.status", "accepted").text("TargetResult.status", "accepted")
                .text("MessageTimeline.state", "waiting")
                .text("MessageTimeline.why", "endpoint offline since 2026-11-21T00:19:05.045Z (last seen); "
                        + "delivered when it connects")
                .text("MessageTimeline.reason_code", "offline").text("Milestone.name", "accepted")
                .text("HistoryItem.state", "acked").text("HistoryItem.reason_code", "acked")
                .text("ScheduleInfo.state", "active").text("ReceiptInfo.kind", "shown")
                .text("EndpointStatus.state", "online").text("KickEndpointReply.state", "kicked")
                .text("App.app_key", "ak_2_7ace72d42b3b920805cc1b5830768826")
                .text("ApiKey.key", "lw_XwdCXgy7nKiSfzEkodfxQNobg5FYKRbQMPOpvLb50ts").text("ApiKey.label", "backend")
                .text("CreateKeyRequest.label", "backend").text("KickEndpointRequest.reason", "account closed")
                .text("AuditEntry.detail", "label backend, scopes send");
        text("KickAliasRequest.reason", "password changed").text("KickConnectionRequest.reason", "drill")
                .text("KickedEndpoint.state", "kicked").text("CreateBanRequest.reason", "spam")
                .text("BanInfo.reason", "spam").text("BanInfo.state", "active");
        broadcasts();
        events();
        VALUES.put("set_attributes", Map.of("city", "Oslo"));
        VALUES.put("attributes", Map.of("city", "Oslo"));
        VALUES.put("MessageFunnel.ended", new TreeMap<>(Map.of("acked", 940, "expired", 12)));
        VALUES.put("MessageFunnel.receipts", new TreeMap<>(Map.of("delivered", 940, "shown", 811)));
        VALUES.put("Conservation.ended", new TreeMap<>(Map.of("acked", 99_120, "expired", 40)));
        VALUES.put("Problem.status", 400);
        VALUES.put("app_id", 2);
        VALUES.put("limit", 100);
        VALUES.put("sends_per_second", 1_000);
        VALUES.put("fan_out", 1_000);
        VALUES.put("retry_after_seconds", 60);
        VALUES.put("rows", 99_200);
        VALUES.put("live", 40);
    }

    private Examples() {
    }

    private static void events() {
        text("channel", "billing").text("event_id", "7-1795220372521-0").text("fin", "7-1795220372521-0")
                .text("url", "https://backend.example/events").text("secrets", "9f2c61d0b1e34a57c0ffee12")
                .text("secret_ids", "9f86d081").text("timeout", "10s").text("codec", "identity")
                .text("PullProblem.code", "not_in_flight")
                .text("PullProblem.text", "event_id: 7-1795220372521-0 (expected: one that is in flight)");
        for (String message : List.of("PollEventsRequest", "FinishEventsRequest", "PutCallbackRequest", "CallbackName",
                "CallbackInfo", "Event")) {
            text(message + ".type", "order");
        }
        text("PartStanding.part", "coordinator").text("instance", "coordinator-10.0.0.7-72e8soy2").text("problem", "")
                .text("QueueStanding.metric", "longwire_coordinator_keeping")
                .text("about", "Uplinks that wait for Redis.")
                .text("hits_metric", "longwire_coordinator_keeping_full_total");
        VALUES.put("held", 12);
        VALUES.put("QueueStanding.most", 4_000);
        VALUES.put("batch", 100);
        VALUES.put("max_attempts", 100);
        VALUES.put("concurrency", 8);
        VALUES.put("wait_ms", 10_000);
        VALUES.put("in_flight_ms", 60_000);
        VALUES.put("delay_ms", 5_000);
        VALUES.put("reply_until_ms", 0);
        text("Event.reply_to", "").text("reply_to", "AQAAAAIBI0VniavN7wAAAAAAAAApAAABmr9eEXAv2jZ0XK1vQ5mB0jJ4c1hR")
                .text("body", "aGk=").text("refuse", "").text("ReplyReply.state", "sent");
    }

    private static void broadcasts() {
        text("broadcast_id", "03897JM5B0400").text("duration", "30m").text("hold", "10m").text("tag", "beta")
                .text("topic", "weather").text("salt", "spring").text("os", "android").text("regions", "FR")
                .text("languages", "fr").text("Audience.networks", "wifi").text("values", "Oslo").text("revokes", "")
                .text("BroadcastInfo.state", "running").text("BroadcastInfo.stage", "all")
                .text("BroadcastInfo.reason", "").text("BroadcastInfo.label", "spring sale")
                .text("CreateBroadcastRequest.label", "spring sale").text("BroadcastInfo.schedule_id", "")
                .text("ControlBroadcastRequest.reason", "wrong text").text("Attribute.name", "city");
        text("list_id", "000000000000G").text("list", "").text("CreateBroadcastRequest.list", "")
                .text("ListInfo.state", "sealed").text("ListInfo.label", "spring buyers")
                .text("CreateListRequest.label", "spring buyers").text("CreateListRequest.ttl", "7d")
                .text("ListBadLine.value", "user-17").text("expected", "ep_ and 20 characters of Crockford base 32");
        VALUES.put("BroadcastCounts.failed", new TreeMap<>(Map.of("app_missing", 12)));
        VALUES.put("rate_per_second", 50_000);
        VALUES.put("BroadcastInfo.rate_per_second", 49_870.5);
        VALUES.put("percent", 5.0);
        VALUES.put("max_failed_percent", 2.0);
        VALUES.put("max_dropped_percent", 1.0);
        VALUES.put("below", 10.0);
        VALUES.put("eta_ms", 42_000);
        VALUES.put("walk_ms", 600_000);
    }

    /** Of one value of the field; null for a message, which is made of its fields' examples. */
    static @Nullable Object of(FieldDescriptor field) {
        Object known = VALUES.getOrDefault(field.getContainingType().getName() + "." + field.getName(),
                VALUES.get(field.getName()));
        if (known != null && (known instanceof Map) == field.isMapField()) {
            return known;
        }
        return switch (field.getJavaType()) {
            case STRING -> "text";
            case BYTE_STRING -> "aGk=";
            case INT, LONG -> field.getName().endsWith("_ms") ? TIME : 1L;
            case BOOLEAN -> false;
            case ENUM -> field.getEnumType().getValues().get(0).getName();
            case FLOAT, DOUBLE -> 1.5;
            case MESSAGE -> null;
        };
    }

    private static Builder text(String field, String value) {
        return new Builder().text(field, value);
    }

    /** Only to write them down in rows. */
    private static final class Builder {
        Builder text(String field, String value) {
            VALUES.put(field, value);
            return this;
        }
    }
}
