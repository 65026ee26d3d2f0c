package io.longwire.room.presence;

import io.longwire.rpc.coordinator.PresenceItem.Kind;

import org.jspecify.annotations.Nullable;

/** What the answers of the register's owners mean for those who watch an endpoint. Static, pure. */
final class PresenceRules {
    private PresenceRules() {
    }

    /**
     * Of a put, when what each owner says is known.
     *
     * @param stored owners that had no other live session; the same one found again counts so
     * @param displaced owners that had an older live session
     * @param incumbents owners that keep a newer session
     * @return null = nothing is told yet: the room is asking whether the newer one lives
     */
    static @Nullable Kind ofPut(int stored, int displaced, int incumbents) {
        if (stored > 0 || stored + displaced + incumbents == 0) {
            return Kind.ONLINE;
        }
        return displaced > 0 ? Kind.MOVED : null;
    }

    /**
     * Of a removal, when what each owner says is known: where nobody answered, offline is the better guess, since a
     * newer session tells of itself under a higher conn_seq.
     *
     * @param removed owners that had this very session
     * @param superseded owners that have another live session
     * @param absent owners that had none
     */
    static boolean isOffline(int removed, int superseded, int absent) {
        return superseded == 0 && (removed > 0 || absent == 0);
    }
}
