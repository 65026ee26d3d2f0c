package io.longwire.keeper.server.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class StepsTest {
    private static final List<String> HUNDRED = IntStream.range(0, 100).mapToObj(i -> "room-" + i).toList();

    @Test
    void tellsOneThenFivePercentThenAQuarterThenAll() {
        var told = new ArrayList<String>();
        var sizes = new ArrayList<Integer>();
        for (int step = 1; step <= Steps.ALL; step++) {
            told.addAll(Steps.choose(step, HUNDRED, told, 7));
            sizes.add(told.size());
        }

        assertThat(sizes).containsExactly(1, 5, 25, 100);
        assertThat(told).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(HUNDRED);
    }

    @Test
    void leavesOutStepsThatTellNobody() {
        assertThat(Steps.next(1, 1, 3)).as("5 % and 25 % of 3 are the one that was told").isEqualTo(Steps.ALL);
        assertThat(Steps.next(1, 1, 8)).as("5 % of 8 is that one, too; 25 % are 2").isEqualTo(3);
        assertThat(Steps.next(1, 1, 100)).isEqualTo(2);
        assertThat(Steps.choose(1, List.of(), List.of(), 1)).isEmpty();
    }

    @Test
    void beginsWithAnotherProcessForAnotherVersion() {
        var first = new HashSet<String>();
        for (long version = 1; version <= 20; version++) {
            first.addAll(Steps.choose(1, HUNDRED, List.of(), version));
        }

        assertThat(first).hasSizeGreaterThan(10);
    }

    @Test
    void countsThoseThatWereToldAndAreStillThere() {
        assertThat(Steps.choose(2, HUNDRED, List.of("room-1", "gone"), 1)).hasSize(4).doesNotContain("room-1");
    }
}
