package io.longwire.center.ledger;

import io.longwire.rpc.saver.Conservation;
import io.longwire.rpc.saver.ConservationRequest;
import java.util.concurrent.CompletableFuture;

/** Who scans the ledger; the savers. Fails with RpcFailure within 30 s. */
@FunctionalInterface
public interface ConservationStore {
    CompletableFuture<Conservation> conservation(ConservationRequest request);
}
