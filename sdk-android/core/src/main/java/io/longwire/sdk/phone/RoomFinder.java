package io.longwire.sdk.phone;

import io.longwire.device.dispatcher.Rooms;
import io.longwire.sdk.dispatcher.DispatcherFailure;
import io.longwire.sdk.policy.ReconnectPolicy;
import java.io.IOException;

/** Asks the dispatcher for rooms, one question at a time, and spreads what it says. Belongs to the loop. */
final class RoomFinder {
    /** How a question ends; on the loop. */
    interface Events {
        /** There is a new list. */
        void onList();

        void onNoList(DispatcherFailure failure);
    }

    private final Parts parts;
    private final Routes routes;
    private final ReconnectPolicy reconnect;
    private final Events events;
    private boolean asking;

    RoomFinder(Parts parts, Routes routes, ReconnectPolicy reconnect, Events events) {
        this.parts = parts;
        this.routes = routes;
        this.reconnect = reconnect;
        this.events = events;
    }

    /** Whether a question is under way. */
    boolean isAsking() { return asking; }

    /** Asks, unless a question is under way or the dispatcher wants to be left alone. */
    void ask(String endpoint) {
        if (asking || routes.askWaitMillis() > 0) {
            return;
        }
        asking = true;
        parts.calls.rooms(endpoint, routes.attempt(), new DispatcherCalls.Answer<Rooms>() {
            @Override
            public void onAnswer(Rooms rooms) {
                asking = false;
                take(rooms);
                events.onList();
            }

            @Override
            public void onFailure(DispatcherFailure failure) {
                asking = false;
                events.onNoList(failure);
            }
        });
    }

    private void take(Rooms rooms) {
        parts.time.told(rooms.getServerTimeMs());
        reconnect.limits(rooms.getRetry().getBaseMs() & 0xFFFFFFFFL, rooms.getRetry().getCapMs() & 0xFFFFFFFFL);
        if (parts.store.phone().getCrashWindowMs() == 0) {
            reconnect.window(rooms.getRetry().getFirstWindowMs() & 0xFFFFFFFFL);
        }
        try {
            routes.rooms(rooms);
        } catch (IOException full) {
            parts.storeProblem(full);
        }
    }
}
