package io.longwire.center;

import io.longwire.center.uplink.Outlets;
import io.longwire.coordinator.client.DeskClient;
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

/** Where events go out, played by the client of the coordinators. Stateless. */
record CoordinatorOutlets(DeskClient desk) implements Outlets {
    @Override
    public CompletableFuture<PollReply> poll(AppPoll request) {
        return desk.poll(request);
    }

    @Override
    public CompletableFuture<FinishReply> finish(AppFinish request) {
        return desk.finish(request);
    }

    @Override
    public CompletableFuture<ReplyReply> reply(AppReply reply) {
        return desk.reply(reply);
    }

    @Override
    public CompletableFuture<CallbackState> putCallback(Callback callback) {
        return desk.putCallback(callback);
    }

    @Override
    public CompletableFuture<CallbackState> deleteCallback(CallbackName name) {
        return desk.deleteCallback(name);
    }

    @Override
    public CompletableFuture<ListCallbacksReply> callbacks(CallbackName name) {
        return desk.callbacks(name);
    }
}
