package io.longwire.center.status;

import io.longwire.center.send.Sessions;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.register.client.Lookup;
import java.util.concurrent.CompletableFuture;

/** Whether endpoints are online, and at which room. Thread-safe, never blocks. */
public final class Presence {
    private final Sessions sessions;
    private final Cluster cluster;

    public Presence(Sessions sessions, Cluster cluster) {
        this.sessions = sessions;
        this.cluster = cluster;
    }

    /** What the register says now. Never fails. */
    CompletableFuture<Lookup> of(long endpointId) {
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
