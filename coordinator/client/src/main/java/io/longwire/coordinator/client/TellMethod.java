package io.longwire.coordinator.client;

import io.grpc.MethodDescriptor;
import io.longwire.keeper.rpc.BatchMethod;
import io.longwire.rpc.coordinator.PresenceBatch;
import io.longwire.rpc.coordinator.PresenceBatchReply;
import io.longwire.rpc.coordinator.PresenceChunk;
import io.longwire.rpc.coordinator.PresenceKeeperGrpc;
import io.longwire.rpc.coordinator.PresenceResult;
import java.time.Duration;
import java.util.List;

/** Chunks of presence as batches of the streaming method. */
record TellMethod() implements BatchMethod<PresenceChunk, PresenceResult, PresenceBatch, PresenceBatchReply> {
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    @Override
    public MethodDescriptor<PresenceBatch, PresenceBatchReply> method() {
        return PresenceKeeperGrpc.getTellMethod();
    }

    @Override
    public Duration deadline() {
        return DEADLINE;
    }

    @Override
    public PresenceBatch batch(long batchId, List<PresenceChunk> chunks) {
        return PresenceBatch.newBuilder().setBatchId(batchId).addAllChunks(chunks).build();
    }

    @Override
    public long batchId(PresenceBatchReply reply) {
        return reply.getBatchId();
    }

    @Override
    public List<PresenceResult> results(PresenceBatchReply reply) {
        return reply.getResultsList();
    }

    @Override
    public int sizeOf(PresenceChunk chunk) {
        return chunk.getSerializedSize();
    }
}
