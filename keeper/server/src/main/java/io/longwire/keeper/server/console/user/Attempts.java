package io.longwire.keeper.server.console.user;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.longwire.keeper.clock.Clock;
import java.time.Duration;

/**
 * How many wrong passwords are borne: {@value #OF_BOTH} for a name from one address, {@value #OF_ADDRESS} from one
 * address, {@value #OF_NAME} for one name, each in 15 minutes from the first. An attempt counts before it is checked,
 * so that many at once are no more than many in a row. In this process only: n keepers bear n times as many. At most
 * 10,000 names and addresses are remembered. Thread-safe.
 */
public final class Attempts {
    static final int OF_BOTH = 5;
    static final int OF_ADDRESS = 30;
    static final int OF_NAME = 100;

    private static final Duration WINDOW = Duration.ofMinutes(15);
    private static final int REMEMBERED = 10_000;

    private final Clock clock;
    private final Cache<String, Window> windows;

    private record Window(long beganNanos, int attempts) {
    }

    public Attempts(Clock clock) {
        this.clock = clock;
        this.windows = Caffeine.newBuilder().maximumSize(REMEMBERED).expireAfterWrite(WINDOW).ticker(clock::nanos)
                .build();
    }

    /** Counts an attempt. Zero: it may be made; else how long none may. */
    public Duration enter(String name, String address) {
        Duration most = longer(count(both(name, address), OF_BOTH), count("a " + address, OF_ADDRESS));
        return longer(most, count("n " + name, OF_NAME));
    }

    /** The attempt was right: it and those before it from that address do not count. */
    public void succeeded(String name, String address) {
        windows.invalidate(both(name, address));
        back("a " + address);
        back("n " + name);
    }

    private void back(String key) {
        windows.asMap().computeIfPresent(key, (_, window) -> new Window(window.beganNanos,
                Math.max(0, window.attempts - 1)));
    }

    private Duration count(String key, int allowed) {
        long now = clock.nanos();
        Window window = windows.asMap().compute(key, (_, known) -> known == null
                || now - known.beganNanos >= WINDOW.toNanos()
                        ? new Window(now, 1)
                        : new Window(known.beganNanos, Math.min(known.attempts + 1, allowed + 1)));
        if (window == null || window.attempts <= allowed) {
            return Duration.ZERO;
        }
        return Duration.ofNanos(Math.max(1, window.beganNanos + WINDOW.toNanos() - now));
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static String both(String name, String address) {
        return "b " + address + " " + name;
    }
}
