package io.longwire.center.face;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.longwire.center.api.Problems;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.center.rest.Answers;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/** What the server itself refuses, as problems too: no such path, a call that took too long, a broken request. */
final class ServerFaults implements ServerErrorHandler {
    @Override
    public @Nullable HttpResponse onServiceException(ServiceRequestContext context, Throwable cause) {
        if (cause instanceof RequestTimeoutException) {
            return Answers.problem(Refused.later(Why.TIMED_OUT, "call: no answer within "
                    + context.requestTimeoutMillis() + " ms (expected: one); what was to be stored may have been",
                    Duration.ofSeconds(1)), null);
        }
        return Answers.problem(Problems.refused(cause), null);
    }

    @Override
    public AggregatedHttpResponse onProtocolViolation(ServiceConfig config, @Nullable RequestHeaders headers,
            HttpStatus status, @Nullable String description, @Nullable Throwable cause) {
        return rendered(status, description);
    }

    @Override
    public AggregatedHttpResponse renderStatus(@Nullable ServiceRequestContext context, ServiceConfig config,
            @Nullable RequestHeaders headers, HttpStatus status, @Nullable String description,
            @Nullable Throwable cause) {
        return rendered(status, description);
    }

    private static AggregatedHttpResponse rendered(HttpStatus status, @Nullable String description) {
        Why why = switch (status.code()) {
            case 404 -> Why.NO_SUCH_PATH;
            case 405 -> Why.METHOD_NOT_ALLOWED;
            case 413 -> Why.TOO_LARGE;
            case 503 -> Why.NOT_SERVING;
            default -> status.isServerError() ? Why.INTERNAL : Why.INVALID_ARGUMENT;
        };
        Refused refused = Refused.because(why, "request: " + (description == null ? status.codeAsText() : description)
                + " (expected: what /docs shows)");
        return AggregatedHttpResponse.of(Answers.problemHeaders(refused), HttpData.wrap(Answers.problemBody(refused)));
    }
}
