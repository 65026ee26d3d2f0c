package io.longwire.e2e.weak;

import io.longwire.e2e.weak.Trial.Seen;
import io.longwire.sdk.ConnectionStatus.State;
import io.longwire.testkit.chaos.ChaosProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.longwire.e2e.weak.Trial.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Resets that let no connection come so far as to be answered, and a phone in the pocket that nobody has told how soon
 * to try again. Its clock runs fast while the storm lasts, and as ours when it is over.
 */
class HandshakeStormIT {
    private static final int SPEED = 100;
    private static final Duration STORM = Duration.ofMinutes(10);
    private static final int PLACES = 4;
    /** Connections that the phone's budget allows in five minutes; a half of the storm is a little longer. */
    private static final long BUDGET = 10 + 1;
    /** A backoff that does not grow never waits longer: three times its base. */
    private static final long GROWN_MILLIS = 15_000;

    @TempDir
    Path files;

    @Test
    void resetsBeforeTheAnswerToConnectAreMetWithPatience() {
        try (var trial = new Trial(files).ownBackoff().inThePocket()) {
            storm(trial, "RST storm in CONNECT, 10 min");
        }
    }

    @Test
    @Tag("full")
    void resetsInTheTlsHandshakeAreMetWithPatience() {
        try (var trial = new Trial(files).overTls().ownBackoff().inThePocket()) {
            storm(trial, "RST storm in TLS handshake, 10 min");
        }
    }

    private static void storm(Trial trial, String name) {
        trial.online();
        long before = trial.connections();
        Measured row = trial.row(name).breaks(() -> {
            strike(trial.wifi, 0);
            trial.wifi.reset();
        });
        trial.clock.speed(SPEED);
        row.counts();
        pass(trial);
        long half = trial.connections() - before;
        String waiting = trial.message();
        pass(trial);
        long all = trial.connections() - before;
        row.counted();
        List<Seen> told = List.copyOf(trial.seen());
        trial.clock.speed(1);
        row.heals(() -> {
            trial.wifi.heal();
            trial.phone().setForeground(true);
        }).online(LIMIT);
        trial.awaitShown(waiting, LIMIT);
        assertThat(half).as("connections in the first five minutes").isBetween(2L, BUDGET);
        assertThat(all - half).as("connections in the other five").isLessThanOrEqualTo(BUDGET);
        assertThat(told).filteredOn(one -> one.state() == State.ONLINE).as("connections answered").hasSize(1);
        assertThat(told.stream().filter(one -> !one.reason().startsWith("too many")).mapToLong(Seen::waitMillis).max()
                .orElse(0)).as("the longest wait that was not the budget's").isGreaterThan(GROWN_MILLIS);
        row.end();
    }

    /** Half of the storm, which strikes at one place after the other. */
    private static void pass(Trial trial) {
        for (int place = 0; place < PLACES; place++) {
            strike(trial.wifi, place);
            trial.clock.pass(STORM.dividedBy(2 * PLACES));
        }
    }

    /** The new place is struck before the old one is left: no connection slips through. */
    private static void strike(ChaosProxy way, int place) {
        long bytes = place % 2 == 0 ? 0 : 20; // of CONNECT and of its answer, as of a TLS hello
        if (place < PLACES / 2) {
            way.toServer().resetAfter(bytes);
            way.toClient().resetAfter(-1);
        } else {
            way.toClient().resetAfter(bytes);
            way.toServer().resetAfter(-1);
        }
    }
}
