package io.longwire.register.client;

import io.grpc.Channel;
import io.longwire.keeper.rpc.Balance;
import io.longwire.keeper.rpc.BatchCall;
import io.longwire.keeper.rpc.BatchMethod;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.keeper.rpc.RpcFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Streams to processes that answer as the test says, one batch for each item. A process that has no behaviour leaves
 * its questions open; {@link #answerAll} answers them later.
 */
final class FakeRpc implements Rpc {
    /** A batch somebody waits for. */
    record Open(String address, Object batch, CompletableFuture<Object> reply) {
    }

    final List<Open> open = new ArrayList<>();
    final List<Object> batches = new ArrayList<>();
    final List<String> closed = new ArrayList<>();
    private final Map<String, Function<Object, @Nullable Object>> behaviours = new HashMap<>();

    /** @param behaviour the reply to a batch; null refuses it as a full queue does */
    void behave(String address, Function<Object, @Nullable Object> behaviour) {
        behaviours.put(address, behaviour);
    }

    /** From now on questions to the process stay open. */
    void hold(String address) {
        behaviours.remove(address);
    }

    void answerAll(String address, Function<Object, Object> behaviour) {
        for (Open waiting : List.copyOf(open)) {
            if (waiting.address().equals(address)) {
                open.remove(waiting);
                waiting.reply().complete(behaviour.apply(waiting.batch()));
            }
        }
    }

    void breakAll(String address) {
        for (Open waiting : List.copyOf(open)) {
            if (waiting.address().equals(address)) {
                open.remove(waiting);
                waiting.reply().completeExceptionally(new RpcFailure(RpcFailure.Kind.DISCONNECTED, "broken"));
            }
        }
    }

    @Override
    public <I, R> BatchCall<I, R> stream(String address, BatchMethod<I, R, ?, ?> method) {
        return new Stream<>(address, method);
    }

    private final class Stream<I, R, Q, A> implements BatchCall<I, R> {
        private final String address;
        private final BatchMethod<I, R, Q, A> method;
        private final List<CompletableFuture<R>> waiting = new ArrayList<>();
        private boolean ended;

        Stream(String address, BatchMethod<I, R, Q, A> method) {
            this.address = address;
            this.method = method;
        }

        @Override
        @SuppressWarnings("unchecked") // the test answers with the reply of the method
        public CompletableFuture<R> call(I item) {
            if (ended) {
                return CompletableFuture.failedFuture(new RpcFailure(RpcFailure.Kind.CLOSED, "closed"));
            }
            Q batch = method.batch(1, List.of(item));
            Function<Object, @Nullable Object> behaviour = behaviours.get(address);
            if (behaviour == null) {
                batches.add(batch);
                var reply = new CompletableFuture<Object>();
                open.add(new Open(address, batch, reply));
                CompletableFuture<R> answer = reply.thenApply(r -> method.results((A) r).getFirst());
                waiting.add(answer);
                return answer;
            }
            Object reply = behaviour.apply(batch);
            if (reply == null) {
                return CompletableFuture.failedFuture(new RpcFailure(RpcFailure.Kind.QUEUE_FULL, "full"));
            }
            batches.add(batch);
            return CompletableFuture.completedFuture(method.results((A) reply).getFirst());
        }

        @Override
        public int pending() {
            return waiting.size();
        }

        @Override
        public void close() {
            ended = true;
            closed.add(address);
            waiting.forEach(answer -> answer
                    .completeExceptionally(new RpcFailure(RpcFailure.Kind.CLOSED, "closed")));
        }
    }

    @Override
    public Channel channel(String address) {
        throw new UnsupportedOperationException();
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
