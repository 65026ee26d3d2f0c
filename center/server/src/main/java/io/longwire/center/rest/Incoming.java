package io.longwire.center.rest;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.longwire.center.access.CallerAddress;
import io.longwire.center.api.Call;
import io.longwire.keeper.trace.Traceparent;

/**
 * What a request tells of its call: the key, where it comes from, how long it may take, which trace it is part of; the
 * same for both faces.
 *
 * @param addresses which header is believed from whom
 */
public record Incoming(CallerAddress addresses) {
    private static final String OPERATOR = "longwire-operator";
    private static final String APP = "longwire-app";
    private static final CharSequence TRACEPARENT = HttpHeaderNames.of(Traceparent.HEADER);

    public Call call(ServiceRequestContext context) {
        var headers = context.request().headers();
        String forwarded = String.join(",", headers.getAll(HttpHeaderNames.X_FORWARDED_FOR));
        return new Call(headers.get(HttpHeaderNames.AUTHORIZATION),
                addresses.of(context.remoteAddress().getAddress(), forwarded),
                time -> context.setRequestTimeout(TimeoutMode.SET_FROM_START, time))
                .says(new Call.Says(headers.get(OPERATOR, ""), headers.get(APP, ""),
                        context.method() + " " + context.path()))
                .traced(traceparent(headers));
    }

    // Two of them contradict each other: none counts.
    private static String traceparent(HttpHeaders headers) {
        String given = headers.get(TRACEPARENT);
        return given == null || headers.getAll(TRACEPARENT).size() > 1 ? "" : given;
    }
}
