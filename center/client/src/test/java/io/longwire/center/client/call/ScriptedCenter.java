package io.longwire.center.client.call;

import com.google.protobuf.Any;
import com.google.rpc.Status;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.longwire.rpc.center.AppendListReply;
import io.longwire.rpc.center.AppendListRequest;
import io.longwire.rpc.center.BroadcastInfo;
import io.longwire.rpc.center.BroadcastName;
import io.longwire.rpc.center.CenterGrpc;
import io.longwire.rpc.center.ControlBroadcastRequest;
import io.longwire.rpc.center.CreateBroadcastRequest;
import io.longwire.rpc.center.CreateKeyRequest;
import io.longwire.rpc.center.CreateListRequest;
import io.longwire.rpc.center.GetEndpointRequest;
import io.longwire.rpc.center.ListBroadcastsReply;
import io.longwire.rpc.center.ListBroadcastsRequest;
import io.longwire.rpc.center.ListInfo;
import io.longwire.rpc.center.ListListsReply;
import io.longwire.rpc.center.ListListsRequest;
import io.longwire.rpc.center.ListName;
import io.longwire.rpc.center.PaceBroadcastRequest;
import io.longwire.rpc.center.PayloadKey;
import io.longwire.rpc.center.Problem;
import io.longwire.rpc.center.PullReceiptsReply;
import io.longwire.rpc.center.PullReceiptsRequest;
import io.longwire.rpc.center.ReplyToEventRequest;
import io.longwire.rpc.center.SealListRequest;
import io.longwire.rpc.center.SendBatchReply;
import io.longwire.rpc.center.SendBatchRequest;
import io.longwire.rpc.center.SendReply;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.coordinator.ReplyReply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A center in this process that answers as it is told, in order; what was not scripted it does not answer. Everything
 * runs on the caller's thread, in virtual time.
 */
public final class ScriptedCenter extends CenterGrpc.CenterImplBase implements ServerInterceptor, AutoCloseable {
    /** In a list of answers: no more of them, and no end. */
    public static final Object SILENCE = new Object();

    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization",
            Metadata.ASCII_STRING_MARSHALLER);

    private final Deque<Object> script = new ArrayDeque<>();
    private final List<Object> asked = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();
    private final List<String> methods = new ArrayList<>();
    private final VirtualDelays delays = new VirtualDelays();
    private final Server server;
    private final Calls calls;

    public ScriptedCenter(RetryPolicy retries) {
        String name = "scripted-" + NAMES.incrementAndGet();
        try {
            server = InProcessServerBuilder.forName(name).directExecutor().addService(this).intercept(this).build()
                    .start();
        } catch (IOException taken) {
            throw new UncheckedIOException(taken);
        }
        calls = new Calls(List.of(InProcessChannelBuilder.forName(name).directExecutor().build()), "lw_test", retries,
                delays, () -> 0.0);
    }

    /** The next answer: a message, or a Throwable; or a list of them to a call with a stream of answers. */
    public ScriptedCenter then(Object answer) {
        script.add(answer);
        return this;
    }

    /** A refusal as center gives it. */
    public static StatusRuntimeException refusal(int status, String code, long retryAfterMillis) {
        var refusal = Status.newBuilder().setCode(io.grpc.Status.Code.UNAVAILABLE.value()).setMessage("x: 1")
                .addDetails(Any.pack(problem(status, code, retryAfterMillis))).build();
        return StatusProto.toStatusRuntimeException(refusal);
    }

    public static Problem problem(int status, String code, long retryAfterMillis) {
        return Problem.newBuilder().setStatus(status).setCode(code).setDetail("x: 1 (expected: 2)")
                .setRetryAfterMs(retryAfterMillis).build();
    }

    public Calls calls() {
        return calls;
    }

    /** What it was asked, in order. */
    public <T> List<T> asked(Class<T> type) {
        return asked.stream().map(type::cast).toList();
    }

    /** The authorization of each call. */
    public List<String> keys() {
        return keys;
    }

    /** The name of each call. */
    public List<String> methods() {
        return methods;
    }

    /** Lets virtual time pass until no retry waits. */
    public void passTime() {
        delays.runAll();
    }

    VirtualDelays delays() {
        return delays;
    }

    @Override
    public void send(SendRequest request, StreamObserver<SendReply> answer) {
        play(request, answer, SendReply.class);
    }

    @Override
    public void sendBatch(SendBatchRequest request, StreamObserver<SendBatchReply> answer) {
        play(request, answer, SendBatchReply.class);
    }

    @Override
    public void getPayloadKey(GetEndpointRequest request, StreamObserver<PayloadKey> answer) {
        play(request, answer, PayloadKey.class);
    }

    @Override
    public void pullReceipts(PullReceiptsRequest request, StreamObserver<PullReceiptsReply> answer) {
        play(request, answer, PullReceiptsReply.class);
    }

    @Override
    public void replyToEvent(ReplyToEventRequest request, StreamObserver<ReplyReply> answer) {
        play(request, answer, ReplyReply.class);
    }

    @Override
    public void createKey(CreateKeyRequest request, StreamObserver<io.longwire.rpc.center.ApiKey> answer) {
        play(request, answer, io.longwire.rpc.center.ApiKey.class);
    }

    @Override
    public void createList(CreateListRequest request, StreamObserver<ListInfo> answer) {
        play(request, answer, ListInfo.class);
    }

    @Override
    public void appendList(AppendListRequest request, StreamObserver<AppendListReply> answer) {
        play(request, answer, AppendListReply.class);
    }

    @Override
    public void sealList(SealListRequest request, StreamObserver<ListInfo> answer) {
        play(request, answer, ListInfo.class);
    }

    @Override
    public void getList(ListName request, StreamObserver<ListInfo> answer) {
        play(request, answer, ListInfo.class);
    }

    @Override
    public void listLists(ListListsRequest request, StreamObserver<ListListsReply> answer) {
        play(request, answer, ListListsReply.class);
    }

    @Override
    public void deleteList(ListName request, StreamObserver<ListInfo> answer) {
        play(request, answer, ListInfo.class);
    }

    @Override
    public void createBroadcast(CreateBroadcastRequest request, StreamObserver<BroadcastInfo> answer) {
        play(request, answer, BroadcastInfo.class);
    }

    @Override
    public void getBroadcast(BroadcastName request, StreamObserver<BroadcastInfo> answer) {
        play(request, answer, BroadcastInfo.class);
    }

    @Override
    public void listBroadcasts(ListBroadcastsRequest request, StreamObserver<ListBroadcastsReply> answer) {
        play(request, answer, ListBroadcastsReply.class);
    }

    @Override
    public void paceBroadcast(PaceBroadcastRequest request, StreamObserver<BroadcastInfo> answer) {
        play(request, answer, BroadcastInfo.class);
    }

    @Override
    public void pauseBroadcast(ControlBroadcastRequest request, StreamObserver<BroadcastInfo> answer) {
        play(request, answer, BroadcastInfo.class);
    }

    @Override
    public void resumeBroadcast(ControlBroadcastRequest request, StreamObserver<BroadcastInfo> answer) {
        play(request, answer, BroadcastInfo.class);
    }

    @Override
    public void cancelBroadcast(ControlBroadcastRequest request, StreamObserver<BroadcastInfo> answer) {
        play(request, answer, BroadcastInfo.class);
    }

    @Override
    public void advanceBroadcast(ControlBroadcastRequest request, StreamObserver<BroadcastInfo> answer) {
        play(request, answer, BroadcastInfo.class);
    }

    @Override
    public void approveBroadcast(ControlBroadcastRequest request, StreamObserver<BroadcastInfo> answer) {
        play(request, answer, BroadcastInfo.class);
    }

    @Override
    public void revokeBroadcast(ControlBroadcastRequest request, StreamObserver<BroadcastInfo> answer) {
        play(request, answer, BroadcastInfo.class);
    }

    @Override
    public void watchBroadcast(BroadcastName request, StreamObserver<BroadcastInfo> answer) {
        asked.add(request);
        Object next = script.poll();
        List<?> told = next instanceof List<?> list ? list : next == null ? List.of(SILENCE) : List.of(next);
        for (Object one : told) {
            if (one instanceof Throwable failure) {
                answer.onError(failure);
                return;
            }
            if (SILENCE.equals(one)) {
                return;
            }
            answer.onNext((BroadcastInfo) one);
        }
        answer.onCompleted();
    }

    private <A> void play(Object request, StreamObserver<A> answer, Class<A> type) {
        asked.add(request);
        Object next = script.poll();
        if (next instanceof Throwable failure) {
            answer.onError(failure);
        } else if (next != null) {
            answer.onNext(type.cast(next));
            answer.onCompleted();
        }
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
            ServerCallHandler<Q, A> next) {
        keys.add(String.valueOf(headers.get(AUTHORIZATION)));
        methods.add(String.valueOf(call.getMethodDescriptor().getBareMethodName()));
        return next.startCall(call, headers);
    }

    @Override
    public void close() {
        calls.close();
        server.shutdownNow();
    }
}
