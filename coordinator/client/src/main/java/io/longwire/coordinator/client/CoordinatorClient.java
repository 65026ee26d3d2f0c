package io.longwire.coordinator.client;

import io.longwire.keeper.rpc.Balance;
import io.longwire.keeper.rpc.BatchCall;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.rpc.coordinator.UplinkItem;
import io.longwire.rpc.coordinator.UplinkResult;
import java.util.concurrent.CompletableFuture;

/**
 * The coordinators as one, as rooms see them. No call blocks.
 *
 * <p>A future completes with a result, or exceptionally with {@link io.longwire.keeper.rpc.RpcFailure}, within 2 s. Any
 * live coordinator takes any uplink; those of one partition go to the same one while it lives, so that they share its
 * writes. Of a failed one it is not known whether it was kept: send it again with the same endpoint and seq, which
 * keeps it once.
 *
 * <p>Order: uplinks of one endpoint that are sent one after the other, each after the result of the one before, are
 * kept in that order; of several in flight at once that holds only while none of them fails.
 */
public final class CoordinatorClient implements AutoCloseable {
    /** The part's name in the cluster. */
    public static final String PART = "coordinator";

    private final BatchCall<UplinkItem, UplinkResult> sends;

    /** Opens nothing yet; streams open at first use. */
    public CoordinatorClient(Rpc rpc) {
        this.sends = rpc.anyOf(PART, new SendMethod(),
                Balance.byKey(item -> Partitions.of(item.getEndpointId())));
    }

    /**
     * KEPT = durable, now or by an earlier attempt: the phone may be told. FULL, TOO_OFTEN, UNAVAILABLE: not kept, the
     * phone tries again after retry_after_ms. REFUSED: it never will be.
     */
    public CompletableFuture<UplinkResult> send(UplinkItem item) {
        return sends.call(item);
    }

    /** Uplinks queued or in flight here. */
    public int pending() {
        return sends.pending();
    }

    /** Everything pending fails with CLOSED. */
    @Override
    public void close() {
        sends.close();
    }
}
