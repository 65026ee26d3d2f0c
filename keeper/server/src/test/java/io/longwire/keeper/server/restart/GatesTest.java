package io.longwire.keeper.server.restart;

import io.longwire.rpc.operate.RestartStep;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

final class GatesTest {
    @ParameterizedTest
    @CsvSource({"0, 0, 0, false", "1000, 10, 0, false", "1000, 6, 5, true", "1000, 0, 11, true", "8, 1, 0, false",
            "8, 1, 1, true", "0, 0, 2, true"})
    void aWaveMayLoseOneSessionOrOneInAHundred(long before, long left, long offline, boolean lost) {
        var steps = List.of(RestartStep.newBuilder().setSessionsBefore(before).setSessionsLeft(left).build(),
                RestartStep.newBuilder().setOffline(offline).build());
        assertThat(Gates.lost(steps).isPresent()).isEqualTo(lost);
    }
}
