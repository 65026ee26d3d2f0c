package io.longwire.center.status;

import io.longwire.center.send.Rooms;
import io.longwire.center.send.Sessions;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.register.client.Lookup;
import io.longwire.rpc.room.ControlResult;
import java.util.concurrent.CompletableFuture;

/** Whether endpoints are online, and at which room. Thread-safe, never blocks. */
public final class Presence {
    /** What a room said that was not asked, or did not answer: nothing. */
    static final ControlResult NOT_TOLD = ControlResult.newBuilder().setCode(ControlResult.Code.BUSY).build();

    private final Sessions sessions;
    private final Rooms rooms;
    private final Cluster cluster;

    public Presence(Sessions sessions, Rooms rooms, Cluster cluster) {
        this.sessions = sessions;
        this.rooms = rooms;
        this.cluster = cluster;
    }

    /**
     * What the room of a session knows of it and of a message. Never fails: {@link #NOT_TOLD} without a session or an
     * answer.
     */
    public CompletableFuture<ControlResult> ask(Lookup found, long messageId) {
        return found instanceof Lookup.Online online
                ? rooms.ask(online.session(), messageId).exceptionally(silent -> NOT_TOLD)
                : CompletableFuture.completedFuture(NOT_TOLD);
    }

    /** What the register says now. Never fails. */
    public CompletableFuture<Lookup> of(long endpointId) {
        return sessions.find(endpointId);
    }

    /** The instance that holds the session; empty if there is none. */
    String room(Lookup found) {
        if (!(found instanceof Lookup.Online online)) {
            return "";
        }
        int incarnation = online.session().roomIncarnation();
        return cluster.members("room").byIndex(incarnation).map(Member::instance).orElse("room " + incarnation);
    }

    static String label(Lookup found) {
        return switch (found) {
            case Lookup.Online online -> "online";
            case Lookup.Offline offline -> "offline";
            case Lookup.Unknown unknown -> "unknown";
        };
    }
}
