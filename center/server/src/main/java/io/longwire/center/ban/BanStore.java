package io.longwire.center.ban;

import io.longwire.rpc.saver.Ban;
import io.longwire.rpc.saver.LiftBanRequest;
import io.longwire.rpc.saver.ListBansReply;
import io.longwire.rpc.saver.ListBansRequest;
import java.util.concurrent.CompletableFuture;

/** Where bans are kept; the savers. Futures fail with RpcFailure within their deadline. */
public interface BanStore {
    /** The ban as it is kept, or why it is not. */
    CompletableFuture<Ban> putBan(Ban ban);

    /** The ban as it was, or ABSENT. */
    CompletableFuture<Ban> liftBan(LiftBanRequest request);

    /** Those in force, by id. */
    CompletableFuture<ListBansReply> bans(ListBansRequest request);
}
