package io.longwire.keeper.rpc;

import java.util.concurrent.atomic.AtomicInteger;

/** A tenth of a token for each call, one token for each retry, ten kept at most: retries never double a load. */
final class RetryBudget {
    private static final int EARNED = 100;
    private static final int COST = 1000;
    private static final int MOST = 10 * COST;

    private final AtomicInteger tokens = new AtomicInteger(MOST);

    void earn() {
        if (tokens.get() < MOST) {
            tokens.getAndAdd(EARNED);
        }
    }

    boolean spend() {
        int left = tokens.get();
        while (left >= COST) {
            if (tokens.compareAndSet(left, left - COST)) {
                return true;
            }
            left = tokens.get();
        }
        return false;
    }
}
