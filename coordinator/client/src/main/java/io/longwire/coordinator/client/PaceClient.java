package io.longwire.coordinator.client;

import io.grpc.stub.StreamObserver;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.rpc.coordinator.AppFeedback;
import io.longwire.rpc.coordinator.FeedbackReply;
import io.longwire.rpc.coordinator.FeedbackRequest;
import io.longwire.rpc.coordinator.PaceGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

/** How the backends of apps bear their callbacks, asked of every coordinator, since each sends a part of them. */
public final class PaceClient {
    private static final Duration DEADLINE = Duration.ofMillis(800);

    private final Rpc rpc;
    private final Cluster cluster;

    public PaceClient(Rpc rpc, Cluster cluster) {
        this.rpc = rpc;
        this.cluster = cluster;
    }

    /**
     * What they say, several of one app perhaps; those that do not answer within 0.8 s are left out. Never fails, never
     * blocks.
     *
     * @param apps at most 1,000
     */
    public CompletableFuture<List<AppFeedback>> feedback(Collection<Integer> apps) {
        var request = FeedbackRequest.newBuilder().addAllAppIds(apps).build();
        List<CompletableFuture<FeedbackReply>> all = cluster.members(CoordinatorClient.PART).list().stream()
                .filter(member -> !member.rpcAddress().isEmpty()).map(member -> ask(member, request)).toList();
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).thenApply(done -> {
            var said = new ArrayList<AppFeedback>();
            all.forEach(one -> said.addAll(one.join().getAppsList()));
            return said;
        });
    }

    private CompletableFuture<FeedbackReply> ask(Member member, FeedbackRequest request) {
        var answer = new CompletableFuture<FeedbackReply>();
        PaceGrpc.newStub(rpc.channel(member.rpcAddress())).withDeadlineAfter(DEADLINE.toMillis(), MILLISECONDS)
                .getFeedback(request, new StreamObserver<>() {
                    @Override
                    public void onNext(FeedbackReply reply) {
                        answer.complete(reply);
                    }

                    @Override
                    public void onError(Throwable away) {
                        answer.complete(FeedbackReply.getDefaultInstance());
                    }

                    @Override
                    public void onCompleted() {
                        answer.complete(FeedbackReply.getDefaultInstance());
                    }
                });
        return answer;
    }
}
