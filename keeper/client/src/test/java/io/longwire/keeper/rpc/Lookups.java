package io.longwire.keeper.rpc;

import io.grpc.MethodDescriptor;
import io.longwire.rpc.register.LookupBatch;
import io.longwire.rpc.register.LookupBatchReply;
import io.longwire.rpc.register.LookupResult;
import io.longwire.rpc.register.RegisterGrpc;
import java.time.Duration;
import java.util.List;

/** Register lookups, as a method to try streams with. */
public record Lookups(Duration deadline) implements BatchMethod<Long, LookupResult, LookupBatch, LookupBatchReply> {
    @Override
    public MethodDescriptor<LookupBatch, LookupBatchReply> method() {
        return RegisterGrpc.getLookupMethod();
    }

    @Override
    public LookupBatch batch(long batchId, List<Long> items) {
        return LookupBatch.newBuilder().setBatchId(batchId).addAllEndpointIds(items).build();
    }

    @Override
    public long batchId(LookupBatchReply reply) {
        return reply.getBatchId();
    }

    @Override
    public List<LookupResult> results(LookupBatchReply reply) {
        return reply.getResultsList();
    }

    @Override
    public int sizeOf(Long item) {
        return 9;
    }
}
