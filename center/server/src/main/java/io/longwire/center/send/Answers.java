package io.longwire.center.send;

import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.rpc.saver.AppendResult;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/** What a saver's answer to an append means to a caller. Static, any thread. */
final class Answers {
    private static final String QUOTA = "quota: "; // begins the reason when the app has too much stored
    private static final String BLOCKED = "blocked: "; // begins the reason when nobody asked a saver
    private static final Duration QUOTA_RETRY = Duration.ofSeconds(30); // stored messages leave by acks and expiry

    private Answers() {
    }

    /** The refusal; null for ACCEPTED, DUPLICATE and STALE_ID, which are none. */
    static @Nullable Refused refusal(AppendResult answer, String field, String endpoint) {
        return switch (answer.getCode()) {
            case ACCEPTED, DUPLICATE, STALE_ID -> null;
            case UNAVAILABLE -> Asking.unavailable("saver: the message could not be stored");
            case BUSY -> Refused.later(Why.BUSY, "saver: too many messages at once (expected: fewer)",
                    Duration.ofMillis(Math.max(100, answer.getRetryAfterMs())));
            case KEY_CONFLICT -> conflict();
            case REJECTED -> rejected(answer.getReason(), field, endpoint);
            case NO_ENDPOINT -> Rules.unknownEndpoint(field, endpoint);
            case UNRECOGNIZED -> Refused.because(Why.INTERNAL, "saver: an answer of a later version");
        };
    }

    static Refused conflict() {
        return Refused.because(Why.IDEMPOTENCY_CONFLICT,
                "idempotency_key: used for another message (expected: the same body, or a new key)");
    }

    /** The answer of an endpoint that gets no messages; nothing was stored. */
    static AppendResult blocked(long messageId, String why) {
        return AppendResult.newBuilder().setCode(AppendResult.Code.REJECTED).setMessageId(messageId)
                .setReason(blocked(why)).build();
    }

    static boolean isBlocked(AppendResult answer) {
        return answer.getCode() == AppendResult.Code.REJECTED && answer.getReason().startsWith(BLOCKED);
    }

    /** The reason of a rejection for this. */
    static String blocked(String why) {
        return BLOCKED + why;
    }

    static Refused rejected(String reason, String field, String endpoint) {
        if (reason.startsWith(BLOCKED)) {
            return Refused.because(Why.BLOCKED,
                    field + ": " + endpoint + " (expected: one that is not " + reason.substring(BLOCKED.length())
                            + ")");
        }
        return reason.startsWith(QUOTA)
                ? Refused.later(Why.QUOTA_EXCEEDED, reason.substring(QUOTA.length()), QUOTA_RETRY)
                : Refused.because(Why.REJECTED,
                        field + ": " + endpoint + " (expected: one that takes messages; " + reason + ")");
    }
}
