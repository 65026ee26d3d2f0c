package io.longwire.center.rest;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.longwire.center.CenterMetric;
import io.longwire.center.api.Call;
import io.longwire.center.api.Calls;
import io.longwire.center.json.JsonReader;
import io.longwire.center.json.JsonValues;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Everything under {@code /v1}: finds the call of a path and method, makes its request from path, query and body, and
 * writes its answer. The content type of a body is not looked at: it is JSON, whatever curl calls it. Thread-safe.
 */
public final class RestFace implements HttpService {
    private final List<HttpRule> rules;
    private final Calls calls;
    private final Incoming incoming;
    private final Clock clock;
    private final Metrics metrics;

    public RestFace(List<HttpRule> rules, Calls calls, Incoming incoming, Clock clock, Metrics metrics) {
        this.rules = List.copyOf(rules);
        this.calls = calls;
        this.incoming = incoming;
        this.clock = clock;
        this.metrics = metrics;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
        long started = clock.nanos();
        var call = incoming.call(context);
        return HttpResponse.of(request.aggregate(context.eventLoop()).thenCompose(whole -> answer(context, call, whole))
                .handle((answer, failure) -> {
                    metrics.timer(CenterMetric.CALL_TIME).record(Duration.ofNanos(clock.nanos() - started));
                    return failure == null ? Answers.ok(answer, call.quota()) : refused(context, failure, call);
                }));
    }

    private CompletableFuture<? extends Message> answer(ServiceRequestContext context, Call call,
            AggregatedHttpRequest request) {
        String path = context.path();
        boolean otherMethod = false;
        for (HttpRule rule : rules) {
            List<String> values = rule.match(path);
            if (values != null && rule.method().equals(request.method().name())) {
                return call(rule, values, call, context.queryParams(), request);
            }
            otherMethod |= values != null;
        }
        throw otherMethod
                ? Refused.because(Why.METHOD_NOT_ALLOWED, "method: " + request.method() + " (expected: another one)")
                : Refused.because(Why.NO_SUCH_PATH, "path: " + Refused.shown(path) + " (expected: one of /docs)");
    }

    private CompletableFuture<? extends Message> call(HttpRule rule, List<String> values, Call call,
            QueryParams query, AggregatedHttpRequest request) {
        metrics.counter(CenterMetric.CALLS, "call", rule.call()).increment();
        Message.Builder into = calls.empty(rule.call()).newBuilderForType();
        for (int i = 0; i < values.size(); i++) {
            FieldDescriptor field = rule.variables().get(i);
            into.setField(field, JsonValues.parse(values.get(i), field));
        }
        query(query, into, rule);
        body(request, into, rule);
        return calls.answer(rule.call(), call, into.build());
    }

    private static void query(QueryParams query, Message.Builder into, HttpRule rule) {
        for (String name : query.names()) {
            FieldDescriptor field = into.getDescriptorForType().findFieldByName(name);
            if (rule.hasBody() || field == null || rule.variables().contains(field)) {
                throw Refused.invalid("query", name, "no such parameter");
            }
            List<String> values = query.getAll(name);
            if (values.size() > 1 && !field.isRepeated()) {
                throw Refused.invalid(name, "given twice", "once");
            }
            for (String value : values) {
                Object parsed = JsonValues.parse(value, field);
                if (field.isRepeated()) {
                    into.addRepeatedField(field, parsed);
                } else {
                    into.setField(field, parsed);
                }
            }
        }
    }

    // A call that is named by its path alone may come without a body.
    private static void body(AggregatedHttpRequest request, Message.Builder into, HttpRule rule) {
        if (request.content().isEmpty() && (!rule.hasBody() || !rule.variables().isEmpty())) {
            return;
        }
        if (!rule.hasBody()) {
            throw Refused.invalid("body", request.content().length() + " bytes", "none");
        }
        JsonReader.read(request.content().toInputStream(), into);
    }

    private HttpResponse refused(ServiceRequestContext context, Throwable failure, Call call) {
        Refused refused = Faults.refused(context, failure);
        metrics.counter(CenterMetric.REFUSED, "code", refused.why().code()).increment();
        return Answers.problem(refused, call.quota());
    }
}
