package io.longwire.room.directory;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SessionListTest {
    @Test
    void removesOnlyTheConnSeqItIsToldToRemove() {
        var list = new SessionList();
        list.put(5, 100, 1);
        list.put(5, 200, 2);

        list.remove(5, 100);

        assertThat(list.has(5, 200)).isTrue();
        assertThat(list.handleOf(5)).isEqualTo(2);
        list.remove(5, 200);
        assertThat(list.size()).isZero();
    }

    @Property(tries = 100)
    void holdsWhatAMapHolds(@ForAll long seed) {
        var list = new SessionList();
        Map<Long, long[]> expected = new HashMap<>();
        Random random = new Random(seed);
        for (int i = 0; i < 400; i++) {
            long endpoint = random.nextInt(40) * 4096L + random.nextInt(2); // two slots
            if (random.nextInt(3) > 0) {
                long seq = random.nextInt(100);
                list.put(endpoint, seq, i);
                expected.put(endpoint, new long[]{seq, i});
            } else if (expected.containsKey(endpoint)) {
                list.remove(endpoint, expected.get(endpoint)[0]);
                expected.remove(endpoint);
            }
        }
        Map<Long, long[]> found = new HashMap<>();
        for (int slot = 0; slot < 2; slot++) {
            list.forEach(slot, (endpoint, seq, handle) -> found.put(endpoint, new long[]{seq, handle}));
        }
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach((endpoint, value) -> assertThat(found.get(endpoint)).containsExactly(value));
        assertThat(list.size()).isEqualTo(expected.size());
    }
}
