package io.longwire.coordinator.access;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Remembers where a call comes from and what it shows, for the call to ask {@link #app}. Thread-safe. */
public final class Door implements ServerInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization",
            Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<Comer> COMER = Context.key("comer");

    private final ApiKeys keys;

    private record Comer(String authorization, InetAddress address) {
    }

    public Door(ApiKeys keys) {
        this.keys = keys;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
            ServerCallHandler<Q, A> next) {
        String shown = Objects.requireNonNullElse(headers.get(AUTHORIZATION), "");
        InetAddress from = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress socket
                ? socket.getAddress()
                : InetAddress.getLoopbackAddress();
        return Contexts.interceptCall(Context.current().withValue(COMER, new Comer(shown, from)), call, headers, next);
    }

    /** Asks for the app of the call under way on this thread, now and later; fails as {@link ApiKeys#app} does. */
    public Supplier<CompletableFuture<Integer>> app() {
        Comer comer = Objects.requireNonNull(COMER.get());
        return () -> keys.app(comer.authorization, comer.address);
    }
}
