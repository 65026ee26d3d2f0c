package io.longwire.saver.client;

import io.grpc.MethodDescriptor;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.rpc.BatchMethod;
import io.longwire.rpc.saver.AppendBatch;
import io.longwire.rpc.saver.AppendBatchReply;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.SaverGrpc;
import java.time.Duration;
import java.util.List;

/** Appends as batches of the streaming method. */
record AppendMethod(Cluster cluster) implements BatchMethod<AppendItem, AppendResult, AppendBatch, AppendBatchReply> {
    private static final Duration DEADLINE = Duration.ofSeconds(1);
    private static final int FIXED_BYTES = 48;
    private static final int IDEMPOTENCY_BYTES = 72;

    @Override
    public MethodDescriptor<AppendBatch, AppendBatchReply> method() {
        return SaverGrpc.getAppendMethod();
    }

    @Override
    public Duration deadline() {
        return DEADLINE;
    }

    @Override
    public AppendBatch batch(long batchId, List<AppendItem> items) {
        return AppendBatch.newBuilder().setBatchId(batchId).setStamp(cluster.stamp()).addAllItems(items).build();
    }

    @Override
    public long batchId(AppendBatchReply reply) {
        return reply.getBatchId();
    }

    @Override
    public List<AppendResult> results(AppendBatchReply reply) {
        return reply.getResultsList();
    }

    @Override
    public int sizeOf(AppendItem item) {
        return item.getEnvelope().size() + FIXED_BYTES + (item.hasIdempotency() ? IDEMPOTENCY_BYTES : 0);
    }
}
