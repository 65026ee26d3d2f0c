package io.longwire.bench.figure;

import io.longwire.keeper.clock.Clock;
import java.util.concurrent.locks.LockSupport;

/** Lets a phase last: what is measured over a time needs the time to pass. */
final class Settle {
    private Settle() {
    }

    static void seconds(double seconds) {
        Clock clock = Clock.system();
        long end = clock.nanos() + (long) (seconds * 1e9);
        for (long left; (left = end - clock.nanos()) > 0;) {
            LockSupport.parkNanos(left);
        }
    }
}
