package io.longwire.keeper.service;

import io.grpc.stub.StreamObserver;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.keeper.metrics.PrometheusMetrics.BoundNow;
import io.longwire.rpc.cluster.PartGrpc.PartImplBase;
import io.longwire.rpc.cluster.Queue;
import io.longwire.rpc.cluster.StandingReply;
import io.longwire.rpc.cluster.StandingRequest;

/** What every part says of its bounded queues. Thread-safe, never blocks. */
final class StandingRpc extends PartImplBase {
    private final String part;
    private final String instance;
    private final PrometheusMetrics metrics;

    StandingRpc(String part, String instance, PrometheusMetrics metrics) {
        this.part = part;
        this.instance = instance;
        this.metrics = metrics;
    }

    @Override
    public void standing(StandingRequest request, StreamObserver<StandingReply> answer) {
        var reply = StandingReply.newBuilder().setPart(part).setInstance(instance);
        metrics.bounds().forEach(bound -> reply.addQueues(queue(bound)));
        answer.onNext(reply.build());
        answer.onCompleted();
    }

    private static Queue queue(BoundNow bound) {
        var queue = Queue.newBuilder().setMetric(bound.metric()).setAbout(bound.about()).setMost(bound.most())
                .setHitsMetric(bound.hitsMetric()).setHits(bound.hits());
        return bound.held() < 0 ? queue.build() : queue.setHeld(bound.held()).build();
    }
}
