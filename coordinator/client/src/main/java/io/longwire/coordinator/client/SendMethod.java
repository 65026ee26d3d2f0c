package io.longwire.coordinator.client;

import io.grpc.MethodDescriptor;
import io.longwire.keeper.rpc.BatchMethod;
import io.longwire.rpc.coordinator.UplinkBatch;
import io.longwire.rpc.coordinator.UplinkBatchReply;
import io.longwire.rpc.coordinator.UplinkItem;
import io.longwire.rpc.coordinator.UplinkResult;
import io.longwire.rpc.coordinator.UplinksGrpc;
import java.time.Duration;
import java.util.List;

/** Uplinks as batches of the streaming method. */
record SendMethod() implements BatchMethod<UplinkItem, UplinkResult, UplinkBatch, UplinkBatchReply> {
    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final int FIXED_BYTES = 56;

    @Override
    public MethodDescriptor<UplinkBatch, UplinkBatchReply> method() {
        return UplinksGrpc.getSendMethod();
    }

    @Override
    public Duration deadline() {
        return DEADLINE;
    }

    @Override
    public UplinkBatch batch(long batchId, List<UplinkItem> items) {
        return UplinkBatch.newBuilder().setBatchId(batchId).addAllItems(items).build();
    }

    @Override
    public long batchId(UplinkBatchReply reply) {
        return reply.getBatchId();
    }

    @Override
    public List<UplinkResult> results(UplinkBatchReply reply) {
        return reply.getResultsList();
    }

    @Override
    public int sizeOf(UplinkItem item) {
        return item.getBody().size() + item.getType().length() + FIXED_BYTES;
    }
}
