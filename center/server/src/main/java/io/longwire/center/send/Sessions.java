package io.longwire.center.send;

import io.longwire.register.client.Lookup;
import java.util.concurrent.CompletableFuture;

/** Where the sessions are known; the register. No future fails: what nobody could say is UNKNOWN. */
public interface Sessions {
    /** Asks one owner of the slot; UNKNOWN there, the other. */
    CompletableFuture<Lookup> find(long endpointId);

    /** Asks the other owner, after the room of this session answered that it is not there. */
    CompletableFuture<Lookup> findElsewhere(Lookup.Online notThere);
}
