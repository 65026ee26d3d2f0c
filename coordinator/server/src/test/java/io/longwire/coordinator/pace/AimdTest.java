package io.longwire.coordinator.pace;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class AimdTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final int DELAY_SECONDS = 3; // from a share to what is felt of it

    private final Aimd aimd = new Aimd();
    private long now = 42 * SECOND;

    private boolean second(boolean tooMuch) {
        now += SECOND;
        return aimd.look(now, tooMuch);
    }

    @Test
    void isWholeWhileNothingIsTooMuch() {
        for (int i = 0; i < 100; i++) {
            assertThat(second(false)).isFalse();
        }
        assertThat(aimd.share()).isEqualTo(1);
    }

    @Test
    void halvesAtOnceAndThenOnceInAReaction() {
        assertThat(second(true)).isTrue();
        assertThat(aimd.share()).isEqualTo(0.5);
        for (int i = 1; i < Aimd.REACTION.toSeconds(); i++) {
            assertThat(second(true)).as("what is felt is of before").isFalse();
        }
        assertThat(second(true)).isTrue();
        assertThat(aimd.share()).isEqualTo(0.25);
    }

    @Test
    void neverFallsBelowItsFloorAndRecoversFromIt() {
        for (int i = 0; i < 1_000; i++) {
            second(true);
        }
        assertThat(aimd.share()).isEqualTo(Aimd.FLOOR);
        int seconds = 0;
        for (double before = 0; aimd.share() < 1; seconds++) {
            assertThat(aimd.share() - before).as("step").isBetween(0.0, 0.05);
            before = aimd.share();
            second(false);
        }
        assertThat(seconds).isBetween(60, 130);
    }

    @Test
    void growsByEqualStepsOfWhatWasTooMuch() {
        second(true);
        second(true);
        for (int i = 0; i < 6; i++) {
            double before = aimd.share();
            second(false);
            assertThat(aimd.share() - before).isCloseTo(0.05, within(1e-9));
        }
    }

    /** A backend that bears this share of the pace, felt seconds later: what is given stays around that. */
    @ParameterizedTest
    @ValueSource(doubles = {0.02, 0.12, 0.5, 0.9})
    void convergesOnWhatABackendBearsAndStaysNearIt(double bears) {
        var onItsWay = new ArrayDeque<Double>();
        List<Double> given = new ArrayList<>();
        int cuts = 0;
        for (int i = 0; i < 660; i++) {
            onItsWay.add(aimd.share());
            double felt = onItsWay.size() > DELAY_SECONDS ? onItsWay.remove() : 0;
            boolean cut = second(felt > bears);
            if (i >= 60) {
                given.add(aimd.share());
                cuts += cut ? 1 : 0;
            }
        }

        DoubleStream shares = given.stream().mapToDouble(share -> share / bears);
        var statistics = shares.summaryStatistics();
        assertThat(statistics.getMax()).as("overshoot").isLessThan(1.35);
        assertThat(statistics.getMin()).as("undershoot").isGreaterThan(0.45);
        assertThat(statistics.getAverage()).as("of what it bears").isBetween(0.75, 1.1);
        assertThat(cuts).as("in ten minutes").isBetween(10, 75);
    }
}
