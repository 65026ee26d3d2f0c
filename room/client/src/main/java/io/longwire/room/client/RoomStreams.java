package io.longwire.room.client;

import io.longwire.keeper.rpc.BatchCall;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.rpc.room.ControlItem;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.room.PushItem;
import io.longwire.rpc.room.PushResult;

/** The streams to one incarnation of a room. Immutable. */
record RoomStreams(BatchCall<PushItem, PushResult.Code> pushes, BatchCall<ControlItem, ControlResult> controls,
        BatchCall<ControlItem, ControlResult> probes) {

    static RoomStreams open(Rpc rpc, String address, int incarnation) {
        return new RoomStreams(rpc.stream(address, new PushMethod(incarnation)),
                rpc.stream(address, new ControlMethod(incarnation, ControlMethod.QUICK)),
                rpc.stream(address, new ControlMethod(incarnation, ControlMethod.PROBE)));
    }

    int pending() {
        return pushes.pending() + controls.pending() + probes.pending();
    }

    void close() {
        pushes.close();
        controls.close();
        probes.close();
    }
}
