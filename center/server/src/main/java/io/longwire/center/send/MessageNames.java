package io.longwire.center.send;

import io.longwire.center.refuse.Refused;
import io.longwire.device.id.InvalidIdException;
import io.longwire.device.id.MessageId;

/** Message ids as callers write them. Static, any thread. */
public final class MessageNames {
    private MessageNames() {
    }

    /** Throws {@link Refused} for what is no message id. */
    public static long id(String field, String text) {
        try {
            return MessageId.parse(text);
        } catch (InvalidIdException wrong) {
            throw Refused.invalid(field, text.isEmpty() ? "missing" : text, "13 characters of Crockford base 32");
        }
    }
}
