package io.longwire.saver.due;

import io.longwire.register.client.Lookup;
import io.longwire.register.client.RegisterClient;
import io.longwire.register.client.Session;
import io.longwire.room.client.RoomClient;
import io.longwire.rpc.room.ControlResult;
import java.util.concurrent.CompletableFuture;

/** Reaches endpoints through both register owners of their slot and the room they name. */
public final class RegisterReach implements Reach {
    private final RegisterClient register;
    private final RoomClient rooms;

    public RegisterReach(RegisterClient register, RoomClient rooms) {
        this.register = register;
        this.rooms = rooms;
    }

    @Override
    public CompletableFuture<Outcome> reach(long endpoint) {
        return register.lookupAll(endpoint).thenCompose(found -> switch (found) {
            case Lookup.Online online -> tell(online.session());
            case Lookup.Offline offline -> CompletableFuture
                    .completedFuture(offline.completeByFlush() ? Outcome.OFFLINE : Outcome.UNKNOWN);
            case Lookup.Unknown nobody -> CompletableFuture.completedFuture(Outcome.UNKNOWN);
        }).exceptionally(failed -> Outcome.UNKNOWN);
    }

    private CompletableFuture<Outcome> tell(Session session) {
        return rooms.fetch(io.longwire.rpc.register.Session.newBuilder().setEndpointId(session.endpointId())
                .setConnSeq(session.connSeq()).setRoomIncarnation(session.roomIncarnation())
                .setHandle(session.handle()).build()).thenApply(RegisterReach::outcome);
    }

    private static Outcome outcome(ControlResult.Code code) {
        return switch (code) {
            case DONE, PARKED -> Outcome.TOLD;
            case NOT_READY -> Outcome.NOT_READY;
            default -> Outcome.UNKNOWN;
        };
    }
}
