package io.longwire.e2e.weak;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import static io.longwire.e2e.weak.Trial.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * NATs that forget what was silent for too long, and a phone in the pocket that nobody writes to: real sockets, a real
 * room and a proxy that forgets, with the phone's clock and the NAT's 60 times as fast as ours. A message that falls
 * into a forgotten connection waits for the phone's next ping and the verdict on it.
 */
class ForgetfulNatIT {
    private static final int SPEED = 60;
    private static final Duration SEARCH = Duration.ofHours(2);
    private static final Duration SETTLED = Duration.ofHours(2);

    @TempDir
    Path files;

    @Test
    void whatFallsIntoAForgottenConnectionComesAfterTheNextPing() {
        try (var trial = new Trial(files)) {
            Measured row = begin(trial, "NAT forgets after 300 s, at first", 300);
            String message = intoTheDark(trial, row, 300);
            row.online(LIMIT);
            trial.awaitShown(message, LIMIT);
            row.end();
        }
    }

    /**
     * Takes four minutes, four hours of three phones side by side, and a machine that does nothing else: a stall of 0.1
     * s is a ping time-out of theirs. So it belongs to the bench alone.
     */
    @Test
    @EnabledIfSystemProperty(named = "longwire.bench", matches = "true")
    void settlesBelowWhatTheNatRemembers() throws Exception {
        try (var phones = Executors.newVirtualThreadPerTaskExecutor()) {
            var days = new ArrayList<Future<?>>();
            days.add(phones.submit(() -> hours(90, 60)));
            days.add(phones.submit(() -> hours(300, 285)));
            days.add(phones.submit(() -> hours(900, 885)));
            for (Future<?> day : days) {
                day.get(10, TimeUnit.MINUTES);
            }
        }
    }

    private void hours(int natSeconds, int rungSeconds) {
        try (var trial = new Trial(files.resolve("nat-" + natSeconds))) {
            Measured row = begin(trial, "NAT forgets after " + natSeconds + " s: 2 h searched, 2 h settled",
                    natSeconds);
            long began = trial.clock.elapsedMillis();
            String message = intoTheDark(trial, row, natSeconds);
            row.online(LIMIT);
            trial.awaitShown(message, LIMIT);
            trial.clock.pass(SEARCH.minusMillis(trial.clock.elapsedMillis() - began));
            long connections = trial.connections();
            row.counts();
            trial.clock.pass(SETTLED);
            row.counted();
            assertThat(trial.connections() - connections).as("connections while settled").isLessThanOrEqualTo(1);
            assertThat(trial.radio.silenceMillis()).as("the rung it settled on")
                    .isBetween(rungSeconds * 1_000L, natSeconds * 1_000L);
            Row told = row.end();
            if (natSeconds == 900) {
                assertThat(told.radio().count()).as("five an hour").isLessThanOrEqualTo(5 * (int) SETTLED.toHours());
            }
        }
    }

    private static Measured begin(Trial trial, String name, int natSeconds) {
        trial.inThePocket().online();
        trial.awaitShown(trial.message(), LIMIT);
        trial.wifi.forgetAfter(Duration.ofSeconds(natSeconds).dividedBy(SPEED));
        trial.clock.speed(SPEED);
        return trial.row(name);
    }

    /** Waits until the NAT has forgotten the connection, and sends a message that cannot come by it. */
    private static String intoTheDark(Trial trial, Measured row, int natSeconds) {
        long nat = natSeconds * 1_000L;
        await().atMost(Duration.ofMinutes(3)).pollInterval(Duration.ofMillis(5))
                .until(() -> trial.clock.elapsedMillis() - trial.radio.lastAt() > nat);
        row.broke(trial.radio.lastAt() + nat);
        return trial.message();
    }
}
