package io.longwire.keeper.config;

import java.time.Duration;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class UnitsTest {
    @Test
    void takesNoneThatIsTooLargeToCount() {
        assertThat(Units.duration("999999999999999d")).isNull();
        assertThat(Units.duration("999999999999999h")).isEqualTo(Duration.ofHours(999_999_999_999_999L));
        assertThat(Units.duration("999999999999999us")).isPositive();
        assertThat(Units.bytes("17179869185GB")).isEqualTo(-1);
        assertThat(Units.bytes("999999999999GB")).isEqualTo(-1);
        assertThat(Units.bytes("999999999999MB")).isPositive();
        assertThat(Units.bytes("8589934591GB")).isPositive();
    }
}
