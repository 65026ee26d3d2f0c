package io.longwire.keeper.server.operate;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets through who has the operator's key: {@code authorization: Bearer KEY}. Thread-safe. */
public final class OperatorGuard implements ServerInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization",
            Metadata.ASCII_STRING_MARSHALLER);
    private static final String SCHEME = "Bearer ";
    private static final int MOST = 256;

    private final Supplier<byte[]> keyHash;

    /** @param keyHash SHA-256 of the key; what it throws becomes UNAVAILABLE */
    public OperatorGuard(Supplier<byte[]> keyHash) {
        this.keyHash = keyHash;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
            ServerCallHandler<Q, A> next) {
        Status status = verdict(headers.get(AUTHORIZATION));
        if (status.isOk()) {
            return next.startCall(call, headers);
        }
        call.close(status, new Metadata());
        return new ServerCall.Listener<>() {
        };
    }

    private Status verdict(@Nullable String given) {
        if (given == null || given.length() > MOST || !given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Status.UNAUTHENTICATED.withDescription("authorization: " + (given == null ? "missing" : "strange")
                    + " (expected: Bearer and the operator's key)");
        }
        byte[] wanted;
        try {
            wanted = keyHash.get();
        } catch (RuntimeException noSecrets) {
            return Status.UNAVAILABLE.withDescription("keeper: " + noSecrets.getMessage());
        }
        byte[] hash = hash(given.substring(SCHEME.length()).trim());
        return MessageDigest.isEqual(hash, wanted)
                ? Status.OK
                : Status.UNAUTHENTICATED.withDescription("authorization: another key (expected: the operator's)");
    }

    private static byte[] hash(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256 (expected: a JDK that has it)", impossible);
        }
    }
}
