package io.longwire.coordinator.consume;

import io.grpc.stub.StreamObserver;
import io.longwire.coordinator.CoordinatorMetric;
import io.longwire.coordinator.callback.CallbackStore;
import io.longwire.coordinator.channel.Channels;
import io.longwire.coordinator.reply.Replies;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.coordinator.AppFinish;
import io.longwire.rpc.coordinator.AppPoll;
import io.longwire.rpc.coordinator.AppReply;
import io.longwire.rpc.coordinator.Callback;
import io.longwire.rpc.coordinator.CallbackName;
import io.longwire.rpc.coordinator.CallbackState;
import io.longwire.rpc.coordinator.DeskGrpc.DeskImplBase;
import io.longwire.rpc.coordinator.FinishReply;
import io.longwire.rpc.coordinator.ListCallbacksReply;
import io.longwire.rpc.coordinator.PollReply;
import io.longwire.rpc.coordinator.ReplyReply;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** What centers call for those who came to them by REST; the app is the center's word. Nothing here blocks. */
public final class DeskRpc extends DeskImplBase {
    private final ChannelDesk desk;
    private final CallbackDesk callbacks;
    private final Replies replies;
    private final Metrics metrics;

    public DeskRpc(Channels channels, Events events, CallbackStore callbacks, Replies replies, Metrics metrics) {
        this.desk = new ChannelDesk(channels, events, metrics);
        this.callbacks = new CallbackDesk(channels, callbacks);
        this.replies = replies;
        this.metrics = metrics;
    }

    @Override
    public void poll(AppPoll request, StreamObserver<PollReply> answer) {
        CompletableFuture<Void> gone = Failures.gone(answer);
        answer("poll", answer, () -> desk.poll(request.getAppId(), request.getPoll(), gone));
    }

    @Override
    public void finish(AppFinish request, StreamObserver<FinishReply> answer) {
        answer("finish", answer, () -> desk.finish(request.getAppId(), request.getFinish()));
    }

    @Override
    public void reply(AppReply request, StreamObserver<ReplyReply> answer) {
        answer("reply", answer, () -> Answered.of(replies.send(request.getAppId(), request.getReply())));
    }

    @Override
    public void putCallback(Callback request, StreamObserver<CallbackState> answer) {
        answer("put_callback", answer, () -> callbacks.put(request));
    }

    @Override
    public void deleteCallback(CallbackName request, StreamObserver<CallbackState> answer) {
        answer("delete_callback", answer, () -> callbacks.delete(request.getAppId(), request.getType()));
    }

    @Override
    public void listCallbacks(CallbackName request, StreamObserver<ListCallbacksReply> answer) {
        answer("list_callbacks", answer, () -> callbacks.list(request.getAppId(), request.getType()));
    }

    private <A> void answer(String call, StreamObserver<A> answer, Supplier<CompletableFuture<A>> work) {
        metrics.counter(CoordinatorMetric.CALLS, "call", call).increment();
        Failures.answer(answer, work, metrics);
    }
}
