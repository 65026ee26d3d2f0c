package io.longwire.center.uplink;

import io.longwire.rpc.coordinator.AppFinish;
import io.longwire.rpc.coordinator.AppPoll;
import io.longwire.rpc.coordinator.AppReply;
import io.longwire.rpc.coordinator.Callback;
import io.longwire.rpc.coordinator.CallbackName;
import io.longwire.rpc.coordinator.CallbackState;
import io.longwire.rpc.coordinator.FinishReply;
import io.longwire.rpc.coordinator.ListCallbacksReply;
import io.longwire.rpc.coordinator.PollReply;
import io.longwire.rpc.coordinator.ReplyReply;
import java.util.concurrent.CompletableFuture;

/**
 * Where events go out; the coordinators. Futures fail with RpcFailure within their deadline, and with
 * StatusRuntimeException for what is refused.
 */
public interface Outlets {
    CompletableFuture<PollReply> poll(AppPoll request);

    CompletableFuture<FinishReply> finish(AppFinish request);

    CompletableFuture<ReplyReply> reply(AppReply reply);

    CompletableFuture<CallbackState> putCallback(Callback callback);

    CompletableFuture<CallbackState> deleteCallback(CallbackName name);

    CompletableFuture<ListCallbacksReply> callbacks(CallbackName name);
}
