package io.longwire.room;

import io.grpc.stub.StreamObserver;
import io.longwire.keeper.rpc.BatchServer;
import io.longwire.room.rig.FakeCoordinator;
import io.longwire.rpc.coordinator.UplinkBatch;
import io.longwire.rpc.coordinator.UplinkBatchReply;
import io.longwire.rpc.coordinator.UplinksGrpc;
import java.util.concurrent.CompletableFuture;

/** A coordinator over gRPC that keeps uplinks in memory. */
final class InMemoryCoordinator extends UplinksGrpc.UplinksImplBase {
    final FakeCoordinator store = new FakeCoordinator();

    @Override
    public StreamObserver<UplinkBatch> send(StreamObserver<UplinkBatchReply> replies) {
        return BatchServer.serve(replies, batch -> {
            var reply = UplinkBatchReply.newBuilder().setBatchId(batch.getBatchId());
            batch.getItemsList().forEach(item -> reply.addResults(store.send(item).join()));
            return CompletableFuture.completedFuture(reply.build());
        });
    }
}
