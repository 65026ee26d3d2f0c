package io.longwire.room.client;

import io.grpc.MethodDescriptor;
import io.longwire.keeper.rpc.BatchMethod;
import io.longwire.rpc.room.ControlBatch;
import io.longwire.rpc.room.ControlBatchReply;
import io.longwire.rpc.room.ControlItem;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.room.RoomGrpc;
import java.time.Duration;
import java.util.List;

/**
 * Control of one incarnation of a room. Probes wait for a phone up to 3 s and replies leave in order, so probes have
 * a stream of their own.
 *
 * @param deadline how long an answer may take
 */
record ControlMethod(int roomIncarnation, Duration deadline)
        implements
            BatchMethod<ControlItem, ControlResult, ControlBatch, ControlBatchReply> {
    static final Duration QUICK = Duration.ofSeconds(1);
    static final Duration PROBE = Duration.ofSeconds(8);
    private static final int FRAMING = 5;

    @Override
    public MethodDescriptor<ControlBatch, ControlBatchReply> method() {
        return RoomGrpc.getControlMethod();
    }

    @Override
    public ControlBatch batch(long batchId, List<ControlItem> items) {
        return ControlBatch.newBuilder().setBatchId(batchId).setRoomIncarnation(roomIncarnation).addAllItems(items)
                .build();
    }

    @Override
    public long batchId(ControlBatchReply reply) {
        return reply.getBatchId();
    }

    @Override
    public List<ControlResult> results(ControlBatchReply reply) {
        return reply.getResultsList();
    }

    @Override
    public int sizeOf(ControlItem item) {
        return item.getSerializedSize() + FRAMING;
    }
}
