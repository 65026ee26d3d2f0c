package io.longwire.saver.client;

import io.longwire.keeper.rpc.Rpc;
import io.longwire.rpc.saver.Ban;
import io.longwire.rpc.saver.BanChangesReply;
import io.longwire.rpc.saver.BanChangesRequest;
import io.longwire.rpc.saver.BansGrpc;
import io.longwire.rpc.saver.BansGrpc.BansStub;
import io.longwire.rpc.saver.LiftBanRequest;
import io.longwire.rpc.saver.ListBansReply;
import io.longwire.rpc.saver.ListBansRequest;
import java.util.concurrent.CompletableFuture;

/**
 * The bans, as the savers keep them. No call blocks. A future completes with the answer, or exceptionally with {@link
 * io.longwire.keeper.rpc.RpcFailure}, within 3 s; every call may be repeated without harm.
 */
public final class BanClient {
    private final Unary<BansStub> unary;

    public BanClient(Rpc rpc) {
        this.unary = new Unary<>(rpc, BansGrpc::newStub);
    }

    /** The ban as it is kept, or why it is not. */
    public CompletableFuture<Ban> put(Ban ban) {
        return unary.call((stub, answer) -> stub.put(ban, answer));
    }

    /** The ban as it was, or ABSENT. */
    public CompletableFuture<Ban> lift(LiftBanRequest request) {
        return unary.call((stub, answer) -> stub.lift(request, answer));
    }

    public CompletableFuture<ListBansReply> list(ListBansRequest request) {
        return unary.call((stub, answer) -> stub.list(request, answer));
    }

    public CompletableFuture<BanChangesReply> changes(BanChangesRequest request) {
        return unary.call((stub, answer) -> stub.changes(request, answer));
    }
}
