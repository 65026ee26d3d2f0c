package io.longwire.center.send;

import com.google.protobuf.ByteString;
import io.longwire.center.access.KeyText;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.device.Limits;
import io.longwire.device.id.EndpointId;
import io.longwire.device.id.InvalidIdException;
import io.longwire.device.v1.Priority;
import io.longwire.keeper.config.Units;
import io.longwire.rpc.center.MessageClass;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.Idempotency;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/** What a message must be like. Pure, any thread. */
public final class Rules {
    /** Time to live of a message that names none. */
    public static final Duration DEFAULT_TTL = Duration.ofDays(1);
    /** The cap of an app that has none of its own. */
    public static final Duration APP_TTL = Duration.ofDays(7);
    /** No app's cap is higher. */
    public static final Duration MAX_TTL = Duration.ofDays(30);
    public static final int IDEMPOTENCY_KEY_CHARS = 128;

    private static final int MAX_TTL_TEXT = 12;

    private final EndpointId endpoints;

    public Rules(EndpointId endpoints) {
        this.endpoints = endpoints;
    }

    /** The endpoint that this app means; one that was never given to it is refused without a lookup. */
    public long endpoint(String name, String text, int appId) {
        if (text.isEmpty()) {
            throw Refused.invalid(name, "missing", "ep_ and 20 characters");
        }
        try {
            return endpoints.parse(appId, text);
        } catch (InvalidIdException wrong) {
            throw wrong.reason() == InvalidIdException.Reason.TAG
                    ? unknownEndpoint(name, text)
                    : Refused.invalid(name, text, "ep_ and 20 characters of Crockford base 32");
        }
    }

    /** The refusal of an endpoint that this app does not have. */
    public static Refused unknownEndpoint(String name, String text) {
        return Refused.because(Why.UNKNOWN_ENDPOINT,
                name + ": " + Refused.shown(text) + " (expected: an endpoint of this app)");
    }

    /** The request as a draft. Throws {@link Refused} for the first rule it breaks. */
    Draft check(SendRequest request, AppRecord app) {
        int appId = app.getAppId();
        if (!request.hasTo()) {
            throw Refused.invalid("to", "missing", "{\"endpoint\": \"ep_...\"}");
        }
        long endpointId = endpoint("to.endpoint", request.getTo().getEndpoint(), appId);
        int size = request.getPayload().size();
        if (size > Limits.PAYLOAD_BYTES) {
            throw Refused.because(Why.TOO_LARGE,
                    "payload: " + size + " bytes (expected: at most " + Limits.PAYLOAD_BYTES + ")");
        }
        long ttlMillis = ttlMillis(request, app);
        int collapse = request.getCollapseKeyBytes().size();
        if (collapse > Limits.COLLAPSE_KEY_BYTES) {
            throw Refused.invalid("collapse_key", collapse + " bytes", "at most " + Limits.COLLAPSE_KEY_BYTES);
        }
        return new Draft(appId, endpointId, request.getTo().getEndpoint(), request.getPayload(), ttlMillis,
                priority(request), request.getCollapseKey(), idempotency(request, endpointId, ttlMillis));
    }

    private static Priority priority(SendRequest request) {
        return switch (request.getPriority()) {
            case NORMAL -> Priority.PRIORITY_NORMAL;
            case HIGH -> Priority.PRIORITY_HIGH;
            case LOW -> Priority.PRIORITY_LOW;
            case UNRECOGNIZED -> throw Refused.invalid("priority", request.getPriorityValue(), "NORMAL, HIGH or LOW");
        };
    }

    private static long ttlMillis(SendRequest request, AppRecord app) {
        if (request.getClass_() == MessageClass.UNRECOGNIZED) {
            throw Refused.invalid("class", request.getClass_Value(), "DURABLE, FAST or TRANSIENT");
        }
        boolean isTransient = request.getClass_() == MessageClass.TRANSIENT;
        String text = request.getTtl();
        if (text.isEmpty()) {
            return isTransient ? 0 : Math.min(DEFAULT_TTL.toMillis(), cap(app).toMillis());
        }
        Duration cap = cap(app);
        Duration ttl = text.length() > MAX_TTL_TEXT ? null : Units.duration(text);
        if (ttl == null || ttl.compareTo(cap) > 0 || (!ttl.isZero() && ttl.toMillis() == 0)) {
            throw Refused.invalid("ttl", text, "0s, or 1ms to " + cap.toSeconds() + "s, such as 90s, 15m, 24h, 7d");
        }
        if (isTransient && !ttl.isZero()) {
            throw Refused.invalid("ttl", text, "0s or none with class TRANSIENT");
        }
        return ttl.toMillis();
    }

    private static Duration cap(AppRecord app) {
        Duration own = app.getMaxTtlSeconds() == 0 ? APP_TTL : Duration.ofSeconds(app.getMaxTtlSeconds());
        return own.compareTo(MAX_TTL) > 0 ? MAX_TTL : own;
    }

    private static @Nullable Idempotency idempotency(SendRequest request, long endpointId, long ttlMillis) {
        String key = request.getIdempotencyKey();
        if (key.isEmpty()) {
            return null;
        }
        if (key.length() > IDEMPOTENCY_KEY_CHARS) {
            throw Refused.invalid("idempotency_key", key.length() + " characters",
                    "at most " + IDEMPOTENCY_KEY_CHARS);
        }
        if (ttlMillis == 0) {
            throw Refused.invalid("idempotency_key", key, "none with a TRANSIENT message: nothing of it is kept");
        }
        return Idempotency.newBuilder().setKeyHash(KeyText.hash(key))
                .setBodyHash(bodyHash(request, endpointId, ttlMillis)).build();
    }

    // What makes two requests the same message: not how its ttl or endpoint was spelt.
    private static ByteString bodyHash(SendRequest request, long endpointId, long ttlMillis) {
        MessageDigest digest = KeyText.sha256();
        byte[] collapse = request.getCollapseKey().getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(26).put((byte) 1).putLong(endpointId).putLong(ttlMillis)
                .put((byte) request.getPriorityValue()).putInt(request.getPayload().size()).putInt(collapse.length)
                .flip());
        request.getPayload().asReadOnlyByteBufferList().forEach(digest::update);
        return ByteString.copyFrom(digest.digest(collapse));
    }
}
