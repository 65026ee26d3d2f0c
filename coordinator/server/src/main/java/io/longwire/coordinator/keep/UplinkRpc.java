package io.longwire.coordinator.keep;

import io.grpc.stub.StreamObserver;
import io.longwire.keeper.rpc.BatchServer;
import io.longwire.rpc.coordinator.UplinkBatch;
import io.longwire.rpc.coordinator.UplinkBatchReply;
import io.longwire.rpc.coordinator.UplinksGrpc.UplinksImplBase;

/** What rooms call. Nothing here blocks. */
public final class UplinkRpc extends UplinksImplBase {
    private final Uplinks uplinks;

    public UplinkRpc(Uplinks uplinks) {
        this.uplinks = uplinks;
    }

    @Override
    public StreamObserver<UplinkBatch> send(StreamObserver<UplinkBatchReply> replies) {
        return BatchServer.serve(replies, uplinks::keep);
    }
}
