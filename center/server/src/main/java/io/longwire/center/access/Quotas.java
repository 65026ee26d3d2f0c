package io.longwire.center.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.longwire.keeper.clock.Clock;
import java.time.Duration;
import java.util.function.IntSupplier;

/**
 * Sends a second, per app. Each center grants its equal share of the app's quota, so that together they grant the whole
 * without asking each other; a burst of up to one second's worth may go at once. Thread-safe, never blocks.
 */
public final class Quotas {
    private static final int MAX_APPS = 10_000;
    private static final Duration IDLE = Duration.ofMinutes(10); // by then a bucket is full again anyway

    private final IntSupplier centers;
    private final TimeMeter meter;
    private final Cache<Integer, Share> shares;

    /** @param centers how many of us there are, asked at each call */
    public Quotas(IntSupplier centers, Clock clock) {
        this.centers = centers;
        this.meter = new Meter(clock);
        this.shares = Caffeine.newBuilder().maximumSize(MAX_APPS).expireAfterAccess(IDLE).ticker(clock::nanos)
                .executor(Runnable::run).build();
    }

    /** Takes as many of {@code wanted} sends as there are; 0 only looks. */
    public Quota take(int appId, long sendsPerSecond, int wanted) {
        long limit = Math.max(1, sendsPerSecond / Math.max(1, centers.getAsInt()));
        return shares.get(appId, key -> new Share(limit, meter)).take(limit, wanted);
    }

    /** What {@link #take} would grant at this moment; nothing is taken. */
    public Quota look(int appId, long sendsPerSecond, int wanted) {
        Quota now = take(appId, sendsPerSecond, 0);
        int granted = (int) Math.min(wanted, now.remaining());
        return new Quota(granted, now.limit(), now.remaining(), now.resetSeconds(), granted == wanted ? 0 : 1_000);
    }

    /** The bucket of one app here; its lock guards the change of its limit. */
    private static final class Share {
        private final Bucket bucket;
        private volatile long limit;

        Share(long limit, TimeMeter meter) {
            this.limit = limit;
            this.bucket = Bucket.builder().addLimit(bandwidth(limit)).withCustomTimePrecision(meter).build();
        }

        Quota take(long now, int wanted) {
            if (now != limit) {
                change(now);
            }
            int granted = wanted == 0 ? 0 : (int) bucket.tryConsumeAsMuchAsPossible(wanted);
            long remaining = bucket.getAvailableTokens();
            long retry = granted == wanted
                    ? 0
                    : bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill() / 1_000_000 + 1;
            return new Quota(granted, now, remaining, remaining >= now ? 0 : 1, retry);
        }

        private synchronized void change(long now) {
            if (now != limit) {
                bucket.replaceConfiguration(BucketConfiguration.builder().addLimit(bandwidth(now)).build(),
                        TokensInheritanceStrategy.PROPORTIONALLY);
                limit = now;
            }
        }

        private static Bandwidth bandwidth(long limit) {
            return Bandwidth.builder().capacity(limit).refillGreedy(limit, Duration.ofSeconds(1)).build();
        }
    }

    /** The platform's clock as the buckets read it. */
    private record Meter(Clock clock) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return clock.nanos();
        }

        @Override
        public boolean isWallClockBased() { return false; }
    }
}
