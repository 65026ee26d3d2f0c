package io.longwire.center.fakes;

import com.google.protobuf.ByteString;
import io.longwire.center.send.HeadStore;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.rpc.saver.ClaimKeyReply;
import io.longwire.rpc.saver.ClaimKeyRequest;
import io.longwire.rpc.saver.Funnel;
import io.longwire.rpc.saver.FunnelRequest;
import io.longwire.rpc.saver.GetHeadRequest;
import io.longwire.rpc.saver.MessageHead;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Heads and claimed keys in memory, as the savers' contract says. Thread-safe. */
public final class FakeHeads implements HeadStore {
    /** Heads by message id. */
    public final Map<Long, MessageHead> heads = new HashMap<>();
    /** Key hashes whose requests are stored whole. */
    public final Set<ByteString> settled = new HashSet<>();
    /** The answers of these calls are lost; what they do is done. */
    public boolean putsLost;
    public boolean settlesLost;
    private final Map<ByteString, ClaimKeyRequest> claims = new HashMap<>();

    synchronized void reset() {
        heads.clear();
        settled.clear();
        claims.clear();
        putsLost = false;
        settlesLost = false;
    }

    @Override
    public synchronized CompletableFuture<ClaimKeyReply> claimKey(ClaimKeyRequest request) {
        ByteString key = request.getKey().getKeyHash();
        ClaimKeyRequest first = claims.computeIfAbsent(key, hash -> request);
        var code = !first.getKey().equals(request.getKey())
                ? ClaimKeyReply.Code.CONFLICT
                : settled.contains(key) ? ClaimKeyReply.Code.DUPLICATE : ClaimKeyReply.Code.STORE;
        return CompletableFuture.completedFuture(
                ClaimKeyReply.newBuilder().setCode(code).setMessageId(first.getMessageId()).build());
    }

    @Override
    public synchronized CompletableFuture<ClaimKeyReply> settleKey(ClaimKeyRequest request) {
        if (settlesLost) {
            return lost();
        }
        settled.add(request.getKey().getKeyHash());
        return CompletableFuture.completedFuture(ClaimKeyReply.newBuilder().setMessageId(request.getMessageId())
                .build());
    }

    @Override
    public synchronized CompletableFuture<MessageHead> putHead(MessageHead head) {
        MessageHead stands = heads.computeIfAbsent(head.getMessageId(), id -> head);
        return putsLost ? lost() : CompletableFuture.completedFuture(stands);
    }

    @Override
    public synchronized CompletableFuture<MessageHead> head(GetHeadRequest request) {
        return CompletableFuture.completedFuture(
                heads.getOrDefault(request.getMessageId(), MessageHead.getDefaultInstance()));
    }

    /** Nobody has anything; who sees the appends knows more. */
    @Override
    public CompletableFuture<Funnel> funnel(FunnelRequest request) {
        return CompletableFuture.completedFuture(Funnel.getDefaultInstance());
    }

    private static <T> CompletableFuture<T> lost() {
        return CompletableFuture.failedFuture(new RpcFailure(RpcFailure.Kind.DEADLINE, "as the test says"));
    }
}
