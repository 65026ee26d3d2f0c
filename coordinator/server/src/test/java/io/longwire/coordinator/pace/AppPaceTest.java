package io.longwire.coordinator.pace;

import io.longwire.coordinator.callback.CallbackObserver.Ended;
import io.longwire.coordinator.callback.CallbackObserver.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class AppPaceTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final PaceConfig CONFIG = new PaceConfig(Duration.ofSeconds(2), Duration.ofSeconds(5), 10,
            Duration.ofSeconds(10));

    private PaceConfig config = CONFIG;
    private long now = 1_000 * SECOND;
    private final AppPace pace = new AppPace(() -> config, now);

    private void request(Outcome outcome, long tookMillis, long waitedMillis) {
        var request = new Object();
        pace.began(request, now - tookMillis * 1_000_000);
        pace.ended(request, new Ended(outcome, tookMillis * 1_000_000, waitedMillis, ""), now);
    }

    private void second() {
        now += SECOND;
        pace.look(now);
    }

    @Test
    void aBackendThatTakesEverythingQuicklyIsLeftAsItIs() {
        for (int i = 0; i < 100; i++) {
            request(Outcome.TAKEN, 30, 10);
            second();
        }
        assertThat(pace.share()).isEqualTo(1);
        assertThat(pace.why()).isEmpty();
    }

    @Test
    void anErrorInTenIsBorneMoreAreNot() {
        for (int i = 0; i < 10; i++) {
            request(i == 3 ? Outcome.FAILED : Outcome.TAKEN, 30, 10);
        }
        second();
        assertThat(pace.share()).isEqualTo(1);
        for (int i = 0; i < 10; i++) {
            request(i < 2 ? Outcome.FAILED : Outcome.TAKEN, 30, 10);
        }
        second();
        assertThat(pace.share()).isEqualTo(0.5);
        assertThat(pace.why()).isEqualTo("errors");
    }

    @Test
    void aPaceThatWasAskedForStandsAsLongAsTheNewRuleSays() {
        pace.pushPace(300, now);
        assertThat(pace.pushPace(now + 11 * SECOND)).isEmpty();

        config = new PaceConfig(Duration.ofSeconds(2), Duration.ofSeconds(5), 10, Duration.ofMinutes(1));
        assertThat(pace.pushPace(now + 11 * SECOND)).hasValue(300);
        assertThat(pace.pushPace(now + 61 * SECOND)).isEmpty();
    }

    @Test
    void judgesByANewRuleFromTheNextLookOn() {
        request(Outcome.TAKEN, 1_500, 10);
        second();
        assertThat(pace.share()).isEqualTo(1);

        config = new PaceConfig(Duration.ofSeconds(1), Duration.ofSeconds(5), 10, Duration.ofSeconds(10));
        request(Outcome.TAKEN, 1_500, 10);
        second();
        assertThat(pace.share()).isEqualTo(0.5);
        assertThat(pace.why()).isEqualTo("slow");
    }

    @Test
    void goesOnSlowingDownWhileABreakerIsOpenAndNothingIsHeard() {
        for (int i = 0; i < 5; i++) {
            request(Outcome.FAILED, 30, 10);
        }
        for (int i = 0; i < 5; i++) {
            second();
        }
        request(Outcome.FAILED, 30, -1); // the one that tries
        for (int i = 5; i < 9; i++) {
            second();
        }
        assertThat(pace.share()).isEqualTo(0.125);
        request(Outcome.TAKEN, 30, -1);
        for (int i = 0; i < 5; i++) {
            second();
        }
        assertThat(pace.share()).isGreaterThan(0.125);
    }

    @Test
    void oneEventThatFailsAgainAndAgainSlowsNothingDown() {
        for (int attempt = 0; attempt < 12; attempt++) {
            request(attempt % 3 == 0 ? Outcome.TAKEN : Outcome.FAILED, 30, -1);
            for (int i = 0; i < 5; i++) {
                second();
            }
        }
        assertThat(pace.share()).as("one request in 5 s, others are taken").isEqualTo(1);
        assertThat(pace.why()).isEmpty();
    }

    @Test
    void aBackendWithLittleTrafficIsJudgedBySeveralSeconds() {
        for (int i = 0; i < 4; i++) {
            request(Outcome.FAILED, 30, 10);
            second();
        }
        assertThat(pace.share()).as("four say nothing yet").isEqualTo(1);
        request(Outcome.FAILED, 30, 10);
        second();
        assertThat(pace.share()).isEqualTo(0.5);
        assertThat(pace.why()).isEqualTo("errors");
    }

    @ParameterizedTest
    @CsvSource({"REJECTED, 1", "UNKNOWN, 1"})
    void whatSaysNothingOfItsHealthSlowsNothingDown(Outcome outcome, double share) {
        for (int i = 0; i < 10; i++) {
            request(outcome, 30, 10);
            second();
        }
        assertThat(pace.share()).isEqualTo(share);
    }

    @Test
    void slowAnswersAndOneThatDoesNotComeAreTooMuch() {
        request(Outcome.TAKEN, 2_500, 10);
        second();
        assertThat(pace.share()).isEqualTo(0.5);
        assertThat(pace.why()).isEqualTo("slow");

        var hangs = new Object();
        pace.began(hangs, now);
        for (int i = 0; i < 6; i++) {
            second();
        }
        assertThat(pace.share()).as("it hangs for more than two seconds").isLessThan(0.5);
    }

    @Test
    void aQueueIsTooMuchWhileItGrowsAndNotWhileItShrinks() {
        request(Outcome.TAKEN, 30, 4_000);
        second();
        assertThat(pace.share()).isEqualTo(1);
        request(Outcome.TAKEN, 30, 6_000);
        second();
        assertThat(pace.share()).isEqualTo(0.5);
        assertThat(pace.why()).isEqualTo("queue");
        for (int i = 1; i < 10; i++) {
            request(Outcome.TAKEN, 30, 9_000 - 300 * i);
            second();
        }
        request(Outcome.TAKEN, 30, -1); // tried before: says nothing of the queue
        second();
        assertThat(pace.share()).as("one cut more at most, when it grew to 8.7 s").isGreaterThanOrEqualTo(0.25);
    }

    @Test
    void aPushPaceStandsForItsTime() {
        assertThat(pace.pushPace(now)).isEmpty();
        pace.pushPace(120, now);
        assertThat(pace.pushPace(now + 10 * SECOND)).hasValue(120);
        assertThat(pace.pushPace(now + 11 * SECOND)).isEmpty();
        pace.pushPace(0, now);
        assertThat(pace.pushPace(now)).as("as little as may be").hasValue(0);
    }

    @Test
    void countsRequestsBySecondsForAMinute() {
        now = 1_000 * SECOND;
        request(Outcome.TAKEN, 1, 1);
        request(Outcome.REJECTED, 1, 1);
        now += 2 * SECOND;
        request(Outcome.FAILED, 1, 1);

        assertThat(pace.requests(now, 0)).isEqualTo(1);
        assertThat(pace.failed(now, 0)).isEqualTo(1);
        assertThat(pace.requests(now, 1)).isZero();
        assertThat(pace.requests(now, 2)).isEqualTo(2);
        assertThat(pace.failed(now, 2)).as("not taken").isEqualTo(1);
        assertThat(pace.requests(now + 60 * SECOND, 2)).as("of a minute ago, in the same place").isZero();
    }

    @Test
    void isForgottenWhenNothingWasHeardForLongAndNothingIsUnderWay() {
        var request = new Object();
        pace.began(request, now);
        assertThat(pace.isForgotten(now + 200 * SECOND)).isFalse();
        pace.ended(request, new Ended(Outcome.TAKEN, 1, 1, ""), now);
        assertThat(pace.isForgotten(now + 100 * SECOND)).isFalse();
        assertThat(pace.isForgotten(now + 200 * SECOND)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"120, 120", "' 7 ', 7", "0, 0", "999999999, 10000000", "'', -1", "fast, -1", "-3, -1", "1.5, -1",
            "12345678901, -1"})
    void readsAPushPace(String header, int perSecond) {
        assertThat(Paces.read(header)).isEqualTo(perSecond);
    }
}
