package io.longwire.room.rpc;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.longwire.keeper.rpc.BatchServer;
import io.longwire.rpc.room.BroadcastOrder;
import io.longwire.rpc.room.ControlBatch;
import io.longwire.rpc.room.ControlBatchReply;
import io.longwire.rpc.room.CountReply;
import io.longwire.rpc.room.CountRequest;
import io.longwire.rpc.room.PushBatch;
import io.longwire.rpc.room.PushBatchReply;
import io.longwire.rpc.room.RoomGrpc;
import io.longwire.rpc.room.WalkStatus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The gRPC service of the room. Thread-safe. */
public final class RoomRpc extends RoomGrpc.RoomImplBase {
    private final PushDesk pushes;
    private final ControlDesk controls;
    private final BroadcastDesk broadcasts;

    public RoomRpc(PushDesk pushes, ControlDesk controls, BroadcastDesk broadcasts) {
        this.pushes = pushes;
        this.controls = controls;
        this.broadcasts = broadcasts;
    }

    @Override
    public StreamObserver<PushBatch> push(StreamObserver<PushBatchReply> replies) {
        return BatchServer.serve(replies, pushes::push);
    }

    @Override
    public StreamObserver<ControlBatch> control(StreamObserver<ControlBatchReply> replies) {
        return BatchServer.serve(replies, controls::control);
    }

    @Override
    public void putBroadcast(BroadcastOrder order, StreamObserver<WalkStatus> answer) {
        answer(broadcasts.take(order, false), answer);
    }

    @Override
    public void walk(BroadcastOrder order, StreamObserver<WalkStatus> answer) {
        answer(broadcasts.take(order, true), answer);
    }

    @Override
    public void count(CountRequest request, StreamObserver<CountReply> answer) {
        answer(broadcasts.count(request), answer);
    }

    private static <A> void answer(CompletableFuture<A> result, StreamObserver<A> answer) {
        result.whenComplete((value, failure) -> {
            if (failure == null) {
                answer.onNext(value);
                answer.onCompleted();
            } else {
                Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                        ? wrapped.getCause()
                        : failure;
                Status status = cause instanceof IllegalArgumentException
                        ? Status.INVALID_ARGUMENT
                        : Status.UNAVAILABLE;
                answer.onError(status.withDescription(cause.getMessage()).asException());
            }
        });
    }
}
