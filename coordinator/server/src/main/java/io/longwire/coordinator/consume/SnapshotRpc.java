package io.longwire.coordinator.consume;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.longwire.coordinator.CoordinatorMetric;
import io.longwire.coordinator.access.Door;
import io.longwire.coordinator.channel.EventId;
import io.longwire.coordinator.client.Partitions;
import io.longwire.coordinator.presence.Snapshots;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.coordinator.OnlineEndpoint;
import io.longwire.rpc.coordinator.PresenceGrpc.PresenceImplBase;
import io.longwire.rpc.coordinator.SnapshotReply;
import io.longwire.rpc.coordinator.SnapshotRequest;

/** Snapshots of presence, for the app of the key. Nothing here blocks. */
public final class SnapshotRpc extends PresenceImplBase {
    private static final int USUAL = 500;
    private static final int MOST = 1_000;

    private final Door door;
    private final Snapshots snapshots;
    private final Events events;
    private final Metrics metrics;

    public SnapshotRpc(Door door, Snapshots snapshots, Events events, Metrics metrics) {
        this.door = door;
        this.snapshots = snapshots;
        this.events = events;
        this.metrics = metrics;
    }

    @Override
    public void snapshot(SnapshotRequest request, StreamObserver<SnapshotReply> answer) {
        metrics.counter(CoordinatorMetric.CALLS, "call", "snapshot").increment();
        door.app().get().thenCompose(app -> {
            int partition = ConsumerRules.between("partition", request.getPartition(), Partitions.COUNT - 1);
            int limit = ConsumerRules.limit(request.getLimit(), USUAL, MOST);
            return snapshots.page(app, partition, request.getPage(), limit)
                    .thenApply(page -> reply(app, partition, page));
        }).whenComplete((reply, failure) -> {
            if (failure == null) {
                answer.onNext(reply);
                answer.onCompleted();
            } else {
                Status status = Failures.status(failure);
                metrics.counter(CoordinatorMetric.CALLS_REFUSED, "status", status.getCode().name()).increment();
                answer.onError(status.asRuntimeException());
            }
        });
    }

    private SnapshotReply reply(int app, int partition, Snapshots.Page page) {
        var reply = SnapshotReply.newBuilder().setNext(page.next())
                .setCursor(new EventId(partition, page.cursor()).text());
        for (Snapshots.Online one : page.online()) {
            reply.addOnline(OnlineEndpoint.newBuilder().setEndpoint(events.ids().text(app, one.endpointId()))
                    .setConnSeq(one.connSeq()).setVia(one.via()));
        }
        return reply.build();
    }
}
