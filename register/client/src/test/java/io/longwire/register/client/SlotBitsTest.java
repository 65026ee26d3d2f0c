package io.longwire.register.client;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SlotBitsTest {
    private final SlotBits bits = new SlotBits();

    @Test
    void remembersSlots() {
        for (int slot : new int[]{0, 63, 64, 4095}) {
            assertThat(bits.take(slot)).isFalse();
            bits.set(slot);
            bits.set(slot);
            assertThat(bits.take(slot)).isTrue();
            assertThat(bits.take(slot)).isFalse();
        }
        assertThat(bits.size()).isZero();
    }

    @Test
    void findsTheNextSlot() {
        bits.set(5);
        bits.set(64);
        bits.set(4095);

        assertThat(bits.next(0)).isEqualTo(5);
        assertThat(bits.next(5)).isEqualTo(5);
        assertThat(bits.next(6)).isEqualTo(64);
        assertThat(bits.next(65)).isEqualTo(4095);
        assertThat(bits.next(4096)).isEqualTo(-1);
        bits.take(4095);
        assertThat(bits.next(65)).isEqualTo(-1);
    }

    @Test
    void movesWhatItHas() {
        var other = new SlotBits();
        other.set(1);
        bits.set(2);
        bits.set(4000);

        bits.moveTo(other);

        assertThat(bits.size()).isZero();
        assertThat(other.size()).isEqualTo(3);
    }
}
