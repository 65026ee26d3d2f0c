package io.longwire.room;

import io.grpc.stub.StreamObserver;
import io.longwire.keeper.rpc.BatchServer;
import io.longwire.room.rig.FakeSaver;
import io.longwire.rpc.saver.EndBatch;
import io.longwire.rpc.saver.EndBatchReply;
import io.longwire.rpc.saver.FetchBatch;
import io.longwire.rpc.saver.FetchBatchReply;
import io.longwire.rpc.saver.Profile;
import io.longwire.rpc.saver.ProfileUpdate;
import io.longwire.rpc.saver.SaverGrpc;
import java.util.concurrent.CompletableFuture;

/** A saver over gRPC with inboxes in memory. */
final class InMemorySaver extends SaverGrpc.SaverImplBase {
    final FakeSaver store = new FakeSaver();

    @Override
    public StreamObserver<FetchBatch> fetch(StreamObserver<FetchBatchReply> replies) {
        return BatchServer.serve(replies, batch -> {
            var reply = FetchBatchReply.newBuilder().setBatchId(batch.getBatchId());
            batch.getItemsList().forEach(item -> reply.addResults(store.fetch(item).join()));
            return CompletableFuture.completedFuture(reply.build());
        });
    }

    @Override
    public void updateProfile(ProfileUpdate update, StreamObserver<Profile> answer) {
        answer.onNext(store.update(update).join());
        answer.onCompleted();
    }

    @Override
    public StreamObserver<EndBatch> end(StreamObserver<EndBatchReply> replies) {
        return BatchServer.serve(replies, batch -> {
            var reply = EndBatchReply.newBuilder().setBatchId(batch.getBatchId());
            batch.getItemsList().forEach(item -> reply.addResults(store.end(item).join()));
            return CompletableFuture.completedFuture(reply.build());
        });
    }
}
