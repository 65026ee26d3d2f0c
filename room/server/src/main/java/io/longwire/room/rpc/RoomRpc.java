package io.longwire.room.rpc;

import io.grpc.stub.StreamObserver;
import io.longwire.keeper.rpc.BatchServer;
import io.longwire.rpc.room.ControlBatch;
import io.longwire.rpc.room.ControlBatchReply;
import io.longwire.rpc.room.PushBatch;
import io.longwire.rpc.room.PushBatchReply;
import io.longwire.rpc.room.RoomGrpc;

/** The gRPC service of the room. Thread-safe. */
public final class RoomRpc extends RoomGrpc.RoomImplBase {
    private final PushDesk pushes;
    private final ControlDesk controls;

    public RoomRpc(PushDesk pushes, ControlDesk controls) {
        this.pushes = pushes;
        this.controls = controls;
    }

    @Override
    public StreamObserver<PushBatch> push(StreamObserver<PushBatchReply> replies) {
        return BatchServer.serve(replies, pushes::push);
    }

    @Override
    public StreamObserver<ControlBatch> control(StreamObserver<ControlBatchReply> replies) {
        return BatchServer.serve(replies, controls::control);
    }
}
