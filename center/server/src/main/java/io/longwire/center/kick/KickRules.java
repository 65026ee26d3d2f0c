package io.longwire.center.kick;

import io.longwire.center.refuse.Refused;
import io.longwire.device.Code;
import io.longwire.room.client.KickOrder;

/** What a kick may say. Pure. */
final class KickRules {
    /** The longest wait that a phone believes; who must stay away for longer is banned. */
    static final int MAX_RETRY_AFTER_SECONDS = 3_600;
    static final int MAX_REASON = 256;

    private KickRules() {
    }

    /** Throws {@link Refused} for the first rule that is broken. */
    static KickOrder order(String reason, int retryAfterSeconds, boolean connection) {
        if (retryAfterSeconds < 0 || retryAfterSeconds > MAX_RETRY_AFTER_SECONDS) {
            throw Refused.invalid("retry_after_seconds", Integer.toUnsignedString(retryAfterSeconds),
                    "0 to " + MAX_RETRY_AFTER_SECONDS + "; a ban lasts longer");
        }
        if (reason.length() > MAX_REASON) {
            throw Refused.invalid("reason", reason.length() + " characters", "at most " + MAX_REASON);
        }
        if (reason.chars().anyMatch(Character::isISOControl)) {
            throw Refused.invalid("reason", reason, "no control characters");
        }
        return new KickOrder(Code.KICKED, retryAfterSeconds * 1000, reason, connection);
    }
}
