package io.longwire.room.presence;

import io.longwire.rpc.coordinator.PresenceChunk;
import io.longwire.rpc.coordinator.PresenceResult;
import java.util.concurrent.CompletableFuture;

/** Who keeps what is told: the coordinators. Thread-safe. */
public interface PresenceSink {
    /**
     * Never blocks; completes on any thread within its deadline. A failure means "not known": the same chunk may be
     * sent again and is kept once.
     */
    CompletableFuture<PresenceResult> tell(PresenceChunk chunk);
}
