package io.longwire.center.ledger;

import io.longwire.center.access.Scope;
import io.longwire.center.api.Callers;
import io.longwire.center.api.Calls;
import io.longwire.center.api.Feature;
import io.longwire.rpc.center.ConservationRequest;
import java.time.Duration;

/** The books, for the operator and for each app. Thread-safe, never blocks. */
public record LedgerCalls(Callers callers, Books books) implements Feature {
    private static final Duration SCAN = Duration.ofSeconds(32);

    @Override
    public void register(Calls.Table table) {
        table.call("GetConservation", ConservationRequest.getDefaultInstance(), (call, request) -> {
            call.mayTake(SCAN);
            return callers.caller(call).thenCompose(caller -> books
                    .conservation(caller.appOrAny(Scope.READ, request.getAppId()), request));
        });
    }
}
