package io.longwire.saver.client;

import io.grpc.MethodDescriptor;
import io.longwire.keeper.rpc.BatchMethod;
import io.longwire.rpc.saver.EndBatch;
import io.longwire.rpc.saver.EndBatchReply;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.SaverGrpc;
import java.time.Duration;
import java.util.List;

/** Ends and attempts as batches of the streaming method. */
final class EndMethod implements BatchMethod<EndItem, EndResult, EndBatch, EndBatchReply> {
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final int ITEM_BYTES = 80;

    @Override
    public MethodDescriptor<EndBatch, EndBatchReply> method() {
        return SaverGrpc.getEndMethod();
    }

    @Override
    public Duration deadline() {
        return DEADLINE;
    }

    @Override
    public EndBatch batch(long batchId, List<EndItem> items) {
        return EndBatch.newBuilder().setBatchId(batchId).addAllItems(items).build();
    }

    @Override
    public long batchId(EndBatchReply reply) {
        return reply.getBatchId();
    }

    @Override
    public List<EndResult> results(EndBatchReply reply) {
        return reply.getResultsList();
    }

    @Override
    public int sizeOf(EndItem item) {
        return ITEM_BYTES;
    }
}
