package io.longwire.room.login;

import io.longwire.register.client.Session;
import io.longwire.rpc.room.ControlResult;
import java.util.concurrent.CompletableFuture;

/** The sessions that other connections have, in this room or another. Thread-safe, never blocks. */
public interface SessionPeers {
    /**
     * Whether the phone of this session answers; ALIVE, SILENT or NOT_HERE, anything else and a failure: not known.
     */
    CompletableFuture<ControlResult.Code> probe(Session other);

    /** Drops the session if it is older; its phone is told REPLACED. Nobody waits for it. */
    void drop(Session other, long belowConnSeq);

    /** Where the endpoint's session is now, the inbox is looked into. */
    void fetchAgain(long endpointId, long home);

    /** The present incarnation of this room. */
    int incarnation();
}
