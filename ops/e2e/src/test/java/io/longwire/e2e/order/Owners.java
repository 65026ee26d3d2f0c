package io.longwire.e2e.order;

import io.longwire.center.send.Sessions;
import io.longwire.e2e.order.Step.Spot;
import io.longwire.register.client.Lookup;
import io.longwire.register.client.PutResult;
import io.longwire.register.client.Session;
import io.longwire.register.client.SessionListener;
import io.longwire.room.directory.SessionDirectory;
import io.longwire.room.presence.Arrival;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The two owners of the endpoint's slot, both complete for it, asked and told as the register's client does: puts go to
 * both, a look-up asks one and, if that is gone, the other. What a dead one has not acknowledged is flushed to its
 * successor, after which the room is told to fetch again.
 */
final class Owners implements Sessions, SessionDirectory {
    static final int ROOM = 7;

    private final int firstAsked;
    private final Consumer<Step> steps;
    private final @Nullable Session[] known = new @Nullable Session[2];
    private final boolean[] dead = new boolean[2];
    private SmallWorld.Fault fault = SmallWorld.Fault.NONE;
    private LongConsumer flushed = handle -> {
    };
    private Runnable tick = () -> {
    };

    Owners(int firstAsked, Consumer<Step> steps) {
        this.firstAsked = firstAsked;
        this.steps = steps;
    }

    /**
     * @param told that the sessions of the slot are to be fetched for again, with their handle
     * @param onTick lets time pass in the room
     */
    void serve(SmallWorld.Fault planted, LongConsumer told, Runnable onTick) {
        fault = planted;
        flushed = told;
        tick = onTick;
    }

    static Spot spot(int owner) {
        return owner == 0 ? Spot.OWNER_1 : Spot.OWNER_2;
    }

    void die(int owner) {
        dead[owner] = true;
        known[owner] = null;
    }

    @Override
    public CompletableFuture<Lookup> find(long endpointId) {
        var answer = new CompletableFuture<Lookup>();
        look(firstAsked, answer);
        return answer;
    }

    private void look(int owner, CompletableFuture<Lookup> answer) {
        steps.accept(new Step("owner " + (owner + 1) + " is asked", Set.of(spot(owner)), () -> {
            if (dead[owner]) {
                look(1 - owner, answer);
                return;
            }
            Session session = known[owner];
            Lookup found = session == null ? new Lookup.Offline(true) : new Lookup.Online(session, "owner-" + owner);
            steps.accept(new Step("center hears: " + (session == null ? "offline" : "online"), Set.of(Spot.CENTER),
                    () -> answer.complete(found)));
        }));
    }

    @Override
    public CompletableFuture<Lookup> findElsewhere(Lookup.Online notThere) {
        throw new AssertionError("the room said NOT_HERE (expected: never, here)");
    }

    @Override
    public @Nullable Session put(long endpointId, long connSeq, long handle, Arrival arrival,
            SessionListener listener, Executor executor) {
        var told = new Acks(listener, executor);
        for (int i = 0; i < 2; i++) {
            int owner = i;
            var ack = new Step("room hears: put " + (owner + 1), Set.of(Spot.ROOM), told::next);
            boolean hasty = fault == SmallWorld.Fault.FETCH_BEFORE_PUT;
            steps.accept(new Step("put " + (owner + 1), Set.of(spot(owner)), () -> {
                if (dead[owner]) {
                    steps.accept(new Step("room hears: its successor has the slot", Set.of(Spot.ROOM),
                            () -> flushed.accept(handle)));
                    return;
                }
                known[owner] = new Session(endpointId, connSeq, ROOM, handle);
                if (!hasty) {
                    steps.accept(ack);
                }
            }));
            if (hasty) {
                steps.accept(ack);
            }
        }
        return null;
    }

    @Override
    public void remove(long endpointId, long connSeq) {
        throw new AssertionError("remove (expected: never, here)");
    }

    @Override
    public void uninstalled(int appId, long endpointId, long connSeq) {
        throw new AssertionError("uninstalled (expected: never, here)");
    }

    @Override
    public void onNetwork(int appId, long endpointId, long connSeq, String network) {
        throw new AssertionError("onNetwork (expected: never, here)");
    }

    @Override
    public void removeStray(long endpointId, long connSeq) {
        throw new AssertionError("removeStray (expected: never, here)");
    }

    /** First and second acknowledgement of one put. */
    private final class Acks {
        private final SessionListener listener;
        private final Executor executor;
        private int count;

        Acks(SessionListener listener, Executor executor) {
            this.listener = listener;
            this.executor = executor;
        }

        void next() {
            if (++count == 1) {
                executor.execute(() -> listener.onFirstAck(PutResult.STORED));
                steps.accept(new Step("a tick passes", Set.of(Spot.ROOM), tick)); // the room waits so long for more
            } else if (fault != SmallWorld.Fault.NO_SECOND_FETCH) {
                executor.execute(() -> listener.onSecondAck(PutResult.STORED));
            }
        }
    }
}
