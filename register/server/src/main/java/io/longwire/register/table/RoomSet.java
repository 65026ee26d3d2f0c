package io.longwire.register.table;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * A set of room incarnations (16 bit) as a bitmap. Not thread-safe and used as a value: {@link #with} may grow into
 * a new one or change this one, so keep only what it returns.
 */
final class RoomSet {
    static final RoomSet EMPTY = new RoomSet(new long[0]);

    private final long[] words;

    private RoomSet(long[] words) {
        this.words = words;
    }

    boolean has(int room) {
        int word = room >>> 6;
        return word < words.length && (words[word] >>> room & 1) != 0;
    }

    RoomSet with(int room) {
        int word = room >>> 6;
        if (word < words.length) {
            words[word] |= 1L << room;
            return this;
        }
        long[] longer = Arrays.copyOf(words, word + 1);
        longer[word] |= 1L << room;
        return new RoomSet(longer);
    }

    RoomSet without(IntPredicate rooms) {
        for (int word = 0; word < words.length; word++) {
            for (long left = words[word]; left != 0; left &= left - 1) {
                int bit = Long.numberOfTrailingZeros(left);
                if (rooms.test((word << 6) + bit)) {
                    words[word] &= ~(1L << bit);
                }
            }
        }
        return this;
    }

    boolean any(IntPredicate rooms) {
        for (int word = 0; word < words.length; word++) {
            for (long left = words[word]; left != 0; left &= left - 1) {
                if (rooms.test((word << 6) + Long.numberOfTrailingZeros(left))) {
                    return true;
                }
            }
        }
        return false;
    }
}
