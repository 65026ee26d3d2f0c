package io.longwire.keeper.server.console.user;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.longwire.keeper.clock.Clock;
import java.time.Duration;

/**
 * How many wrong passwords are borne: {@value #OF_BOTH} for a name from one address, {@value #OF_ADDRESS} from one
 * address, {@value #OF_NAME} for one name, each in 15 minutes from the first; and {@value #RIGHT} right ones of a name
 * from one address. An attempt counts before it is checked, so that many at once are no more than many in a row. What
 * a narrower limit refuses does not count for a wider one, so that no single address locks a name out; and where a name
 * was signed in from within 30 days, the limit of the name does not hold. In this process only: n keepers bear n times
 * as many. Thread-safe.
 */
public final class Attempts {
    static final int OF_BOTH = 5;
    static final int OF_ADDRESS = 30;
    static final int OF_NAME = 100;
    static final int RIGHT = 60;

    private static final Duration WINDOW = Duration.ofMinutes(15);
    private static final Duration KNOWN = Duration.ofDays(30);
    private static final int MOST_KNOWN = 10_000;

    private final Windows windows;
    private final Cache<String, Boolean> known;

    public Attempts(Clock clock) {
        this.windows = new Windows(clock, WINDOW);
        this.known = Caffeine.newBuilder().maximumSize(MOST_KNOWN).expireAfterWrite(KNOWN).ticker(clock::nanos)
                .build();
    }

    /** Counts an attempt. Zero: it may be made; else how long none may. */
    public Duration enter(String name, String address) {
        String both = both(name, address);
        Duration wait = windows.count("b " + both, OF_BOTH);
        if (wait.isZero()) {
            wait = windows.count("a " + address, OF_ADDRESS);
        }
        if (wait.isZero() && known.getIfPresent(both) == null) {
            wait = windows.count("n " + name, OF_NAME);
        }
        return wait;
    }

    /** The attempt that was let in was not looked at: it does not count. */
    public void unseen(String name, String address) {
        String both = both(name, address);
        windows.back("b " + both);
        windows.back("a " + address);
        if (known.getIfPresent(both) == null) {
            windows.back("n " + name);
        }
    }

    /**
     * The attempt was right: it and those before it from that address do not count. Zero: it may be used; else how long
     * none may, as it was right too often.
     */
    public Duration succeeded(String name, String address) {
        String both = both(name, address);
        windows.forget("b " + both);
        windows.back("a " + address);
        if (known.getIfPresent(both) == null) {
            windows.back("n " + name);
            known.put(both, true);
        }
        return windows.count("r " + both, RIGHT);
    }

    private static String both(String name, String address) {
        return address + " " + name;
    }
}
