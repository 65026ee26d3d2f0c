package io.longwire.center.platform;

import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.rpc.center.PartStanding;
import io.longwire.rpc.center.Platform;
import io.longwire.rpc.center.QueueStanding;
import io.longwire.rpc.cluster.PartGrpc;
import io.longwire.rpc.cluster.Queue;
import io.longwire.rpc.cluster.StandingReply;
import io.longwire.rpc.cluster.StandingRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks every process for its bounded queues, all at once; one that does not answer within 2 s is shown without them.
 * Thread-safe, never blocks.
 */
public final class Standings {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final List<String> PARTS = List.of("center", "coordinator", "dispatcher", "keeper", "register",
            "room", "saver");

    private final Cluster cluster;
    private final Function<String, Channel> channels;

    /** @param channels to an address */
    public Standings(Cluster cluster, Function<String, Channel> channels) {
        this.cluster = cluster;
        this.channels = channels;
    }

    CompletableFuture<Platform> all() {
        var asked = new ArrayList<CompletableFuture<PartStanding>>();
        for (String part : PARTS) {
            cluster.members(part).list().stream().sorted(Comparator.comparing(Member::instance))
                    .forEach(member -> asked.add(one(member)));
        }
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).thenApply(done -> {
            var platform = Platform.newBuilder();
            asked.forEach(answer -> platform.addParts(answer.join()));
            return platform.build();
        });
    }

    private CompletableFuture<PartStanding> one(Member member) {
        var standing = PartStanding.newBuilder().setPart(member.part()).setInstance(member.instance())
                .setDraining(member.draining());
        if (member.rpcAddress().isEmpty()) {
            return CompletableFuture.completedFuture(standing.build());
        }
        var answer = new Answer();
        PartGrpc.newStub(channels.apply(member.rpcAddress())).withDeadlineAfter(PATIENCE)
                .standing(StandingRequest.getDefaultInstance(), answer);
        return answer.future.handle((reply, failure) -> {
            if (failure != null) {
                return standing.setProblem(String.valueOf(failure.getMessage())).build();
            }
            reply.getQueuesList().forEach(queue -> standing.addQueues(queue(queue)));
            return standing.build();
        });
    }

    private static QueueStanding queue(Queue queue) {
        var shown = QueueStanding.newBuilder().setMetric(queue.getMetric()).setAbout(queue.getAbout())
                .setMost(queue.getMost()).setHitsMetric(queue.getHitsMetric()).setHits(queue.getHits());
        return queue.hasHeld() ? shown.setHeld(queue.getHeld()).build() : shown.build();
    }

    private static final class Answer implements StreamObserver<StandingReply> {
        private final CompletableFuture<StandingReply> future = new CompletableFuture<>();
        private volatile @Nullable StandingReply value;

        @Override
        public void onNext(StandingReply reply) {
            value = reply;
        }

        @Override
        public void onError(Throwable broken) {
            future.completeExceptionally(broken);
        }

        @Override
        public void onCompleted() {
            StandingReply reply = value;
            future.complete(reply == null ? StandingReply.getDefaultInstance() : reply);
        }
    }
}
