package io.longwire.coordinator.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longwire.coordinator.CoordinatorMetric;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.KeyRecord;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The app behind an {@code Authorization: Bearer} header. A key is looked up by its hash at a saver and believed, found
 * or not, for the time to live of the cache; what cannot be a key is refused without a lookup, and at most 256 lookups
 * run at once. Thread-safe, never blocks.
 */
public final class ApiKeys {
    /** What a key needs to consume; a key without any scope may do everything. */
    public static final String SCOPE = "receive";

    private static final String SCHEME = "Bearer ";
    private static final Pattern SHAPE = Pattern.compile("lw_[0-9A-Za-z]{43}");
    private static final int MAX_CACHED = 10_000;
    private static final int MAX_LOOKUPS = 256;

    private final Function<ByteString, CompletableFuture<KeyRecord>> directory;
    private final Clock clock;
    private final Metrics metrics;
    private final AtomicInteger lookups = new AtomicInteger();
    private final Cache<ByteString, CompletableFuture<KeyRecord>> keys;

    /** @param directory a key by its hash; app_id 0 = no such key */
    public ApiKeys(Function<ByteString, CompletableFuture<KeyRecord>> directory, Duration ttl, Clock clock,
            Metrics metrics) {
        this.directory = directory;
        this.clock = clock;
        this.metrics = metrics;
        this.keys = Caffeine.newBuilder().maximumSize(MAX_CACHED).expireAfterWrite(ttl).ticker(clock::nanos)
                .executor(Runnable::run).build();
    }

    /** The app; fails with UNAUTHENTICATED, PERMISSION_DENIED, or UNAVAILABLE when no saver answers. */
    public CompletableFuture<Integer> app(String authorization, InetAddress address) {
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return refused(Status.UNAUTHENTICATED, "authorization: "
                    + (authorization.isEmpty() ? "missing" : "another scheme") + " (expected: Bearer and an API key)");
        }
        String text = authorization.substring(SCHEME.length()).trim();
        if (!SHAPE.matcher(text).matches()) {
            return refused(Status.UNAUTHENTICATED, "key: not a key (expected: lw_ and 43 letters and digits)");
        }
        return find(hash(text)).thenApply(key -> appOf(key, address));
    }

    private CompletableFuture<KeyRecord> find(ByteString hash) {
        CompletableFuture<KeyRecord> known = keys.getIfPresent(hash);
        if (known != null) {
            return known;
        }
        if (lookups.incrementAndGet() > MAX_LOOKUPS) {
            lookups.decrementAndGet();
            return refused(Status.UNAVAILABLE, "keys: " + MAX_LOOKUPS + " being looked up (expected: fewer)");
        }
        metrics.counter(CoordinatorMetric.KEY_LOOKUPS).increment();
        CompletableFuture<KeyRecord> found = directory.apply(hash);
        keys.put(hash, found);
        found.whenComplete((key, failure) -> {
            lookups.decrementAndGet();
            if (failure != null) {
                keys.asMap().remove(hash, found);
            }
        });
        return found;
    }

    private int appOf(KeyRecord key, InetAddress address) {
        if (key.getAppId() == 0 || key.getRevoked()) {
            throw status(Status.UNAUTHENTICATED,
                    "key: " + (key.getAppId() == 0 ? "unknown" : "revoked") + " (expected: a live API key)");
        }
        if (key.getExpiresMs() != 0 && clock.wallMillis() >= key.getExpiresMs()) {
            throw status(Status.UNAUTHENTICATED, "key: expired (expected: a live API key)");
        }
        if (key.getNetworksCount() > 0 && !Networks.has(key.getNetworksList(), address)) {
            throw status(Status.PERMISSION_DENIED,
                    "address: " + address.getHostAddress() + " (expected: one of the key's networks)");
        }
        if (key.getScopesCount() > 0 && !key.getScopesList().contains(SCOPE)) {
            throw status(Status.PERMISSION_DENIED, "key: without scope " + SCOPE + " (expected: a key with it)");
        }
        return key.getAppId();
    }

    private static ByteString hash(String text) {
        try {
            return ByteString.copyFrom(
                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256: missing (expected: every Java has it)", impossible);
        }
    }

    private static StatusRuntimeException status(Status status, String text) {
        return status.withDescription(text).asRuntimeException();
    }

    private static <T> CompletableFuture<T> refused(Status status, String text) {
        return CompletableFuture.failedFuture(status(status, text));
    }
}
