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
     * Of a removal, when what each owner says is known: offline, unless somebody has a newer session. An owner that
     * had nothing may have forgotten it, or have been refilled when it had left our book, though it was told online;
     * and a newer session that nobody spoke of tells of itself under a higher conn_seq.
     *
     * @param superseded owners that have a newer live session
     */
    static boolean isOffline(int superseded) {
        return superseded == 0;
    }
}
