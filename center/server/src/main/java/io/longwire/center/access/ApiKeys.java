package io.longwire.center.access;

import com.google.protobuf.ByteString;
import io.longwire.center.CenterMetric;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.KeyRecord;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Finds the caller of an {@code Authorization: Bearer} header. A key is looked up by its hash and believed, found
 * or not, for the time to live of the cache. What cannot be a key is refused without a lookup, and at most 256
 * lookups run at once, so that a flood of invented keys does not become a flood at the savers. A key with networks is
 * good from there alone. The last use of a key is written down once a minute, beside the call. Thread-safe, never
 * blocks.
 */
public final class ApiKeys {
    private static final String SCHEME = "Bearer ";
    private static final int MAX_CACHED = 10_000;
    private static final int MAX_LOOKUPS = 256;
    private static final int MAX_TEXT = 256;

    private final Directory directory;
    private final Supplier<byte[]> adminKeyHash;
    private final Clock clock;
    private final Metrics metrics;
    private final AtomicInteger lookups = new AtomicInteger();
    private final Believed<ByteString, Known> keys;

    /**
     * A key as it was found.
     *
     * @param noted whether its use was written down since
     */
    private record Known(KeyRecord record, Set<Scope> scopes, Networks networks, AtomicBoolean noted) {
        static Known of(KeyRecord record) {
            return new Known(record, Scope.known(record.getScopesList()), Networks.known(record.getNetworksList()),
                    new AtomicBoolean());
        }
    }

    public ApiKeys(Directory directory, Supplier<byte[]> adminKeyHash, Duration ttl, Clock clock, Metrics metrics) {
        this.directory = directory;
        this.adminKeyHash = adminKeyHash;
        this.clock = clock;
        this.metrics = metrics;
        this.keys = new Believed<>(this::find, MAX_CACHED, ttl, clock);
    }

    /** What was found of this key is known no more here; other centers believe it for their time to live. */
    public void changed(ByteString keyHash) {
        keys.forget(keyHash);
    }

    /**
     * The caller; fails with {@link Refused} UNAUTHENTICATED, FORBIDDEN from an address that the key is not for, or
     * UNAVAILABLE when no saver answers.
     */
    public CompletableFuture<Caller> caller(@Nullable String authorization, InetAddress address) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return refused(authorization == null ? "missing" : "another scheme", "Bearer and an API key");
        }
        String text = authorization.substring(SCHEME.length()).trim();
        if (text.isEmpty() || text.length() > MAX_TEXT) {
            return refused(text.length() + " characters", "Bearer and an API key");
        }
        ByteString hash = KeyText.hash(text);
        if (MessageDigest.isEqual(hash.toByteArray(), adminKeyHash.get())) {
            return CompletableFuture.completedFuture(Caller.ADMIN);
        }
        if (!KeyText.hasShape(text)) {
            return refused("not a key", "lw_ and 43 letters and digits");
        }
        return keys.get(hash).thenApply(known -> callerOf(known, address));
    }

    private CompletableFuture<Known> find(ByteString hash) {
        if (lookups.incrementAndGet() > MAX_LOOKUPS) {
            lookups.decrementAndGet();
            metrics.counter(CenterMetric.KEY_LOOKUPS_FULL).increment();
            return CompletableFuture.failedFuture(Refused.later(Why.BUSY,
                    "keys: " + MAX_LOOKUPS + " being looked up (expected: fewer)", Duration.ofSeconds(1)));
        }
        metrics.counter(CenterMetric.KEY_LOOKUPS).increment();
        return directory.key(hash).whenComplete((found, failure) -> lookups.decrementAndGet()).thenApply(Known::of);
    }

    private Caller callerOf(Known known, InetAddress address) {
        KeyRecord key = known.record;
        if (key.getAppId() == 0 || key.getRevoked()) {
            throw denied(key.getAppId() == 0 ? "unknown" : "revoked");
        }
        if (key.getExpiresMs() != 0 && clock.wallMillis() >= key.getExpiresMs()) {
            throw denied("expired");
        }
        if (key.getNetworksCount() > 0 && !known.networks.has(address)) {
            metrics.counter(CenterMetric.KEYS_ELSEWHERE).increment();
            throw Refused.because(Why.FORBIDDEN, "address: " + address.getHostAddress()
                    + " (expected: one of the key's networks)");
        }
        note(known);
        return new Caller(key.getAppId(), known.scopes, false);
    }

    // At most once for each time the key is found, and not again within the minute that stands there. Lost, it is
    // written down the next time.
    private void note(Known known) {
        long now = clock.wallMillis();
        boolean stands = TimeUnit.MILLISECONDS.toMinutes(known.record.getUsedMs()) >= TimeUnit.MILLISECONDS
                .toMinutes(now);
        if (!stands && !known.noted.get() && known.noted.compareAndSet(false, true)) {
            metrics.counter(CenterMetric.KEYS_NOTED).increment();
            directory.used(known.record.getKeyHash(), now).exceptionally(lost -> known.record);
        }
    }

    private static Refused denied(String found) {
        return Refused.because(Why.UNAUTHENTICATED, "key: " + found + " (expected: a live API key)");
    }

    private static CompletableFuture<Caller> refused(String found, String rule) {
        return CompletableFuture.failedFuture(Refused.because(Why.UNAUTHENTICATED,
                "authorization: " + found + " (expected: " + rule + ")"));
    }
}
