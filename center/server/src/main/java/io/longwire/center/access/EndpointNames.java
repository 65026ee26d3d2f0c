package io.longwire.center.access;

import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.device.id.EndpointId;
import io.longwire.device.id.InvalidIdException;

/** Endpoint ids as callers write them. One that was never given to an app is refused without a lookup. Pure. */
public record EndpointNames(EndpointId ids) {

    /** The endpoint. Throws {@link Refused}: INVALID_ARGUMENT, or UNKNOWN_ENDPOINT for one of another app. */
    public long id(String field, String text, int appId) {
        if (text.isEmpty()) {
            throw Refused.invalid(field, "missing", "ep_ and 20 characters");
        }
        try {
            return ids.parse(appId, text);
        } catch (InvalidIdException wrong) {
            throw wrong.reason() == InvalidIdException.Reason.TAG
                    ? unknown(field, text)
                    : Refused.invalid(field, text, "ep_ and 20 characters of Crockford base 32");
        }
    }

    /** As {@link #id} reads it. */
    public String text(int appId, long endpointId) {
        return ids.text(appId, endpointId);
    }

    /** The refusal of an endpoint that this app does not have. */
    public static Refused unknown(String field, String text) {
        return Refused.because(Why.UNKNOWN_ENDPOINT,
                field + ": " + Refused.shown(text) + " (expected: an endpoint of this app)");
    }
}
