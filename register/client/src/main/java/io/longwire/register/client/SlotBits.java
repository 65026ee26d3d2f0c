package io.longwire.register.client;

import io.longwire.keeper.cluster.Slots;
import java.util.concurrent.atomic.AtomicLongArray;

/** A set of slots. Thread-safe, allocates nothing: 512 bytes. */
final class SlotBits {
    private final AtomicLongArray words = new AtomicLongArray(Slots.COUNT / Long.SIZE);

    void set(int slot) {
        long bit = 1L << slot;
        if ((words.get(slot >>> 6) & bit) == 0) {
            words.getAndAccumulate(slot >>> 6, bit, (word, one) -> word | one);
        }
    }

    /** Removes the slot; whether it was in the set. */
    boolean take(int slot) {
        long bit = 1L << slot;
        return (words.get(slot >>> 6) & bit) != 0
                && (words.getAndAccumulate(slot >>> 6, bit, (word, one) -> word & ~one) & bit) != 0;
    }

    /** Moves everything into the other set. */
    void moveTo(SlotBits other) {
        for (int i = 0; i < words.length(); i++) {
            long taken = words.get(i) == 0 ? 0 : words.getAndSet(i, 0);
            if (taken != 0) {
                other.words.getAndAccumulate(i, taken, (word, more) -> word | more);
            }
        }
    }

    /** The smallest slot in the set that is not below {@code from}, or -1. */
    int next(int from) {
        for (int i = from >>> 6; i < words.length(); i++) {
            long word = words.get(i) & (i == from >>> 6 ? -1L << from : -1L);
            if (word != 0) {
                return (i << 6) + Long.numberOfTrailingZeros(word);
            }
        }
        return -1;
    }

    int size() {
        int size = 0;
        for (int i = 0; i < words.length(); i++) {
            size += Long.bitCount(words.get(i));
        }
        return size;
    }
}
