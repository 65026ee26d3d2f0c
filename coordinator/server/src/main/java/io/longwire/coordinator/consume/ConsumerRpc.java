package io.longwire.coordinator.consume;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.longwire.coordinator.CoordinatorMetric;
import io.longwire.coordinator.access.Door;
import io.longwire.coordinator.channel.ChannelName;
import io.longwire.coordinator.channel.Channels;
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
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The calls of consumers, each for the app of its key. Nothing here blocks. */
public final class ConsumerRpc extends ConsumerImplBase {
    private static final int USUAL_POLL = 20;
    private static final int MAX_POLL = 100;

    private final Door door;
    private final Channels channels;
    private final Events events;
    private final ChannelDesk desk;
    private final Metrics metrics;

    public ConsumerRpc(Door door, Channels channels, Events events, Metrics metrics) {
        this.door = door;
        this.channels = channels;
        this.events = events;
        this.desk = new ChannelDesk(channels, events, metrics);
        this.metrics = metrics;
    }

    @Override
    public StreamObserver<PullFrame> pull(StreamObserver<PullReply> replies) {
        metrics.counter(CoordinatorMetric.CALLS, "call", "pull").increment();
        return new PullCall(new PullStream.Parts(channels, events, metrics), door.app(),
                (ServerCallStreamObserver<PullReply>) replies);
    }

    @Override
    public void poll(PollRequest request, StreamObserver<PollReply> answer) {
        answer("poll", answer, app -> {
            Duration inFlight = ConsumerRules.inFlight(request.getInFlightMs(), channels.config().inFlight());
            int wait = ConsumerRules.between("wait_ms", request.getWaitMs(), ConsumerRules.MAX_WAIT_MILLIS);
            return new Poll(channels, events, name(app, request.getType(), request.getChannel()), inFlight,
                    ConsumerRules.limit(request.getLimit(), USUAL_POLL, MAX_POLL)).start(Duration.ofMillis(wait));
        });
    }

    @Override
    public void finish(FinishRequest request, StreamObserver<FinishReply> answer) {
        answer("finish", answer, app -> desk.finish(name(app, request.getType(), request.getChannel()), request));
    }

    @Override
    public void listChannels(ListChannelsRequest request, StreamObserver<ListChannelsReply> answer) {
        answer("list_channels", answer, app -> desk.list(app, request.getType()));
    }

    @Override
    public void updateChannel(ChannelUpdate request, StreamObserver<ChannelInfo> answer) {
        answer("update_channel", answer, app -> desk.update(name(app, request.getType(), request.getChannel()),
                request));
    }

    @Override
    public void listDeadEvents(ListDeadEventsRequest request, StreamObserver<ListDeadEventsReply> answer) {
        answer("list_dead_events", answer, app -> desk.dead(name(app, request.getType(), request.getChannel()),
                request));
    }

    private static ChannelName name(int app, String type, String channel) {
        return new ChannelName(app, ConsumerRules.type(type), ConsumerRules.channel(channel));
    }

    private <A> void answer(String call, StreamObserver<A> answer, Function<Integer, CompletableFuture<A>> work) {
        metrics.counter(CoordinatorMetric.CALLS, "call", call).increment();
        door.app().get().thenCompose(app -> {
            try {
                return work.apply(app);
            } catch (StatusRuntimeException invalid) {
                return CompletableFuture.failedFuture(invalid);
            }
        }).whenComplete((reply, failure) -> {
            if (failure == null) {
                answer.onNext(reply);
                answer.onCompleted();
                return;
            }
            Status status = Failures.status(failure);
            metrics.counter(CoordinatorMetric.CALLS_REFUSED, "status", status.getCode().name()).increment();
            answer.onError(status.asRuntimeException());
        });
    }
}
