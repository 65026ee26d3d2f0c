package io.longwire.register.client;

import io.longwire.keeper.cluster.SlotMap;
import io.longwire.keeper.rpc.BatchCall;
import io.longwire.rpc.register.LookupResult;
import java.util.concurrent.CompletableFuture;

/** One owner as it is asked: its stream and its breaker. Thread-safe. */
final class LookupTarget {
    private final String instance;
    private final BatchCall<Long, LookupResult> stream;
    private final Breaker breaker;
    private final Runnable onFailure;

    LookupTarget(SlotMap.Owner owner, BatchCall<Long, LookupResult> stream, Breaker breaker, Runnable onFailure) {
        this.instance = owner.instance();
        this.stream = stream;
        this.breaker = breaker;
        this.onFailure = onFailure;
    }

    /** Never completes exceptionally: no answer is UNKNOWN. */
    CompletableFuture<Lookup> ask(long endpointId) {
        if (!breaker.allows()) {
            onFailure.run();
            return CompletableFuture.completedFuture(Lookup.UNKNOWN);
        }
        return stream.call(endpointId).handle((result, failure) -> {
            if (result == null) {
                breaker.failed();
                onFailure.run();
                return Lookup.UNKNOWN;
            }
            breaker.succeeded();
            return understand(result);
        });
    }

    void close() {
        stream.close();
    }

    private Lookup understand(LookupResult result) {
        return switch (result.getState()) {
            case ONLINE -> new Lookup.Online(Session.of(result.getSession()), instance);
            case OFFLINE -> new Lookup.Offline(result.getCompleteByFlush());
            case UNKNOWN, UNRECOGNIZED -> Lookup.UNKNOWN;
        };
    }
}
