package io.longwire.room.accept;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Counts by address or subnet in two rows of 32,768 counters, each addressed by another hash (a count-min sketch):
 * 256 KiB whatever happens, and a stranger is over-counted only if others meet it in both rows. The hashes are
 * seeded, so nobody can aim. Thread-safe.
 */
final class AddressCounts {
    private static final int WIDTH = 1 << 15;

    private final AtomicIntegerArray counts = new AtomicIntegerArray(2 * WIDTH);
    private final long seed = ThreadLocalRandom.current().nextLong();

    /** Adds to the count of the first so many bytes of the address; returns what it is then, or a little more. */
    int add(byte[] address, int bytes, int change) {
        long hash = hash(address, bytes);
        int one = counts.addAndGet((int) hash & (WIDTH - 1), change);
        int other = counts.addAndGet(WIDTH + ((int) (hash >>> 32) & (WIDTH - 1)), change);
        return Math.min(one, other);
    }

    /** Forgets everything. */
    void clear() {
        for (int i = 0; i < counts.length(); i++) {
            counts.lazySet(i, 0);
        }
    }

    private long hash(byte[] address, int bytes) {
        long z = seed;
        for (int i = 0; i < bytes; i++) {
            z = (z ^ address[i]) * 0x100000001b3L;
        }
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
