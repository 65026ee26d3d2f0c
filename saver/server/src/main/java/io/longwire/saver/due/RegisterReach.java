package io.longwire.saver.due;

import io.longwire.device.Code;
import io.longwire.keeper.clock.Clock;
import io.longwire.register.client.Lookup;
import io.longwire.register.client.RegisterClient;
import io.longwire.register.client.Session;
import io.longwire.room.client.KickOrder;
import io.longwire.room.client.RoomClient;
import io.longwire.rpc.room.ControlResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Reaches endpoints through both register owners of their slot and the room they name. */
public final class RegisterReach implements Reach {
    private static final int SIGN_OUT_TRIES = 5;
    private static final Duration SIGN_OUT_PAUSE = Duration.ofSeconds(1);

    private final RegisterClient register;
    private final RoomClient rooms;
    private final Clock clock;

    public RegisterReach(RegisterClient register, RoomClient rooms, Clock clock) {
        this.register = register;
        this.rooms = rooms;
        this.clock = clock;
    }

    @Override
    public void signOut(long endpoint, String alias, Supplier<CompletableFuture<Boolean>> lost) {
        signOut(endpoint, new KickOrder(Code.SIGNED_OUT, 0, alias, false), lost, SIGN_OUT_TRIES);
    }

    private void signOut(long endpoint, KickOrder order, Supplier<CompletableFuture<Boolean>> lost, int tries) {
        lost.get().thenCompose(stands -> stands ? kick(endpoint, order) : CompletableFuture.completedFuture(true))
                .exceptionally(failed -> false).thenAccept(done -> {
                    if (!done && tries > 1) {
                        clock.schedule(SIGN_OUT_PAUSE, () -> signOut(endpoint, order, lost, tries - 1));
                    }
                });
    }

    // False: nobody can say where it is.
    private CompletableFuture<Boolean> kick(long endpoint, KickOrder order) {
        return register.lookupAll(endpoint).thenCompose(found -> switch (found) {
            case Lookup.Online online -> rooms.kick(wire(online.session()), order)
                    .thenApply(code -> code == ControlResult.Code.DONE);
            case Lookup.Offline offline -> CompletableFuture.completedFuture(true);
            case Lookup.Unknown nobody -> CompletableFuture.completedFuture(false);
        });
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
        return rooms.fetch(wire(session)).thenApply(RegisterReach::outcome);
    }

    private static io.longwire.rpc.register.Session wire(Session session) {
        return io.longwire.rpc.register.Session.newBuilder().setEndpointId(session.endpointId())
                .setConnSeq(session.connSeq()).setRoomIncarnation(session.roomIncarnation())
                .setHandle(session.handle()).build();
    }

    private static Outcome outcome(ControlResult.Code code) {
        return switch (code) {
            case DONE, PARKED -> Outcome.TOLD;
            case NOT_READY -> Outcome.NOT_READY;
            default -> Outcome.UNKNOWN;
        };
    }
}
