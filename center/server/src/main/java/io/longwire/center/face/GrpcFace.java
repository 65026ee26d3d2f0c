package io.longwire.center.face;

import com.google.protobuf.Message;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.longwire.center.CenterMetric;
import io.longwire.center.access.Quota;
import io.longwire.center.api.Calls;
import io.longwire.center.api.Problems;
import io.longwire.center.refuse.Refused;
import io.longwire.center.rest.Answers;
import io.longwire.center.rest.Incoming;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.center.CenterGrpc;
import java.time.Duration;

/** The calls over gRPC. Thread-safe, never blocks. */
final class GrpcFace {
    private final Calls calls;
    private final Incoming incoming;
    private final Clock clock;
    private final Metrics metrics;

    GrpcFace(Calls calls, Incoming incoming, Clock clock, Metrics metrics) {
        this.calls = calls;
        this.incoming = incoming;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Every call of the service. */
    ServerServiceDefinition service() {
        var service = ServerServiceDefinition.builder(CenterGrpc.getServiceDescriptor());
        CenterGrpc.getServiceDescriptor().getMethods().forEach(method -> add(service, method));
        return service.build();
    }

    @SuppressWarnings("unchecked") // the marshallers of this service make messages, and take the answers of its calls
    private void add(ServerServiceDefinition.Builder service, MethodDescriptor<?, ?> method) {
        var typed = (MethodDescriptor<Message, Message>) method;
        String name = String.valueOf(method.getBareMethodName());
        service.addMethod(typed, typed.getType() == MethodDescriptor.MethodType.SERVER_STREAMING
                ? ServerCalls.asyncServerStreamingCall((request, answers) -> stream(name, request, answers))
                : ServerCalls.asyncUnaryCall((request, answer) -> answer(name, request, answer)));
    }

    // It takes as long as it takes; the timer of calls does not know it.
    private void stream(String name, Message request, StreamObserver<Message> answers) {
        metrics.counter(CenterMetric.CALLS, "call", name).increment();
        var context = ServiceRequestContext.current();
        context.clearRequestTimeout();
        var caller = new StreamCaller((ServerCallStreamObserver<Message>) answers, metrics);
        caller.gone(calls.stream(name, incoming.call(context), request, caller));
    }

    private void answer(String name, Message request, StreamObserver<Message> answer) {
        long started = clock.nanos();
        metrics.counter(CenterMetric.CALLS, "call", name).increment();
        var context = ServiceRequestContext.current();
        var call = incoming.call(context);
        calls.answer(name, call, request).whenComplete((reply, failure) -> {
            Quota quota = call.quota();
            if (quota != null) {
                Answers.quota(quota, context::setAdditionalResponseHeader);
            }
            metrics.timer(CenterMetric.CALL_TIME).record(Duration.ofNanos(clock.nanos() - started));
            if (failure == null) {
                answer.onNext(reply);
                answer.onCompleted();
                return;
            }
            Refused refused = Problems.refused(failure);
            metrics.counter(CenterMetric.REFUSED, "code", refused.why().code()).increment();
            answer.onError(Problems.grpc(refused));
        });
    }
}
