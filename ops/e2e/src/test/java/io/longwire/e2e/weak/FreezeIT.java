package io.longwire.e2e.weak;

import io.longwire.testkit.process.JavaProcess.Options;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.longwire.e2e.weak.Trial.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A phone whose process stands still (SIGSTOP) while messages come, as Android's freezer does it to apps in the
 * background; the kernel goes on taking bytes for it. Five messages a second.
 */
@Tag("full")
class FreezeIT {
    private static final Duration FROZEN = Duration.ofSeconds(20);

    @TempDir
    Path files;
    private Trial trial;
    private FarPhone phone;

    @BeforeEach
    void start() {
        trial = new Trial(files.resolve("none"));
        Options options = Options.of(PhoneMain.class, files.resolve("phone.log")).arguments(
                "http://127.0.0.1:" + trial.asks.port(), trial.product().appKey(), files.resolve("phone").toString());
        phone = FarPhone.start(trial, options, Duration.ofMinutes(1));
        trial.awaitShown(trial.message(), LIMIT);
        trial.load(5);
    }

    @AfterEach
    void end() {
        trial.close();
        phone.close();
    }

    @Test
    void aThawedProcessGoesOnWhereItStood() {
        Measured row = trial.row("process frozen for 20 s").breaks(() -> phone.process().freeze());
        trial.clock.pass(FROZEN);
        String waiting = trial.message();
        long thawed = trial.clock.elapsedMillis();
        phone.process().thaw();
        trial.awaitShown(waiting, LIMIT);
        row.recovered(trial.clock.elapsedMillis() - thawed).end();
    }

    @Test
    void aLinkThatDiedInTheFreezeIsFoundAfterTheThaw() {
        Measured row = trial.row("process frozen for 20 s, link forgotten");
        phone.process().freeze();
        trial.clock.pass(FROZEN.dividedBy(2));
        trial.wifi.halfOpen();
        trial.clock.pass(FROZEN.dividedBy(2));
        row.breaks(() -> phone.process().thaw()).online(LIMIT);
        assertThat(row.detectMillis()).as("the longest ping time-out on wifi, and what the machine takes to thaw it")
                .isLessThanOrEqualTo(20_000);
        row.end();
    }
}
