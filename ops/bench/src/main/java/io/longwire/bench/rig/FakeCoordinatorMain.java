package io.longwire.bench.rig;

import io.grpc.stub.StreamObserver;
import io.longwire.keeper.rpc.BatchServer;
import io.longwire.keeper.service.Service;
import io.longwire.rpc.coordinator.PresenceBatch;
import io.longwire.rpc.coordinator.PresenceBatchReply;
import io.longwire.rpc.coordinator.PresenceItem;
import io.longwire.rpc.coordinator.PresenceKeeperGrpc;
import io.longwire.rpc.coordinator.PresenceResult;
import java.util.concurrent.CompletableFuture;

/**
 * The process of a coordinator of which nobody wants to hear who is online: a member of the cluster like a real one.
 * Without it a room would keep what it has to tell.
 */
public final class FakeCoordinatorMain {
    private FakeCoordinatorMain() {
    }

    public static void main(String[] args) {
        Service.run("coordinator", args, _ -> new Unwanted(), (service, presence) -> service.serve(presence));
    }

    private static final class Unwanted extends PresenceKeeperGrpc.PresenceKeeperImplBase {
        @Override
        public StreamObserver<PresenceBatch> tell(StreamObserver<PresenceBatchReply> replies) {
            return BatchServer.serve(replies, batch -> {
                var reply = PresenceBatchReply.newBuilder().setBatchId(batch.getBatchId());
                batch.getChunksList().forEach(chunk -> reply.addResults(PresenceResult.newBuilder()
                        .addAllUnwantedApps(chunk.getItemsList().stream().map(PresenceItem::getAppId).distinct()
                                .toList())));
                return CompletableFuture.completedFuture(reply.build());
            });
        }
    }
}
