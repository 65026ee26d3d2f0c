package io.longwire.center.send;

import io.longwire.register.client.Session;
import io.longwire.room.client.KickOrder;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.room.PushItem;
import io.longwire.rpc.room.PushResult;
import java.util.concurrent.CompletableFuture;

/** What is asked of rooms. Futures fail with RpcFailure within their deadline, which means "not known". */
public interface Rooms {
    CompletableFuture<PushResult.Code> push(Session session, PushItem item);

    CompletableFuture<ControlResult.Code> kick(Session session, KickOrder order);

    /** What the room knows of the session and, unless 0, of a message to it. */
    CompletableFuture<ControlResult> ask(Session session, long messageId);
}
