package io.longwire.center.face;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.stub.StreamObserver;
import io.longwire.center.CenterMetric;
import io.longwire.center.api.Call;
import io.longwire.center.api.CenterCalls;
import io.longwire.center.api.Problems;
import io.longwire.center.refuse.Refused;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.center.ApiKey;
import io.longwire.rpc.center.App;
import io.longwire.rpc.center.CenterGrpc;
import io.longwire.rpc.center.CreateAppRequest;
import io.longwire.rpc.center.CreateKeyRequest;
import io.longwire.rpc.center.EndpointStatus;
import io.longwire.rpc.center.GetEndpointRequest;
import io.longwire.rpc.center.GetTimelineRequest;
import io.longwire.rpc.center.KickEndpointReply;
import io.longwire.rpc.center.KickEndpointRequest;
import io.longwire.rpc.center.ListAppsReply;
import io.longwire.rpc.center.ListAppsRequest;
import io.longwire.rpc.center.MessageTimeline;
import io.longwire.rpc.center.SendBatchReply;
import io.longwire.rpc.center.SendBatchRequest;
import io.longwire.rpc.center.SendReply;
import io.longwire.rpc.center.SendRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The calls over gRPC. Thread-safe, never blocks. */
final class GrpcFace extends CenterGrpc.CenterImplBase {
    private final CenterCalls calls;
    private final Clock clock;
    private final Metrics metrics;

    GrpcFace(CenterCalls calls, Clock clock, Metrics metrics) {
        this.calls = calls;
        this.clock = clock;
        this.metrics = metrics;
    }

    @Override
    public void send(SendRequest request, StreamObserver<SendReply> answer) {
        answer("Send", answer, call -> calls.send(call, request));
    }

    @Override
    public void sendBatch(SendBatchRequest request, StreamObserver<SendBatchReply> answer) {
        answer("SendBatch", answer, call -> calls.sendBatch(call, request));
    }

    @Override
    public void getTimeline(GetTimelineRequest request, StreamObserver<MessageTimeline> answer) {
        answer("GetTimeline", answer, call -> calls.timeline(call, request));
    }

    @Override
    public void cancelMessage(GetTimelineRequest request, StreamObserver<MessageTimeline> answer) {
        answer("CancelMessage", answer, call -> calls.cancel(call, request));
    }

    @Override
    public void getEndpoint(GetEndpointRequest request, StreamObserver<EndpointStatus> answer) {
        answer("GetEndpoint", answer, call -> calls.endpoint(call, request));
    }

    @Override
    public void kickEndpoint(KickEndpointRequest request, StreamObserver<KickEndpointReply> answer) {
        answer("KickEndpoint", answer, call -> calls.kick(call, request));
    }

    @Override
    public void createApp(CreateAppRequest request, StreamObserver<App> answer) {
        answer("CreateApp", answer, call -> calls.createApp(call, request));
    }

    @Override
    public void listApps(ListAppsRequest request, StreamObserver<ListAppsReply> answer) {
        answer("ListApps", answer, calls::listApps);
    }

    @Override
    public void createKey(CreateKeyRequest request, StreamObserver<ApiKey> answer) {
        answer("CreateKey", answer, call -> calls.createKey(call, request));
    }

    private <A> void answer(String name, StreamObserver<A> answer, Function<Call, CompletableFuture<A>> work) {
        long started = clock.nanos();
        metrics.counter(CenterMetric.CALLS, "call", name).increment();
        var headers = ServiceRequestContext.current().request().headers();
        work.apply(new Call(headers.get(HttpHeaderNames.AUTHORIZATION))).whenComplete((reply, failure) -> {
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
