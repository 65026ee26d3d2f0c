package io.longwire.coordinator.client;

import io.grpc.Channel;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.cluster.Rendezvous;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.rpc.coordinator.AppFinish;
import io.longwire.rpc.coordinator.AppPoll;
import io.longwire.rpc.coordinator.AppReply;
import io.longwire.rpc.coordinator.Callback;
import io.longwire.rpc.coordinator.CallbackName;
import io.longwire.rpc.coordinator.CallbackState;
import io.longwire.rpc.coordinator.DeskGrpc;
import io.longwire.rpc.coordinator.DeskGrpc.DeskStub;
import io.longwire.rpc.coordinator.FinishReply;
import io.longwire.rpc.coordinator.ListCallbacksReply;
import io.longwire.rpc.coordinator.PollReply;
import io.longwire.rpc.coordinator.PollRequest;
import io.longwire.rpc.coordinator.ReplyReply;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

/**
 * The coordinators as one, as centers see them: channels and callbacks of an app whose caller the center knows. No call
 * blocks. A future completes within 3 s (a poll: its wait and 3 s), or fails: with StatusRuntimeException for what is
 * refused (INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION; the description says what was expected), with {@link
 * RpcFailure} where nobody answered. Everything but a poll may be repeated; what a poll gave whose answer was lost
 * comes again after its time in flight.
 */
public final class DeskClient {
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final Duration REPLY_DEADLINE = Duration.ofSeconds(4); // a coordinator tries for almost three
    private static final int RETRIES = 2;

    private final Rpc rpc;
    private final Cluster cluster;

    public DeskClient(Rpc rpc, Cluster cluster) {
        this.rpc = rpc;
        this.cluster = cluster;
    }

    /**
     * All polls of a channel meet at one coordinator: if they came to all in turn, each would have its share of the
     * partitions for a while, and nobody would wait there for what comes into them. If it is not reached the next one
     * is asked, for the rest of the time.
     */
    public CompletableFuture<PollReply> poll(AppPoll request) {
        PollRequest poll = request.getPoll();
        long key = Rendezvous.seed(
                Integer.toUnsignedString(request.getAppId()) + ":" + poll.getType() + ":" + poll.getChannel());
        List<Member> meeting = cluster.members(CoordinatorClient.PART).list().stream()
                .filter(member -> !member.rpcAddress().isEmpty())
                .sorted(Comparator.comparing(Member::draining).thenComparing(
                        member -> Rendezvous.score(member.instance(), key), DeskClient::higherFirst))
                .toList();
        return poll(request, meeting, 0, Deadline.after(Integer.toUnsignedLong(poll.getWaitMs()), MILLISECONDS));
    }

    private CompletableFuture<PollReply> poll(AppPoll request, List<Member> meeting, int at, Deadline end) {
        if (at == meeting.size()) {
            return CompletableFuture.failedFuture(
                    new RpcFailure(RpcFailure.Kind.NO_TARGET, "coordinator: none that is reached"));
        }
        long wait = Math.max(0, end.timeRemaining(MILLISECONDS));
        AppPoll rest = request.toBuilder().setPoll(request.getPoll().toBuilder().setWaitMs((int) wait)).build();
        return DeskClient.<PollReply>once(rpc.channel(meeting.get(at).rpcAddress()),
                Duration.ofMillis(wait).plus(DEADLINE), (stub, answer) -> stub.poll(rest, answer))
                .exceptionallyCompose(failure -> disconnected(failure) && at + 1 < meeting.size()
                        ? poll(request, meeting, at + 1, end)
                        : CompletableFuture.failedFuture(failure));
    }

    private static int higherFirst(long one, long other) {
        return Long.compareUnsigned(other, one);
    }

    public CompletableFuture<FinishReply> finish(AppFinish request) {
        return call(DEADLINE, RETRIES, (stub, answer) -> stub.finish(request, answer));
    }

    /** A reply whose answer was lost may be brought again: the phone takes it once. */
    public CompletableFuture<ReplyReply> reply(AppReply request) {
        return call(REPLY_DEADLINE, RETRIES, (stub, answer) -> stub.reply(request, answer));
    }

    public CompletableFuture<CallbackState> putCallback(Callback callback) {
        return call(DEADLINE, RETRIES, (stub, answer) -> stub.putCallback(callback, answer));
    }

    public CompletableFuture<CallbackState> deleteCallback(CallbackName name) {
        return call(DEADLINE, RETRIES, (stub, answer) -> stub.deleteCallback(name, answer));
    }

    /** Of an app; with a type, the one of it, if there is one. */
    public CompletableFuture<ListCallbacksReply> callbacks(CallbackName name) {
        return call(DEADLINE, RETRIES, (stub, answer) -> stub.listCallbacks(name, answer));
    }

    private interface Call<A> {
        void start(DeskStub stub, StreamObserver<A> answer);
    }

    // Once more when a coordinator was not reached: the list may still name one that is dead.
    private <A> CompletableFuture<A> call(Duration within, int retries, Call<A> call) {
        CompletableFuture<A> once;
        try {
            once = once(rpc.anyChannel(CoordinatorClient.PART), within, call);
        } catch (RpcFailure noTarget) {
            return CompletableFuture.failedFuture(noTarget);
        }
        return once.exceptionallyCompose(failure -> retries > 0 && disconnected(failure)
                ? call(within, retries - 1, call)
                : CompletableFuture.failedFuture(failure));
    }

    private static boolean disconnected(Throwable failure) {
        return failure instanceof RpcFailure away && away.kind() == RpcFailure.Kind.DISCONNECTED;
    }

    private static <A> CompletableFuture<A> once(Channel channel, Duration within, Call<A> call) {
        var answer = new Answer<A>();
        call.start(DeskGrpc.newStub(channel).withDeadlineAfter(within.toMillis(), MILLISECONDS), answer);
        return answer.future;
    }

    private static final class Answer<A> implements StreamObserver<A> {
        private final CompletableFuture<A> future = new CompletableFuture<>();
        private volatile @Nullable A value;

        @Override
        public void onNext(A answer) {
            value = answer;
        }

        @Override
        public void onError(Throwable broken) {
            future.completeExceptionally(failure(broken));
        }

        @Override
        public void onCompleted() {
            A answer = value;
            if (answer == null) {
                future.completeExceptionally(new RpcFailure(RpcFailure.Kind.REFUSED, "coordinator: no answer"));
            } else {
                future.complete(answer);
            }
        }
    }

    private static Throwable failure(Throwable broken) {
        if (!(broken instanceof StatusRuntimeException refused)) {
            return new RpcFailure(RpcFailure.Kind.DISCONNECTED, "coordinator: " + broken);
        }
        Status status = refused.getStatus();
        String text = "coordinator: " + status.getCode()
                + (status.getDescription() == null ? "" : ", " + status.getDescription());
        return switch (status.getCode()) {
            case INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION -> refused;
            case DEADLINE_EXCEEDED -> new RpcFailure(RpcFailure.Kind.DEADLINE, text);
            case UNAVAILABLE -> new RpcFailure(RpcFailure.Kind.DISCONNECTED, text);
            case RESOURCE_EXHAUSTED -> new RpcFailure(RpcFailure.Kind.QUEUE_FULL, text);
            default -> new RpcFailure(RpcFailure.Kind.REFUSED, text);
        };
    }
}
