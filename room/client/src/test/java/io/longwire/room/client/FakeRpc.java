package io.longwire.room.client;

import io.grpc.Channel;
import io.longwire.keeper.rpc.Balance;
import io.longwire.keeper.rpc.BatchCall;
import io.longwire.keeper.rpc.BatchMethod;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.keeper.rpc.RpcFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Streams that keep what was sent. */
final class FakeRpc implements Rpc {
    record Sent(String address, BatchMethod<?, ?, ?, ?> method, Object item) {
    }

    final List<Sent> sent = new ArrayList<>();
    int open;

    @Override
    public Channel channel(String address) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <I, R> BatchCall<I, R> stream(String address, BatchMethod<I, R, ?, ?> method) {
        open++;
        return new BatchCall<>() {
            private final List<CompletableFuture<R>> waiting = new ArrayList<>();

            @Override
            public CompletableFuture<R> call(I item) {
                var answer = new CompletableFuture<R>();
                waiting.add(answer);
                sent.add(new Sent(address, method, item));
                return answer;
            }

            @Override
            public int pending() {
                return waiting.size();
            }

            @Override
            public void close() {
                open--;
                waiting.forEach(
                        answer -> answer.completeExceptionally(new RpcFailure(RpcFailure.Kind.CLOSED, "closed")));
                waiting.clear();
            }
        };
    }

    @Override
    public <I, R> BatchCall<I, R> anyOf(String part, BatchMethod<I, R, ?, ?> method, Balance<? super I> balance) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Channel anyChannel(String part) {
        throw new UnsupportedOperationException();
    }
}
