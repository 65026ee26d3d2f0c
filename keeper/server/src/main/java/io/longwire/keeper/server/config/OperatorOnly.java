package io.longwire.keeper.server.config;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.longwire.keeper.service.SecretsFile;
import io.longwire.rpc.keeper.ConfigCode;
import java.security.MessageDigest;
import java.util.function.Supplier;

/**
 * Lets in whoever shows the operator's key: {@code authorization: Bearer KEY}. Only the key's hash is known, and hashes
 * are compared in constant time. Thread-safe.
 */
final class OperatorOnly implements ServerInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization",
            Metadata.ASCII_STRING_MARSHALLER);
    private static final String SCHEME = "Bearer ";

    private final Supplier<byte[]> keyHash;

    /** @param keyHash SHA-256 of the operator's key; empty = this keeper does not know it, and lets nobody in */
    OperatorOnly(Supplier<byte[]> keyHash) {
        this.keyHash = keyHash;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
            ServerCallHandler<Q, A> next) {
        String given = headers.get(AUTHORIZATION);
        byte[] known = keyHash.get();
        String why = known.length == 0
                ? "authorization: cannot be checked (expected: a keeper whose service.secrets is there)"
                : given == null || !given.startsWith(SCHEME)
                        ? "authorization: missing (expected: Bearer and the operator's key)"
                        : MessageDigest.isEqual(known, SecretsFile.sha256(given.substring(SCHEME.length())))
                                ? ""
                                : "authorization: *** (expected: Bearer and the operator's key)";
        if (why.isEmpty()) {
            return next.startCall(call, headers);
        }
        StatusRuntimeException refused = new ConfigRefused(ConfigCode.NOT_ALLOWED, why).status();
        Metadata trailers = refused.getTrailers();
        call.close(refused.getStatus(), trailers == null ? new Metadata() : trailers);
        return new ServerCall.Listener<>() {
        };
    }
}
