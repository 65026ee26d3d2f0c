package io.longwire.room.rig;

import io.longwire.register.client.Session;
import io.longwire.room.login.SessionPeers;
import io.longwire.room.phone.RoomLoops;
import io.longwire.rpc.room.ControlItem;
import io.longwire.rpc.room.ControlResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Other rooms answer as the test says; sessions of this room are asked for real. */
public final class FakePeers implements SessionPeers {
    public final List<String> dropped = new ArrayList<>();
    public final List<Session> probed = new ArrayList<>();
    /** What other rooms answer to a probe; null = their room cannot be asked. */
    public ControlResult.@Nullable Code probeAnswer = ControlResult.Code.SILENT;
    private @Nullable RoomLoops loops;

    public void start(RoomLoops own) {
        loops = own;
    }

    @Override
    public CompletableFuture<ControlResult.Code> probe(Session other) {
        probed.add(other);
        if (other.roomIncarnation() == FakeRegister.ROOM && loops != null) {
            return loops.control(item(ControlItem.Kind.PROBE, other).build()).thenApply(ControlResult::getCode);
        }
        return probeAnswer == null
                ? CompletableFuture.failedFuture(new IllegalStateException("unreachable"))
                : CompletableFuture.completedFuture(probeAnswer);
    }

    @Override
    public void drop(Session other, long belowConnSeq) {
        dropped.add(other.endpointId() + "@" + other.connSeq() + "<" + belowConnSeq);
        if (other.roomIncarnation() == FakeRegister.ROOM && loops != null) {
            loops.control(item(ControlItem.Kind.DROP, other).setBelowConnSeq(belowConnSeq).build());
        }
    }

    @Override
    public void fetchAgain(long endpointId, long home) {
        if (loops != null) {
            loops.fetchNow(endpointId, home);
        }
    }

    @Override
    public int incarnation() {
        return FakeRegister.ROOM;
    }

    private static ControlItem.Builder item(ControlItem.Kind kind, Session other) {
        return ControlItem.newBuilder().setKind(kind).setEndpointId(other.endpointId()).setConnSeq(other.connSeq())
                .setHandle(other.handle());
    }
}
