package io.longwire.coordinator.client;

import io.longwire.keeper.rpc.Balance;
import io.longwire.keeper.rpc.BatchCall;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.rpc.coordinator.PresenceChunk;
import io.longwire.rpc.coordinator.PresenceResult;
import java.util.concurrent.CompletableFuture;

/**
 * The coordinators as one, as rooms tell them of sessions. No call blocks.
 *
 * <p>A future completes with a result, or exceptionally with {@link io.longwire.keeper.rpc.RpcFailure}, within 2 s; of
 * a failed one it is not known whether it was kept: send the same chunk again, which keeps it once. One chunk of a
 * partition at a time, or their order is nobody's.
 */
public final class PresenceClient implements AutoCloseable {
    private final BatchCall<PresenceChunk, PresenceResult> tells;

    /** Opens nothing yet; streams open at first use. */
    public PresenceClient(Rpc rpc) {
        this.tells = rpc.anyOf(CoordinatorClient.PART, new TellMethod(), Balance.byKey(PresenceChunk::getPartition));
    }

    public CompletableFuture<PresenceResult> tell(PresenceChunk chunk) {
        return tells.call(chunk);
    }

    /** Everything pending fails with CLOSED. */
    @Override
    public void close() {
        tells.close();
    }
}
