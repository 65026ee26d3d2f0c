package io.longwire.center.send;

import io.longwire.center.access.EndpointNames;
import io.longwire.center.access.KeyText;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.device.Limits;
import io.longwire.device.v1.Priority;
import io.longwire.device.v1.PushKind;
import io.longwire.keeper.config.Units;
import io.longwire.keeper.trace.Traceparent;
import io.longwire.rpc.center.MessageClass;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.Idempotency;
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
    /** Of HPKE: the encapsulated key and the tag. */
    private static final int SEALED_LEAST = 48;

    private static final int MAX_LOW_SECONDS = 24 * 3600;
    private static final int MIN_LOW_SECONDS = 30;
    /** Of a LOW message without a window of its own. */
    static final int LOW_SECONDS = 600;

    private final EndpointNames endpoints;

    public Rules(EndpointNames endpoints) {
        this.endpoints = endpoints;
    }

    /** A request that may be sent: what, and to whom. */
    record Checked(Draft draft, Targets targets) {
    }

    /** The endpoint that this app means; one that was never given to it is refused without a lookup. */
    public long endpoint(String name, String text, int appId) {
        return endpoints.id(name, text, appId);
    }

    /** The one text of the endpoint, however a caller spelt it. */
    public String endpointText(int appId, long endpointId) {
        return endpoints.text(appId, endpointId);
    }

    /** The refusal of an endpoint that this app does not have. */
    public static Refused unknownEndpoint(String name, String text) {
        return EndpointNames.unknown(name, text);
    }

    /** The request with its targets. Throws {@link Refused} for the first rule it breaks. */
    Checked check(SendRequest request, AppRecord app) {
        if (!request.hasTo()) {
            throw Refused.invalid("to", "missing", "{\"endpoint\": \"ep_...\"}");
        }
        Targets targets = Targets.of(request.getTo(), app, endpoints);
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
        var options = new Draft.Options(request.getClass_() == MessageClass.FAST && ttlMillis > 0,
                request.getCollapseKeyBytes(), replaces(request), lowWindow(request), PushKind.KIND_DATA,
                Traceparent.parse(request.getTraceparent()), sealed(request, targets));
        var draft = new Draft(app.getAppId(), request.getPayload(), ttlMillis, priority(request), options, null);
        return new Checked(draft.with(idempotency(request, draft, targets)), targets);
    }

    private static boolean sealed(SendRequest request, Targets targets) {
        return switch (request.getEncryption()) {
            case PLAIN -> false;
            case HPKE -> {
                if (!targets.one()) {
                    throw Refused.invalid("encryption", "HPKE",
                            "PLAIN, or to.endpoint: a payload is sealed for one endpoint");
                }
                if (request.getPayload().size() < SEALED_LEAST) {
                    throw Refused.invalid("payload", request.getPayload().size() + " bytes",
                            "at least " + SEALED_LEAST + " with encryption HPKE");
                }
                yield true;
            }
            case UNRECOGNIZED -> throw Refused.invalid("encryption", request.getEncryptionValue(), "PLAIN or HPKE");
        };
    }

    private static long replaces(SendRequest request) {
        return request.getReplace().isEmpty() ? 0 : MessageNames.id("replace", request.getReplace());
    }

    private static int lowWindow(SendRequest request) {
        String text = request.getLowWindow();
        boolean low = request.getPriority() == io.longwire.rpc.center.Priority.LOW;
        if (text.isEmpty()) {
            return low ? LOW_SECONDS : 0;
        }
        if (!low) {
            throw Refused.invalid("low_window", text, "none, unless the priority is LOW");
        }
        Duration window = text.length() > MAX_TTL_TEXT ? null : Units.duration(text);
        if (window == null || window.toSeconds() < MIN_LOW_SECONDS || window.toSeconds() > MAX_LOW_SECONDS) {
            throw Refused.invalid("low_window", text, "30s to 24h");
        }
        return (int) window.toSeconds();
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

    /** The longest time to live that the app may give. */
    public static Duration cap(AppRecord app) {
        Duration own = app.getMaxTtlSeconds() == 0 ? APP_TTL : Duration.ofSeconds(app.getMaxTtlSeconds());
        return own.compareTo(MAX_TTL) > 0 ? MAX_TTL : own;
    }

    private static @Nullable Idempotency idempotency(SendRequest request, Draft draft, Targets targets) {
        String key = request.getIdempotencyKey();
        if (key.isEmpty()) {
            return null;
        }
        if (key.length() > IDEMPOTENCY_KEY_CHARS) {
            throw Refused.invalid("idempotency_key", key.length() + " characters",
                    "at most " + IDEMPOTENCY_KEY_CHARS);
        }
        if (draft.isTransient()) {
            throw Refused.invalid("idempotency_key", key, "none with a TRANSIENT message: nothing of it is kept");
        }
        return Idempotency.newBuilder().setKeyHash(KeyText.hash(key)).setBodyHash(BodyHash.of(draft, targets))
                .build();
    }
}
