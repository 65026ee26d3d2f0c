package io.longwire.room.rpc;

import io.longwire.keeper.metrics.Metrics;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.metric.Tagged;
import io.longwire.room.phone.RoomLoops;
import io.longwire.rpc.room.ControlBatch;
import io.longwire.rpc.room.ControlBatchReply;
import io.longwire.rpc.room.ControlItem;
import io.longwire.rpc.room.ControlResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;

/** Deals control items to the loops that have their sessions. Thread-safe. */
public final class ControlDesk {
    private static final ControlResult NOT_HERE = ControlResult.newBuilder().setCode(ControlResult.Code.NOT_HERE)
            .build();

    private final RoomLoops loops;
    private final IntSupplier incarnation;
    private final Tagged<ControlItem.Kind> asked;

    public ControlDesk(RoomLoops loops, IntSupplier incarnation, Metrics metrics) {
        this.loops = loops;
        this.incarnation = incarnation;
        this.asked = new Tagged<>(metrics, RoomMetric.CONTROLS, "kind", ControlItem.Kind.class);
    }

    CompletableFuture<ControlBatchReply> control(ControlBatch batch) {
        boolean ours = batch.getRoomIncarnation() == incarnation.getAsInt();
        List<CompletableFuture<ControlResult>> answers = new ArrayList<>(batch.getItemsCount());
        for (ControlItem item : batch.getItemsList()) {
            answers.add(ours ? one(item) : CompletableFuture.completedFuture(NOT_HERE));
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).thenApply(all -> {
            ControlBatchReply.Builder reply = ControlBatchReply.newBuilder().setBatchId(batch.getBatchId());
            answers.forEach(answer -> reply.addResults(answer.join()));
            return reply.build();
        });
    }

    private CompletableFuture<ControlResult> one(ControlItem item) {
        asked.increment(item.getKind());
        return loops.control(item);
    }
}
