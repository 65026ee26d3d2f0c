package io.longwire.e2e.weak;

import io.longwire.device.v1.NetType;
import io.longwire.sdk.policy.Network;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.longwire.e2e.weak.Trial.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A hotel's wifi: whatever the phone connects to is the portal until its user has logged in. The system tells the phone
 * that there is no internet, as Android does. The clock runs fast while the phone waits, and as ours when it is let
 * through.
 */
class CaptivePortalIT {
    private static final Network HOTEL = Network.of(NetType.NET_WIFI, "hotel");
    private static final int SPEED = 100;
    private static final Duration STAY = Duration.ofMinutes(30);

    @TempDir
    Path files;
    private Trial trial;
    private Portal portal;

    @BeforeEach
    void open() {
        trial = new Trial(files);
        portal = new Portal();
    }

    @AfterEach
    void close() throws Exception {
        trial.close();
        portal.close();
    }

    @Test
    void aPhoneThatKnowsItsRoomsTriesSeldomAndIsBackWhenItIsLetThrough() {
        trial.online();
        Measured row = trial.row("captive portal, 30 min").breaks(() -> {
            trial.network(Network.NONE);
            trial.portal(portal);
            trial.network(HOTEL.validated(false));
        });
        await().until(() -> portal.asked() > 0);
        String waiting = stay(row, true);
        row.heals(this::letThrough).online(LIMIT);
        assertThat(row.recoverMillis()).as("one that asks the dispatcher first").isLessThanOrEqualTo(3_000);
        trial.awaitShown(waiting, LIMIT);
        row.end();
    }

    @Test
    void anAppInstalledBehindItIsRegisteredWhenItIsLetThrough() {
        trial.portal(portal);
        Measured row = trial.row("captive portal, 30 min, new install");
        long born = trial.clock.elapsedMillis();
        trial.on(HOTEL.validated(false)).start();
        await().atMost(LIMIT).until(() -> !trial.problems().isEmpty()); // what it tells is that nobody registers it
        row.detected(trial.problems().getFirst() - born);
        stay(row, false);
        row.broke(trial.clock.elapsedMillis()).heals(this::letThrough).online(LIMIT);
        assertThat(row.recoverMillis()).isLessThanOrEqualTo(5_000); // it registers, asks for rooms, connects
        trial.awaitShown(trial.message(), LIMIT);
        row.end();
    }

    /** Half an hour of the phone's time; returns the payload of a message that came meanwhile, if one is to. */
    private String stay(Measured row, boolean message) {
        trial.clock.speed(SPEED);
        row.counts();
        trial.clock.pass(STAY.dividedBy(2));
        String waiting = message ? trial.message() : "";
        trial.clock.pass(STAY.dividedBy(2));
        row.counted();
        trial.clock.speed(1);
        return waiting;
    }

    private void letThrough() {
        trial.portal(null);
        trial.network(HOTEL);
    }
}
