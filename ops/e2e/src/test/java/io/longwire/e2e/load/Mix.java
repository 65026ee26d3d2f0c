package io.longwire.e2e.load;

import io.longwire.keeper.clock.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a backend sends: plain messages alone, or everything a product may ask for. Of ninety then some 46 are plain, 20
 * have one of three collapse keys, 10 go to a few endpoints at once, 2 to all of them in a list so long that its body
 * is kept once, 5 are scheduled, 4 are FAST, 3 TRANSIENT, and 9 earlier plain ones are revoked. Stateless.
 */
public enum Mix {
    PLAIN, ALL;

    private static final int KEYS = 3;
    private static final int FEW = 3;
    private static final int LATER_MILLIS = 3_000;

    /** The next send. */
    Order next(String payload, List<String> endpoints, List<String> gone, SplittableRandom random) {
        var plain = Order.of(payload, endpoints.get(random.nextInt(endpoints.size())),
                random.nextBoolean() ? payload : "");
        int dice = this == PLAIN ? 100 : random.nextInt(90);
        if (dice < 20) {
            return plain.collapsing("key-" + random.nextInt(KEYS));
        }
        if (dice < 30) {
            return plain.to(few(endpoints, random));
        }
        if (dice < 35) {
            return plain.at(Clock.system().wallMillis() + 500 + random.nextInt(LATER_MILLIS));
        }
        if (dice < 37) {
            return plain.to(endpoints).beside(gone);
        }
        if (dice < 41) {
            return plain.fast();
        }
        if (dice < 44) {
            return plain.once();
        }
        return plain;
    }

    /** Whether it is time to take something back. */
    boolean revokes(SplittableRandom random) {
        return this == ALL && random.nextInt(10) == 0;
    }

    private static List<String> few(List<String> endpoints, SplittableRandom random) {
        var all = new ArrayList<>(endpoints);
        var few = new ArrayList<String>();
        while (few.size() < FEW && !all.isEmpty()) {
            few.add(all.remove(random.nextInt(all.size())));
        }
        return List.copyOf(few);
    }
}
