package io.longwire.keeper.server.console.user;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.longwire.keeper.clock.Clock;
import java.time.Duration;

/**
 * How often something happened in a stretch of time from its first on, for at most 10,000 keys, in this process only.
 * Thread-safe.
 */
public final class Windows {
    private static final int REMEMBERED = 10_000;

    private final Clock clock;
    private final Duration length;
    private final Cache<String, Window> windows;

    private record Window(long beganNanos, int times) {
    }

    public Windows(Clock clock, Duration length) {
        this.clock = clock;
        this.length = length;
        this.windows = Caffeine.newBuilder().maximumSize(REMEMBERED).expireAfterWrite(length).ticker(clock::nanos)
                .build();
    }

    /** Counts one more. Zero: no more than allowed; else how long until it begins anew. */
    public Duration count(String key, int allowed) {
        long now = clock.nanos();
        Window window = windows.asMap().compute(key, (_, known) -> known == null
                || now - known.beganNanos >= length.toNanos()
                        ? new Window(now, 1)
                        : new Window(known.beganNanos, Math.min(known.times + 1, allowed + 1)));
        if (window == null || window.times <= allowed) {
            return Duration.ZERO;
        }
        return Duration.ofNanos(Math.max(1, window.beganNanos + length.toNanos() - now));
    }

    /** The last one did not count. */
    public void back(String key) {
        windows.asMap().computeIfPresent(key, (_, window) -> new Window(window.beganNanos,
                Math.max(0, window.times - 1)));
    }

    /** None of them counted. */
    public void forget(String key) {
        windows.invalidate(key);
    }
}
