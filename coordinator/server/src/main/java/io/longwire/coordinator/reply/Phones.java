package io.longwire.coordinator.reply;

import io.longwire.register.client.Lookup;
import io.longwire.register.client.Session;
import io.longwire.room.client.ReplyOrder;
import io.longwire.rpc.room.ControlResult;
import java.util.concurrent.CompletableFuture;

/** Where phones are, and the way to them: the register and the rooms. Every future completes within a second or two. */
public interface Phones {
    /** Never fails. */
    CompletableFuture<Lookup> find(long endpointId);

    /** The room of this session has it no more: what the other owner of the register knows. Never fails. */
    CompletableFuture<Lookup> findElsewhere(Lookup.Online notThere);

    /** A failure: not known whether it was written. */
    CompletableFuture<ControlResult.Code> reply(Session session, ReplyOrder order);
}
