package io.longwire.center.client.call;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import java.util.concurrent.Executor;

/** The API key, as every call carries it. */
final class KeyCredentials extends CallCredentials {
    private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization",
            Metadata.ASCII_STRING_MARSHALLER);

    private final Metadata headers = new Metadata();

    KeyCredentials(String key) {
        if (key.isEmpty() || key.chars().anyMatch(letter -> letter <= ' ' || letter > '~')) {
            throw new IllegalArgumentException("key: " + (key.isEmpty() ? "missing" : "with characters that no key has")
                    + " (expected: lw_...)");
        }
        headers.put(AUTHORIZATION, "Bearer " + key);
    }

    @Override
    public void applyRequestMetadata(RequestInfo request, Executor executor, MetadataApplier applier) {
        applier.apply(headers);
    }
}
