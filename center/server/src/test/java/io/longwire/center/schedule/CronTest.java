package io.longwire.center.schedule;

import io.longwire.center.refuse.Refused;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CronTest {
    private static final String PARIS = "Europe/Paris";

    @Test
    void firesInUtcUnlessAZoneIsNamed() {
        assertThat(times("30 9 * * 1-5", "", "2026-06-05T09:30:00Z", 2)).containsExactly("2026-06-08T09:30:00Z",
                "2026-06-09T09:30:00Z");
        assertThat(times("30 9 * * MON-FRI", PARIS, "2026-06-05T09:30:00Z", 1))
                .containsExactly("2026-06-08T07:30:00Z");
    }

    @Test
    void skipsATimeThatDoesNotExistWhereClocksGoForward() {
        // 2026-03-29, 02:00 becomes 03:00 in Paris
        assertThat(times("30 2 * * *", PARIS, "2026-03-28T00:00:00Z", 3)).containsExactly("2026-03-28T01:30:00Z",
                "2026-03-30T00:30:00Z", "2026-03-31T00:30:00Z");
        assertThat(times("*/30 * * * *", PARIS, "2026-03-29T00:15:00Z", 3)).containsExactly("2026-03-29T00:30:00Z",
                "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z");
    }

    @Test
    void firesATimeOfDayOnceWhereClocksGoBack() {
        // 2026-10-25, 03:00 becomes 02:00 in Paris
        assertThat(times("30 2 * * *", PARIS, "2026-10-24T12:00:00Z", 2)).containsExactly("2026-10-25T00:30:00Z",
                "2026-10-26T01:30:00Z");
        assertThat(times("30 2 * * *", PARIS, "2026-10-25T00:45:00Z", 1)).containsExactly("2026-10-26T01:30:00Z");
    }

    @Test
    void goesThroughBothHoursWhereClocksGoBackWhenItIsForAllHours() {
        assertThat(times("*/30 * * * *", PARIS, "2026-10-24T23:45:00Z", 5)).containsExactly("2026-10-25T00:00:00Z",
                "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:00:00Z");
    }

    @Test
    void firesOnEitherOfADayOfMonthAndADayOfWeek() {
        assertThat(times("0 0 13 * 5", "", "2026-06-01T00:00:00Z", 3)).containsExactly("2026-06-05T00:00:00Z",
                "2026-06-12T00:00:00Z", "2026-06-13T00:00:00Z");
    }

    @Test
    void knowsATimeThatNeverComes() {
        assertThat(Cron.parse("0 0 31 2 *", "").after(0)).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"61 0 * * *|cron minute: 61 (expected: 0 to 59, with * , - and /)",
            "0 24 * * *|cron hour: 24 (expected: 0 to 23, with * , - and /)",
            "0 0 0 * *|cron day-of-month: 0 (expected: 1 to 31, with * , - and /)",
            "0 0 L * *|cron day-of-month: L (expected: 1 to 31, with * , - and /)",
            "0 0 * 13 *|cron month: 13 (expected: 1 to 12 or JAN to DEC, with * , - and /)",
            "0 0 * * 8|cron day-of-week: 8 (expected: 0 to 7 or MON to SUN, with * , - and /)",
            "10-5 0 * * *|cron minute: 10-5 (expected: 0 to 59, with * , - and /)",
            "*/0 0 * * *|cron minute: */0 (expected: 0 to 59, with * , - and /)",
            "0 0 * *|cron: 0 0 * * (expected: minute hour day-of-month month day-of-week, such as 30 9 * * 1-5)",
            "@daily|cron: @daily (expected: minute hour day-of-month month day-of-week, such as 30 9 * * 1-5)"})
    void namesTheFieldThatIsWrongAndItsRule(String cron, String text) {
        assertThatThrownBy(() -> Cron.parse(cron, "")).isInstanceOf(Refused.class).hasMessage(text);
    }

    @Test
    void refusesAZoneThatIsNone() {
        assertThatThrownBy(() -> Cron.parse("0 0 * * *", "Mars/Olympus")).isInstanceOf(Refused.class)
                .hasMessage("zone: Mars/Olympus (expected: a time zone such as UTC or Europe/Paris)");
    }

    private static List<String> times(String cron, String zone, String from, int count) {
        var parsed = Cron.parse(cron, zone);
        var times = new ArrayList<String>();
        long time = OffsetDateTime.parse(from).toInstant().toEpochMilli();
        for (int i = 0; i < count; i++) {
            time = parsed.after(time);
            times.add(Instant.ofEpochMilli(time).toString());
        }
        return times;
    }
}
