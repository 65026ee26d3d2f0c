package io.longwire.center.send;

import io.longwire.rpc.saver.ClaimKeyReply;
import io.longwire.rpc.saver.ClaimKeyRequest;
import io.longwire.rpc.saver.Funnel;
import io.longwire.rpc.saver.FunnelRequest;
import io.longwire.rpc.saver.GetHeadRequest;
import io.longwire.rpc.saver.MessageHead;
import java.util.concurrent.CompletableFuture;

/** What requests with several targets have in common. Futures fail with RpcFailure; all may be repeated. */
public interface HeadStore {
    /** Whether this request is the first with its key, and under which id it is stored. */
    CompletableFuture<ClaimKeyReply> claimKey(ClaimKeyRequest request);

    /** All of it is stored: whoever claims the key from now on is answered DUPLICATE. */
    CompletableFuture<ClaimKeyReply> settleKey(ClaimKeyRequest request);

    /** The head that stands under this id: the first one that was put. */
    CompletableFuture<MessageHead> putHead(MessageHead head);

    /** Which of the named endpoints have a message, and of which it has ended. */
    CompletableFuture<Funnel> funnel(FunnelRequest request);

    /** app_id 0 = none of that app. */
    CompletableFuture<MessageHead> head(GetHeadRequest request);
}
