package io.longwire.saver.list;

import com.google.protobuf.ByteString;
import io.longwire.keeper.cluster.Slots;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class SlotOrderTest {
    private static final Comparator<Long> BY_SLOT = Comparator.<Long>comparingInt(Slots::of)
            .thenComparing(Comparator.naturalOrder());

    private final Random random = new Random(7);

    @Test
    void ordersKeysAsTheLedgerOrdersEndpoints() {
        long[] endpoints = LongStream.concat(random.longs(5_000),
                LongStream.of(0, -1, 1, 4095, 4096, Long.MIN_VALUE, Long.MAX_VALUE, 64, 63)).toArray();

        long[] keys = Arrays.stream(endpoints).map(SlotOrder::key).sorted().toArray();

        assertThat(Arrays.stream(keys).map(SlotOrder::endpoint).boxed().toList())
                .isEqualTo(Arrays.stream(endpoints).boxed().sorted(BY_SLOT).toList());
        assertThat(Arrays.stream(keys).mapToInt(SlotOrder::rangeOf).toArray()).isEqualTo(
                Arrays.stream(keys).mapToInt(key -> Slots.of(SlotOrder.endpoint(key)) >>> 6).toArray());
    }

    @Test
    void keepsEachOnceAndTellsHowMany() {
        long[] keys = {5, 3, 5, -2, 3, 9, 77};

        int kept = SlotOrder.sortOnce(keys, 6);

        assertThat(Arrays.copyOf(keys, kept)).containsExactly(-2, 3, 5, 9);
        assertThat(SlotOrder.sortOnce(new long[0], 0)).isZero();
    }

    @Test
    void laysAPartOutByRange() {
        long[] endpoints = LongStream.concat(random.longs(1_000).map(id -> (id & ~4095L) | 70), LongStream.of(4095))
                .toArray();

        byte[][] pieces = SlotOrder.pieces(bytes(LongStream.concat(Arrays.stream(endpoints), LongStream.of(4095))
                .toArray()));

        assertThat(pieces).hasNumberOfRows(64);
        assertThat(IntStream.range(0, 64).filter(range -> pieces[range].length > 0).toArray())
                .containsExactly(1, 63);
        var keys = new long[endpoints.length];
        int at = 0;
        for (int range = 0; range < 64; range++) {
            int from = at;
            at = SlotOrder.keys(pieces[range], keys, at);
            int expected = range;
            assertThat(Arrays.stream(keys, from, at).map(SlotOrder::rangeOf)).allMatch(one -> one == expected);
        }
        assertThat(at).as("the one that is there twice once").isEqualTo(endpoints.length);
        assertThat(keys).isSorted();
    }

    private static ByteString bytes(long... endpoints) {
        long[] keys = Arrays.stream(endpoints).map(SlotOrder::key).toArray();
        return ByteString.copyFrom(SlotOrder.bytes(keys, 0, keys.length));
    }
}
