package io.longwire.coordinator.consume;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.longwire.coordinator.CoordinatorMetric;
import io.longwire.coordinator.access.Door;
import io.longwire.coordinator.channel.ChannelName;
import io.longwire.coordinator.channel.Channels;
import io.longwire.coordinator.reply.Replies;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.coordinator.ChannelInfo;
import io.longwire.rpc.coordinator.ChannelUpdate;
import io.longwire.rpc.coordinator.ConsumerGrpc.ConsumerImplBase;
import io.longwire.rpc.coordinator.FinishReply;
import io.longwire.rpc.coordinator.FinishRequest;
import io.longwire.rpc.coordinator.ListChannelsReply;
import io.longwire.rpc.coordinator.ListChannelsRequest;
import io.longwire.rpc.coordinator.ListDeadEventsReply;
import io.longwire.rpc.coordinator.ListDeadEventsRequest;
import io.longwire.rpc.coordinator.PollReply;
import io.longwire.rpc.coordinator.PollRequest;
import io.longwire.rpc.coordinator.PullFrame;
import io.longwire.rpc.coordinator.PullReply;
import io.longwire.rpc.coordinator.ReplyReply;
import io.longwire.rpc.coordinator.ReplyRequest;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/** The calls of consumers, each for the app of its key. Nothing here blocks. */
public final class ConsumerRpc extends ConsumerImplBase {
    private final Door door;
    private final Channels channels;
    private final Events events;
    private final ChannelDesk desk;
    private final Replies replies;
    private final Metrics metrics;

    public ConsumerRpc(Door door, Channels channels, Events events, Replies replies, Metrics metrics) {
        this.door = door;
        this.channels = channels;
        this.events = events;
        this.desk = new ChannelDesk(channels, events, metrics);
        this.replies = replies;
        this.metrics = metrics;
    }

    @Override
    public StreamObserver<PullFrame> pull(StreamObserver<PullReply> replies) {
        metrics.counter(CoordinatorMetric.CALLS, "call", "pull").increment();
        return new PullCall(new PullStream.Parts(channels, events, this.replies, metrics), door.app(),
                (ServerCallStreamObserver<PullReply>) replies);
    }

    @Override
    public void poll(PollRequest request, StreamObserver<PollReply> answer) {
        CompletableFuture<Void> gone = Failures.gone(answer);
        answer("poll", answer, app -> desk.poll(app, request, gone));
    }

    @Override
    public void finish(FinishRequest request, StreamObserver<FinishReply> answer) {
        answer("finish", answer, app -> desk.finish(app, request));
    }

    @Override
    public void listChannels(ListChannelsRequest request, StreamObserver<ListChannelsReply> answer) {
        answer("list_channels", answer, app -> desk.list(app, request.getType()));
    }

    @Override
    public void updateChannel(ChannelUpdate request, StreamObserver<ChannelInfo> answer) {
        answer("update_channel", answer, app -> desk.update(new ChannelName(app,
                ConsumerRules.type(request.getType()), request.getDelete()
                        ? ConsumerRules.channel(request.getChannel()) // a callback's goes with the callback
                        : ConsumerRules.anyChannel(request.getChannel())),
                request));
    }

    @Override
    public void listDeadEvents(ListDeadEventsRequest request, StreamObserver<ListDeadEventsReply> answer) {
        answer("list_dead_events", answer, app -> desk.dead(new ChannelName(app,
                ConsumerRules.type(request.getType()), ConsumerRules.anyChannel(request.getChannel())), request));
    }

    @Override
    public void reply(ReplyRequest request, StreamObserver<ReplyReply> answer) {
        answer("reply", answer, app -> Answered.of(replies.send(app, request)));
    }

    private <A> void answer(String call, StreamObserver<A> answer, Function<Integer, CompletableFuture<A>> work) {
        metrics.counter(CoordinatorMetric.CALLS, "call", call).increment();
        Supplier<CompletableFuture<Integer>> caller = door.app();
        Failures.answer(answer, () -> caller.get().thenCompose(work), metrics);
    }
}
