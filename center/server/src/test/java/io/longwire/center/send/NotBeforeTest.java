package io.longwire.center.send;

import io.longwire.center.refuse.Refused;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NotBeforeTest {
    private static final long NOW = Instant.parse("2026-11-21T12:00:00Z").toEpochMilli();

    @ParameterizedTest
    @CsvSource({"10m,600000", "30d,2592000000", "2026-11-21T12:00:01Z,1000", "2026-11-21T14:00:00+01:00,3600000"})
    void readsATimeOfTheClockOrFromNow(String text, long away) {
        assertThat(NotBefore.millis(text, NOW, "")).isEqualTo(NOW + away);
    }

    @Test
    void aRepeatedCallMayComeAfterItsTime() {
        assertThat(NotBefore.millis("2026-11-21T11:55:01Z", NOW, "key")).isEqualTo(NOW - 299_000);
        assertThatThrownBy(() -> NotBefore.millis("2026-11-21T11:55:00Z", NOW, "key")).isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @CsvSource({"0s", "31d", "2026-11-21T12:00:00Z", "2020-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "tomorrow",
            "2026-11-22", "999999999999999d", "+999999999-12-31T23:59:59Z"})
    void refusesTimesThatAreNonePastOrTooFar(String text) {
        assertThatThrownBy(() -> NotBefore.millis(text, NOW, "")).isInstanceOf(Refused.class)
                .hasMessageStartingWith("not_before: ").hasMessageContaining("(expected: a time to come");
    }
}
