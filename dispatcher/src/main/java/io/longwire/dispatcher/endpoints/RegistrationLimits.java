package io.longwire.dispatcher.endpoints;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.longwire.keeper.clock.Clock;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

/**
 * How often registrations may come from one address and for one app. Token buckets by the generic cell rate algorithm
 * (ITU-T I.371): one long each, the time at which the bucket is full again. At most 100,000 addresses are
 * remembered, the
 * least used forgotten first, which only ever lets more through. Thread-safe.
 */
public final class RegistrationLimits {
    private static final int MAX_ADDRESSES = 100_000;
    private static final long MINUTE = 60_000_000_000L;

    private final Clock clock;
    private final IntSupplier perMinute;
    private final Cache<Object, AtomicLong> buckets = Caffeine.newBuilder().maximumSize(MAX_ADDRESSES).build();

    public RegistrationLimits(IntSupplier perMinute, Clock clock) {
        this.perMinute = perMinute;
        this.clock = clock;
    }

    /** 0 = go on, else milliseconds after which one more would be let through. */
    long waitMillis(InetAddress caller, int appId) {
        long byAddress = waitMillis(caller);
        return byAddress > 0 ? byAddress : take(appId, perMinute.getAsInt() * 600L);
    }

    /** The same for what belongs to no app. */
    public long waitMillis(InetAddress caller) {
        return take(caller, perMinute.getAsInt());
    }

    private long take(Object key, long ratePerMinute) {
        AtomicLong fullAt = buckets.get(key, _ -> new AtomicLong(Long.MIN_VALUE));
        long cost = MINUTE / ratePerMinute;
        while (true) {
            long now = clock.nanos();
            long seen = fullAt.get();
            long start = seen == Long.MIN_VALUE || seen - now < 0 ? now : seen;
            long over = start + cost - now - MINUTE; // a whole minute's worth may come at once
            if (over > 0) {
                return over / 1_000_000 + 1;
            }
            if (fullAt.compareAndSet(seen, start + cost)) {
                return 0;
            }
        }
    }
}
