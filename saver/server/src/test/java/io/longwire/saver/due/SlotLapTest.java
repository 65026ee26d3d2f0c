package io.longwire.saver.due;

import io.longwire.keeper.cluster.Slots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SlotLapTest {
    @Test
    void meetsEverySlotInALapAndFewAtAStep() {
        var lap = new SlotLap(Duration.ofSeconds(5), Duration.ofMillis(20));
        var met = new BitSet();
        for (int step = 0; step < 250; step++) {
            List<Integer> slots = new ArrayList<>();
            lap.step(slots::add);
            assertThat(slots).hasSizeBetween(1, 17).doesNotHaveDuplicates();
            slots.forEach(met::set);
        }
        assertThat(met.cardinality()).isEqualTo(Slots.COUNT);
    }

    @Test
    void beginsAnewBehindTheLastSlot() {
        var lap = new SlotLap(Duration.ofMillis(2), Duration.ofMillis(1));
        var met = new int[Slots.COUNT];
        for (int step = 0; step < 6; step++) {
            lap.step(slot -> met[slot]++);
        }
        assertThat(met).containsOnly(3);
    }
}
