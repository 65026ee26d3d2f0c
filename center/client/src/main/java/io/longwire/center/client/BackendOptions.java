package io.longwire.center.client;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.longwire.center.client.call.Calls;
import io.longwire.center.client.call.RetryPolicy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How a client connects. Used by one thread; made by {@link LongwireBackend#at}. */
public final class BackendOptions {
    private static final int MAX_ANSWER_BYTES = 16 << 20;
    private static final long PING_AFTER_SECONDS = 30;

    private final List<String> addresses;
    private String key = "";
    private @Nullable Path trust;
    private RetryPolicy retries = RetryPolicy.DEFAULT;

    BackendOptions(List<String> addresses) {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("addresses: none (expected: http://host:port or https://host:port)");
        }
        this.addresses = List.copyOf(addresses);
    }

    /** API key, {@code lw_...}. */
    public BackendOptions key(String apiKey) {
        this.key = apiKey;
        return this;
    }

    /** For https: certificates to trust, as PEM; else those of the JVM. */
    public BackendOptions trust(Path pem) {
        this.trust = pem;
        return this;
    }

    /** What a call may take in all, retries included; else 15 s. */
    public BackendOptions deadline(Duration total) {
        this.retries = new RetryPolicy(total, retries.perTry(), retries.firstPause(), retries.longestPause());
        return this;
    }

    /** All of how to try again. */
    public BackendOptions retries(RetryPolicy policy) {
        this.retries = policy;
        return this;
    }

    /** The client. It connects with its first call; a center that is away is found out then. */
    public LongwireBackend connect() {
        List<URI> centers = addresses.stream().map(BackendOptions::uri).toList();
        var channels = new ArrayList<ManagedChannel>();
        for (URI center : centers) {
            channels.add(channel(center));
        }
        return new LongwireBackend(Calls.over(channels, key, retries));
    }

    private ManagedChannel channel(URI center) {
        return Grpc.newChannelBuilderForAddress(center.getHost(), port(center), credentials(center))
                .disableRetry().maxInboundMessageSize(MAX_ANSWER_BYTES).userAgent("longwire-java")
                .keepAliveTime(PING_AFTER_SECONDS, TimeUnit.SECONDS).build();
    }

    private ChannelCredentials credentials(URI center) {
        if (center.getScheme().equals("http")) {
            return InsecureChannelCredentials.create();
        }
        Path pem = trust;
        if (pem == null) {
            return TlsChannelCredentials.create();
        }
        try {
            return TlsChannelCredentials.newBuilder().trustManager(pem.toFile()).build();
        } catch (IOException unreadable) {
            throw new IllegalArgumentException("trust: " + pem + " (expected: a readable PEM file)", unreadable);
        }
    }

    private static int port(URI center) {
        int usual = center.getScheme().equals("http") ? 80 : 443;
        return center.getPort() < 0 ? usual : center.getPort();
    }

    private static URI uri(String address) {
        try {
            URI uri = URI.create(address);
            boolean known = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            boolean bare = uri.getPath() == null || uri.getPath().isEmpty() || uri.getPath().equals("/");
            if (known && bare && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException broken) {
            throw wrong(address, broken);
        }
        throw wrong(address, null);
    }

    private static IllegalArgumentException wrong(String address, @Nullable Throwable cause) {
        return new IllegalArgumentException("address: " + address
                + " (expected: http://host:port or https://host:port)", cause);
    }
}
