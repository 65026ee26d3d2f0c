package io.longwire.center.face;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.SimpleDecoratingHttpService;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Gives each call the time that is configured when it comes: the server itself knows only what it was started with. A
 * caller's own deadline, and a call that may take longer, are looked at behind this and count for more. Thread-safe.
 */
final class CallTime extends SimpleDecoratingHttpService {
    private final Supplier<Duration> time;

    CallTime(HttpService next, Supplier<Duration> time) {
        super(next);
        this.time = time;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext context, HttpRequest request) throws Exception {
        long millis = time.get().toMillis();
        if (context.requestTimeoutMillis() != millis) {
            context.setRequestTimeoutMillis(TimeoutMode.SET_FROM_START, millis);
        }
        return ((HttpService) unwrap()).serve(context, request);
    }
}
