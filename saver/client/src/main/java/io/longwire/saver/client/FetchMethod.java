package io.longwire.saver.client;

import io.grpc.MethodDescriptor;
import io.longwire.keeper.rpc.BatchMethod;
import io.longwire.rpc.saver.FetchBatch;
import io.longwire.rpc.saver.FetchBatchReply;
import io.longwire.rpc.saver.FetchItem;
import io.longwire.rpc.saver.FetchResult;
import io.longwire.rpc.saver.SaverGrpc;
import java.time.Duration;
import java.util.List;

/** Fetches as batches of the streaming method. */
final class FetchMethod implements BatchMethod<FetchItem, FetchResult, FetchBatch, FetchBatchReply> {
    /** Two tries of 500 ms: within one of them a saver answers, be its Redis or its ledger silent. */
    private static final Duration DEADLINE = Duration.ofSeconds(1);

    @Override
    public MethodDescriptor<FetchBatch, FetchBatchReply> method() {
        return SaverGrpc.getFetchMethod();
    }

    @Override
    public Duration deadline() {
        return DEADLINE;
    }

    @Override
    public FetchBatch batch(long batchId, List<FetchItem> items) {
        return FetchBatch.newBuilder().setBatchId(batchId).addAllItems(items).build();
    }

    @Override
    public long batchId(FetchBatchReply reply) {
        return reply.getBatchId();
    }

    @Override
    public List<FetchResult> results(FetchBatchReply reply) {
        return reply.getResultsList();
    }

    @Override
    public int sizeOf(FetchItem item) {
        return 20 + item.getSkipIdsCount() * Long.BYTES;
    }
}
