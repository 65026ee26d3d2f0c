package io.longwire.center.rest;

import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseCompleteException;
import com.linecorp.armeria.common.stream.AbortedStreamException;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.longwire.center.api.Problems;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import java.time.Duration;
import java.util.concurrent.CompletionException;

import org.jspecify.annotations.Nullable;

/** What the server itself throws, as refusals of ours. Static, any thread. */
public final class Faults {
    private static final Duration RETRY = Duration.ofSeconds(1);

    private Faults() {
    }

    /** The refusal for a failed call. A caller that went away is no fault of ours and is not logged. */
    public static Refused refused(ServiceRequestContext context, Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        return switch (cause) {
            case ContentTooLargeException large -> tooLarge(context);
            case HttpStatusException status when status.httpStatus().equals(HttpStatus.REQUEST_ENTITY_TOO_LARGE) ->
                tooLarge(context);
            case HttpStatusException status -> ofStatus(status.httpStatus(), null);
            case RequestTimeoutException late -> Refused.later(Why.TIMED_OUT, "call: no answer within "
                    + context.requestTimeoutMillis() + " ms (expected: one); what was to be stored may have been",
                    RETRY);
            case ResponseCompleteException gone -> cutOff();
            case ClosedStreamException gone -> cutOff();
            case AbortedStreamException gone -> cutOff();
            default -> Problems.refused(cause);
        };
    }

    /** The refusal for a status the server chose. */
    public static Refused ofStatus(HttpStatus status, @Nullable String description) {
        Why why = switch (status.code()) {
            case 404 -> Why.NO_SUCH_PATH;
            case 405 -> Why.METHOD_NOT_ALLOWED;
            case 413 -> Why.TOO_LARGE;
            case 503 -> Why.NOT_SERVING;
            default -> status.isServerError() ? Why.INTERNAL : Why.INVALID_ARGUMENT;
        };
        return Refused.because(why, "request: " + (description == null ? status.codeAsText() : description)
                + " (expected: what /docs shows)");
    }

    private static Refused tooLarge(ServiceRequestContext context) {
        return Refused.because(Why.TOO_LARGE,
                "body: larger (expected: at most " + context.maxRequestLength() + " bytes)");
    }

    private static Refused cutOff() {
        return Refused.because(Why.INVALID_ARGUMENT, "request: cut off (expected: all of it)");
    }
}
