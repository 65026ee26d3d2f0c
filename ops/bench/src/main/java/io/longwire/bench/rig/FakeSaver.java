package io.longwire.bench.rig;

import io.grpc.stub.StreamObserver;
import io.longwire.keeper.rpc.BatchServer;
import io.longwire.rpc.saver.AppendBatch;
import io.longwire.rpc.saver.AppendBatchReply;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.EndBatch;
import io.longwire.rpc.saver.EndBatchReply;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.FetchBatch;
import io.longwire.rpc.saver.FetchBatchReply;
import io.longwire.rpc.saver.FetchResult;
import io.longwire.rpc.saver.FindKeyRequest;
import io.longwire.rpc.saver.KeyRecord;
import io.longwire.rpc.saver.SaverGrpc;
import java.util.concurrent.CompletableFuture;

/**
 * Answers what a room or a coordinator asks of a saver, over real gRPC, and keeps nothing: every inbox is empty, every
 * ack and every API key is good. So that the machine's cores go to the part that is measured and not to stores.
 * Thread-safe.
 */
final class FakeSaver extends SaverGrpc.SaverImplBase {
    private static final FetchResult EMPTY = FetchResult.newBuilder().setCode(FetchResult.Code.OK).build();
    private static final int APP = 7;
    private static final EndResult ENDED = EndResult.newBuilder().setCode(EndResult.Code.ENDED_NOW).build();

    @Override
    public StreamObserver<AppendBatch> append(StreamObserver<AppendBatchReply> replies) {
        return BatchServer.serve(replies, batch -> {
            var reply = AppendBatchReply.newBuilder().setBatchId(batch.getBatchId());
            batch.getItemsList().forEach(item -> reply.addResults(AppendResult.newBuilder()
                    .setCode(AppendResult.Code.ACCEPTED).setMessageId(item.getMessageId())));
            return CompletableFuture.completedFuture(reply.build());
        });
    }

    @Override
    public StreamObserver<FetchBatch> fetch(StreamObserver<FetchBatchReply> replies) {
        return BatchServer.serve(replies, batch -> {
            var reply = FetchBatchReply.newBuilder().setBatchId(batch.getBatchId());
            for (int i = 0; i < batch.getItemsCount(); i++) {
                reply.addResults(EMPTY);
            }
            return CompletableFuture.completedFuture(reply.build());
        });
    }

    @Override
    public StreamObserver<EndBatch> end(StreamObserver<EndBatchReply> replies) {
        return BatchServer.serve(replies, batch -> {
            var reply = EndBatchReply.newBuilder().setBatchId(batch.getBatchId());
            for (int i = 0; i < batch.getItemsCount(); i++) {
                reply.addResults(ENDED);
            }
            return CompletableFuture.completedFuture(reply.build());
        });
    }

    /** Any key is one of app 7. */
    @Override
    public void findKey(FindKeyRequest request, StreamObserver<KeyRecord> answer) {
        answer.onNext(KeyRecord.newBuilder().setAppId(APP).setKeyHash(request.getKeyHash()).build());
        answer.onCompleted();
    }
}
