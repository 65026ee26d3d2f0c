package io.longwire.room.client;

import io.grpc.MethodDescriptor;
import io.longwire.keeper.rpc.BatchMethod;
import io.longwire.rpc.room.PushBatch;
import io.longwire.rpc.room.PushBatchReply;
import io.longwire.rpc.room.PushItem;
import io.longwire.rpc.room.PushResult;
import io.longwire.rpc.room.RoomGrpc;
import java.time.Duration;
import java.util.List;

/**
 * Pushes of one caller to one incarnation of a room.
 *
 * @param roomIncarnation written on each batch, so that a later process at the same address answers NOT_HERE
 */
record PushMethod(int roomIncarnation) implements BatchMethod<PushItem, PushResult.Code, PushBatch, PushBatchReply> {
    private static final Duration DEADLINE = Duration.ofMillis(500);
    private static final int FRAMING = 5;

    @Override
    public MethodDescriptor<PushBatch, PushBatchReply> method() {
        return RoomGrpc.getPushMethod();
    }

    @Override
    public Duration deadline() {
        return DEADLINE;
    }

    @Override
    public PushBatch batch(long batchId, List<PushItem> items) {
        return PushBatch.newBuilder().setBatchId(batchId).setRoomIncarnation(roomIncarnation).addAllItems(items)
                .build();
    }

    @Override
    public long batchId(PushBatchReply reply) {
        return reply.getBatchId();
    }

    @Override
    public List<PushResult.Code> results(PushBatchReply reply) {
        return reply.getResultsList().stream().map(PushResult::getCode).toList();
    }

    @Override
    public int sizeOf(PushItem item) {
        return item.getSerializedSize() + FRAMING;
    }
}
