package io.longwire.coordinator.consume;

import io.longwire.coordinator.reply.ReplyState;
import io.longwire.rpc.coordinator.ReplyReply;
import java.util.concurrent.CompletableFuture;

/** What a caller is told of its reply. Static. */
final class Answered {
    private Answered() {
    }

    static CompletableFuture<ReplyReply> of(CompletableFuture<ReplyState> state) {
        return state.thenApply(known -> ReplyReply.newBuilder().setState(known.label()).build());
    }
}
