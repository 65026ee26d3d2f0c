package io.longwire.coordinator.presence;

import io.grpc.stub.StreamObserver;
import io.longwire.keeper.rpc.BatchServer;
import io.longwire.rpc.coordinator.PresenceBatch;
import io.longwire.rpc.coordinator.PresenceBatchReply;
import io.longwire.rpc.coordinator.PresenceChunk;
import io.longwire.rpc.coordinator.PresenceKeeperGrpc.PresenceKeeperImplBase;
import io.longwire.rpc.coordinator.PresenceResult;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;

/** What rooms call. Nothing here blocks. */
public final class PresenceRpc extends PresenceKeeperImplBase {
    private final PresenceStore store;

    public PresenceRpc(PresenceStore store) {
        this.store = store;
    }

    @Override
    public StreamObserver<PresenceBatch> tell(StreamObserver<PresenceBatchReply> replies) {
        return BatchServer.serve(replies, this::keep);
    }

    private CompletableFuture<PresenceBatchReply> keep(PresenceBatch batch) {
        var results = new ArrayList<CompletableFuture<PresenceResult>>(batch.getChunksCount());
        for (PresenceChunk chunk : batch.getChunksList()) {
            results.add(store.tell(chunk));
        }
        return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new)).thenApply(done -> {
            var reply = PresenceBatchReply.newBuilder().setBatchId(batch.getBatchId());
            results.forEach(result -> reply.addResults(result.join()));
            return reply.build();
        });
    }
}
