package io.longwire.center.broadcast;

import com.google.protobuf.ByteString;
import io.longwire.center.access.KeyText;
import io.longwire.center.list.Lists;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.center.send.Rules;
import io.longwire.device.Limits;
import io.longwire.device.id.InvalidIdException;
import io.longwire.device.id.MessageId;
import io.longwire.keeper.config.Units;
import io.longwire.room.client.audience.CompiledAudience;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.center.BroadcastCanary;
import io.longwire.rpc.center.BroadcastPace;
import io.longwire.rpc.center.CreateBroadcastRequest;
import io.longwire.rpc.center.Priority;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Canary;
import io.longwire.rpc.saver.Idempotency;
import io.longwire.rpc.saver.Pace;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/** What a broadcast must be like. Each throws {@link Refused} for the first rule that is broken. Pure. */
final class BroadcastRules {
    private static final int LABEL_CHARS = 120;
    private static final int REASON_CHARS = 256;
    private static final int MAX_RATE = 10_000_000;
    private static final int MAX_DURATION_TEXT = 12;
    private static final Duration LONGEST_WALK = Duration.ofHours(24);
    private static final Duration LONGEST_HOLD = Duration.ofDays(7);
    private static final Duration LEAST_TTL = Duration.ofMinutes(1);
    private static final double LEAST_SHARE = 0.01;
    private static final double MOST_SHARE = 99.99;

    private BroadcastRules() {
    }

    /** The broadcast without id, times and envelope. */
    static Broadcast.Builder check(CreateBroadcastRequest request, AppRecord app) {
        int size = request.getPayload().size();
        if (size > Limits.PAYLOAD_BYTES) {
            throw Refused.because(Why.TOO_LARGE,
                    "payload: " + size + " bytes (expected: at most " + Limits.PAYLOAD_BYTES + ")");
        }
        int collapse = request.getCollapseKeyBytes().size();
        if (collapse > Limits.COLLAPSE_KEY_BYTES) {
            throw Refused.invalid("collapse_key", collapse + " bytes", "at most " + Limits.COLLAPSE_KEY_BYTES);
        }
        if (request.getPriority() == Priority.UNRECOGNIZED) {
            throw Refused.invalid("priority", request.getPriorityValue(), "NORMAL, HIGH or LOW");
        }
        if (!request.getList().isEmpty()) {
            list(request);
        }
        audience(request.getAudience());
        var made = Broadcast.newBuilder().setAppId(app.getAppId()).setAudience(request.getAudience())
                .setPace(pace(request.getPace())).setStage(request.hasCanary() ? 0 : 1)
                .setLabel(text("label", request.getLabel(), LABEL_CHARS));
        if (request.hasCanary()) {
            made.setCanary(canary(request.getCanary()));
        }
        Idempotency key = idempotency(request);
        return key == null ? made : made.setIdempotency(key);
    }

    /** Milliseconds that it lives. */
    static long ttlMillis(CreateBroadcastRequest request, AppRecord app) {
        Duration cap = Rules.cap(app);
        if (request.getTtl().isEmpty()) {
            return Math.min(Rules.DEFAULT_TTL.toMillis(), cap.toMillis());
        }
        return duration("ttl", request.getTtl(), LEAST_TTL, cap).toMillis();
    }

    static Pace pace(BroadcastPace pace) {
        if (pace.getRatePerSecond() != 0 && !pace.getDuration().isEmpty()) {
            throw Refused.invalid("pace", "rate_per_second and duration", "one of them");
        }
        if (pace.getRatePerSecond() < 0 || pace.getRatePerSecond() > MAX_RATE) {
            throw Refused.invalid("pace.rate_per_second", Integer.toUnsignedString(pace.getRatePerSecond()),
                    "1 to " + MAX_RATE + ", or none");
        }
        var made = Pace.newBuilder().setRatePerSecond(pace.getRatePerSecond());
        return pace.getDuration().isEmpty()
                ? made.build()
                : made.setDurationS((int) duration("pace.duration", pace.getDuration(), Duration.ofSeconds(1),
                        LONGEST_WALK).toSeconds()).build();
    }

    /** What a caller says, for people. */
    static String reason(String reason) {
        return text("reason", reason, REASON_CHARS);
    }

    static long id(String text) {
        try {
            return MessageId.parse(text);
        } catch (InvalidIdException wrong) {
            throw Refused.invalid("broadcast_id", text.isEmpty() ? "missing" : text,
                    "13 characters of Crockford base 32");
        }
    }

    // That it exists is asked of the savers when it is sent.
    private static void list(CreateBroadcastRequest request) {
        if (request.hasAudience()) {
            throw Refused.invalid("audience", "with list", "one of them");
        }
        if (request.hasCanary()) {
            throw Refused.invalid("canary", "with list", "none: a list has no canary");
        }
        Lists.id(request.getList());
    }

    private static void audience(Audience audience) {
        try {
            CompiledAudience.compile(audience);
        } catch (IllegalArgumentException wrong) {
            throw Refused.because(Why.INVALID_ARGUMENT, String.valueOf(wrong.getMessage()));
        }
    }

    private static Canary canary(BroadcastCanary canary) {
        double percent = canary.getPercent();
        if (!(percent >= LEAST_SHARE && percent <= MOST_SHARE)) {
            throw Refused.invalid("canary.percent", percent, LEAST_SHARE + " to " + MOST_SHARE);
        }
        if (canary.getWait() && !canary.getHold().isEmpty()) {
            throw Refused.invalid("canary.hold", canary.getHold(), "none with wait");
        }
        Duration hold = canary.getHold().isEmpty()
                ? Duration.ZERO
                : duration("canary.hold", canary.getHold(), Duration.ZERO, LONGEST_HOLD);
        return Canary.newBuilder().setPercent(percent).setHoldS((int) hold.toSeconds()).setWait(canary.getWait())
                .setMaxFailedPercent(percent("canary.max_failed_percent", canary.getMaxFailedPercent()))
                .setMaxDroppedPercent(percent("canary.max_dropped_percent", canary.getMaxDroppedPercent()))
                .setMaxCallbackErrorPercent(
                        percent("canary.max_callback_error_percent", canary.getMaxCallbackErrorPercent()))
                .build();
    }

    private static double percent(String field, double value) {
        if (!(value >= 0 && value <= 100)) {
            throw Refused.invalid(field, value, "0 to 100");
        }
        return value;
    }

    private static @Nullable Idempotency idempotency(CreateBroadcastRequest request) {
        String key = request.getIdempotencyKey();
        if (key.isEmpty()) {
            return null;
        }
        if (key.length() > Rules.IDEMPOTENCY_KEY_CHARS) {
            throw Refused.invalid("idempotency_key", key.length() + " characters",
                    "at most " + Rules.IDEMPOTENCY_KEY_CHARS);
        }
        byte[] body = request.toBuilder().clearIdempotencyKey().build().toByteArray();
        return Idempotency.newBuilder().setKeyHash(KeyText.hash("broadcast:" + key))
                .setBodyHash(ByteString.copyFrom(KeyText.sha256().digest(body))).build();
    }

    private static Duration duration(String field, String text, Duration least, Duration most) {
        Duration time = text.length() > MAX_DURATION_TEXT ? null : Units.duration(text);
        if (time == null || time.compareTo(least) < 0 || time.compareTo(most) > 0) {
            throw Refused.invalid(field, text, least.toSeconds() + "s to " + most.toSeconds()
                    + "s, such as 90s, 15m, 24h");
        }
        return time;
    }

    private static String text(String field, String value, int most) {
        if (value.length() > most || value.chars().anyMatch(Character::isISOControl)) {
            throw Refused.invalid(field, value, "at most " + most + " characters, no control characters");
        }
        return value;
    }
}
