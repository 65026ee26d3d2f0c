package io.longwire.room.rpc;

import io.longwire.keeper.cluster.Cluster;
import io.longwire.register.client.Session;
import io.longwire.room.client.RoomClient;
import io.longwire.room.login.SessionPeers;
import io.longwire.room.phone.RoomLoops;
import io.longwire.rpc.room.ControlItem;
import io.longwire.rpc.room.ControlResult;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Other sessions of an endpoint: those of this room by its loops, the rest by {@link RoomClient}. Thread-safe. */
public final class RoomPeers implements SessionPeers {
    private final Cluster cluster;
    private final RoomClient rooms;
    private volatile @Nullable RoomLoops own;

    public RoomPeers(Cluster cluster, RoomClient rooms) {
        this.cluster = cluster;
        this.rooms = rooms;
    }

    /** Connects the loops of this room; once, before the first call. */
    public void start(RoomLoops loops) {
        own = loops;
    }

    @Override
    public CompletableFuture<ControlResult.Code> probe(Session other) {
        return other.roomIncarnation() == incarnation()
                ? own().control(item(ControlItem.Kind.PROBE, other).build()).thenApply(ControlResult::getCode)
                : rooms.probe(wire(other));
    }

    @Override
    public void drop(Session other, long belowConnSeq) {
        if (other.roomIncarnation() == incarnation()) {
            own().control(item(ControlItem.Kind.DROP, other).setBelowConnSeq(belowConnSeq).build());
        } else {
            rooms.drop(wire(other), belowConnSeq);
        }
    }

    @Override
    public void fetchAgain(long endpointId, long home) {
        own().fetchNow(endpointId, home);
    }

    @Override
    public int incarnation() {
        return cluster.self().index();
    }

    private RoomLoops own() {
        return Objects.requireNonNull(own, "room loops: not started");
    }

    private static ControlItem.Builder item(ControlItem.Kind kind, Session other) {
        return ControlItem.newBuilder().setKind(kind).setEndpointId(other.endpointId()).setConnSeq(other.connSeq())
                .setHandle(other.handle());
    }

    private static io.longwire.rpc.register.Session wire(Session other) {
        return io.longwire.rpc.register.Session.newBuilder().setEndpointId(other.endpointId())
                .setConnSeq(other.connSeq()).setRoomIncarnation(other.roomIncarnation()).setHandle(other.handle())
                .build();
    }
}
