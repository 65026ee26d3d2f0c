package io.longwire.coordinator.callback;

import java.time.Duration;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class WaitsTest {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofMinutes(1);
    private static final long NOW = 1_795_220_372_500L; // Sat, 21 Nov 2026 00:19:32.5 GMT

    @Test
    void doublesWithEachAttemptWithinABound() {
        for (int i = 0; i < 200; i++) {
            assertThat(Waits.backoffMillis(1, FIRST, MOST)).isBetween(500L, 1_000L);
            assertThat(Waits.backoffMillis(4, FIRST, MOST)).isBetween(4_000L, 8_000L);
            assertThat(Waits.backoffMillis(1_000, FIRST, MOST)).isBetween(30_000L, 60_000L);
        }
        assertThat(java.util.stream.Stream.generate(() -> Waits.backoffMillis(4, FIRST, MOST)).limit(50).distinct())
                .as("jitter").hasSizeGreaterThan(10);
    }

    @Test
    void readsSecondsAndDates() {
        assertThat(Waits.retryAfterMillis("7", NOW, MOST)).isEqualTo(7_000);
        assertThat(Waits.retryAfterMillis(" 7 ", NOW, MOST)).isEqualTo(7_000);
        assertThat(Waits.retryAfterMillis("Sat, 21 Nov 2026 00:19:40 GMT", NOW, MOST)).isEqualTo(7_500);
        assertThat(Waits.retryAfterMillis("Sat, 21 Nov 2026 00:19:30 GMT", NOW, MOST)).as("past").isZero();
    }

    @Test
    void isBoundedAndSkipsWhatItCannotRead() {
        assertThat(Waits.retryAfterMillis("86400", NOW, MOST)).isEqualTo(60_000);
        assertThat(Waits.retryAfterMillis("9".repeat(40), NOW, MOST)).isEqualTo(60_000);
        assertThat(Waits.retryAfterMillis("Tue, 22 Nov 2099 00:19:40 GMT", NOW, MOST)).as("was no Tuesday").isZero();
        assertThat(Waits.retryAfterMillis("Mon, 21 Nov 2067 00:19:40 GMT", NOW, MOST)).isEqualTo(60_000);
        assertThat(Waits.retryAfterMillis("", NOW, MOST)).isZero();
        assertThat(Waits.retryAfterMillis("-5", NOW, MOST)).isZero();
        assertThat(Waits.retryAfterMillis("soon", NOW, MOST)).isZero();
    }
}
