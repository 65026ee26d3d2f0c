package io.longwire.keeper.server.restart;

import io.longwire.rpc.keeper.Signals;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

final class BackendsTest {
    @ParameterizedTest
    @CsvSource({"100, 4, false", "100, 5, true", "1000, 20, false", "1000, 31, true", "0, 5, true", "0, 0, false"})
    void twoInAHundredMoreThanBeforeAreTooMany(long calls, long failures, boolean wrong) {
        var before = Map.of("center-a", counted(10_000, 100)); // 1 % since it started
        var after = Map.of("center-a", counted(10_000 + calls, 100 + failures));
        assertThat(Backends.failing(before, after).isPresent()).isEqualTo(wrong);
    }

    @Test
    void centersCountTogetherAndANewOneBeganAtNothing() {
        var before = Map.of("center-a", counted(1_000, 0), "center-b", counted(1_000, 0));
        var after = Map.of("center-a", counted(1_050, 3), "center-c", counted(50, 3));
        assertThat(Backends.failing(before, after)).hasValue("center: 6 of 100 calls failed in this wave "
                + "(expected: at most 2 % more than the 0.0 % before)");
        assertThat(Backends.failing(before, Map.of())).as("nobody answers").isEmpty();
    }

    private static Signals counted(long calls, long failures) {
        return Signals.newBuilder().setWork(calls).setFailures(failures).build();
    }
}
