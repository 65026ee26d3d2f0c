package io.longwire.e2e.fault;

import io.grpc.Channel;
import io.longwire.keeper.rpc.Balance;
import io.longwire.keeper.rpc.BatchCall;
import io.longwire.keeper.rpc.BatchMethod;
import io.longwire.keeper.rpc.Rpc;
import java.util.concurrent.CompletableFuture;

/** Real connections, whose batched calls pass through a bend. */
final class BentRpc implements Rpc {
    private final Rpc real;
    private final Bend bend;

    /** What is done to a call. */
    interface Bend {
        /**
         * @param to the address or part that is called
         * @param method the gRPC method's name, such as "Lookup"
         * @param call the real stream
         */
        <I, R> CompletableFuture<R> call(String to, String method, BatchCall<I, R> call, I item);
    }

    BentRpc(Rpc real, Bend bend) {
        this.real = real;
        this.bend = bend;
    }

    @Override
    public Channel channel(String address) {
        return real.channel(address);
    }

    @Override
    public <I, R> BatchCall<I, R> stream(String address, BatchMethod<I, R, ?, ?> method) {
        return new Bent<>(address, name(method), real.stream(address, method));
    }

    @Override
    public <I, R> BatchCall<I, R> anyOf(String part, BatchMethod<I, R, ?, ?> method, Balance<? super I> balance) {
        return new Bent<>(part, name(method), real.anyOf(part, method, balance));
    }

    @Override
    public Channel anyChannel(String part) {
        return real.anyChannel(part);
    }

    private static String name(BatchMethod<?, ?, ?, ?> method) {
        String name = method.method().getBareMethodName();
        return name == null ? "" : name;
    }

    private final class Bent<I, R> implements BatchCall<I, R> {
        private final String to;
        private final String method;
        private final BatchCall<I, R> call;

        Bent(String to, String method, BatchCall<I, R> call) {
            this.to = to;
            this.method = method;
            this.call = call;
        }

        @Override
        public CompletableFuture<R> call(I item) {
            return bend.call(to, method, call, item);
        }

        @Override
        public int pending() {
            return call.pending();
        }

        @Override
        public void close() {
            call.close();
        }
    }
}
