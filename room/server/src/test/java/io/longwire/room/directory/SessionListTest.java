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
        list.put(5, 100, 1, 12);
        list.put(5, 200, 2, 12);

        list.remove(5, 100);

        assertThat(list.has(5, 200)).isTrue();
        assertThat(list.handleOf(5)).isEqualTo(2);
        list.remove(5, 200);
        assertThat(list.size()).isZero();
    }

    @Test
    void anOlderSessionNeverTakesThePlaceOfANewerOne() {
        var list = new SessionList();
        list.put(5, 200, 2, 12);

        assertThat(list.put(5, 100, 1, 12)).isEqualTo(new SessionList.Entry(200, 2));
        assertThat(list.put(5, 200, 1, 12)).isEqualTo(new SessionList.Entry(200, 2));
        list.remove(5, 100);

        assertThat(list.has(5, 200)).isTrue();
        assertThat(list.handleOf(5)).isEqualTo(2);
    }

    @Property(tries = 100)
    void holdsWhatAMapHolds(@ForAll long seed) {
        var list = new SessionList();
        Map<Long, SessionList.Entry> expected = new HashMap<>();
        Random random = new Random(seed);
        for (int i = 0; i < 400; i++) {
            long endpoint = random.nextInt(40) * 4096L + random.nextInt(2); // two slots
            SessionList.Entry had = expected.get(endpoint);
            if (random.nextInt(3) > 0) {
                SessionList.Entry made = new SessionList.Entry(random.nextInt(100), i);
                assertThat(list.put(endpoint, made.connSeq(), made.handle(), 12)).isEqualTo(had);
                if (had == null || had.connSeq() < made.connSeq()) {
                    expected.put(endpoint, made);
                }
            } else if (had != null) {
                list.remove(endpoint, had.connSeq());
                expected.remove(endpoint);
            }
        }
        Map<Long, SessionList.Entry> found = new HashMap<>();
        for (int slot = 0; slot < 2; slot++) {
            list.forEach(slot, (endpoint, seq, handle, app) -> found.put(endpoint, new SessionList.Entry(seq, handle)));
        }
        assertThat(found).isEqualTo(expected);
        assertThat(list.size()).isEqualTo(expected.size());
    }
}
