package io.longwire.center.face;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.longwire.center.refuse.Refused;
import io.longwire.center.rest.Answers;
import io.longwire.center.rest.Faults;

import org.jspecify.annotations.Nullable;

/** What the server itself refuses, as problems too: no such path, a call that took too long, a broken request. */
final class ServerFaults implements ServerErrorHandler {
    @Override
    public @Nullable HttpResponse onServiceException(ServiceRequestContext context, Throwable cause) {
        return Answers.problem(Faults.refused(context, cause), null);
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
        Refused refused = Faults.ofStatus(status, description);
        return AggregatedHttpResponse.of(Answers.problemHeaders(refused), HttpData.wrap(Answers.problemBody(refused)));
    }
}
