package io.longwire.e2e.weak;

import io.longwire.coordinator.client.consume.ConsumerOptions;
import io.longwire.coordinator.client.consume.EventConsumer;
import io.longwire.coordinator.client.consume.Verdict;
import io.longwire.e2e.load.Load;
import io.longwire.sdk.Uplink;
import io.longwire.sdk.policy.Network;
import io.longwire.testkit.chaos.ChaosProxy;
import io.longwire.testkit.chaos.Direction.Hole;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.longwire.e2e.weak.Trial.CELL;
import static io.longwire.e2e.weak.Trial.LIMIT;
import static io.longwire.e2e.weak.Trial.WIFI;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What is found and mended in seconds: a phone that its user looks at, by the clock on the wall, 20 messages a second.
 */
class WeakNetworkIT {
    @TempDir
    Path files;
    private Trial trial;
    private ChaosProxy wifi;
    private ChaosProxy cell;
    private Load load;

    @BeforeEach
    void start() {
        trial = new Trial(files).online();
        wifi = trial.wifi;
        cell = trial.cell;
        load = trial.load(20);
    }

    @AfterEach
    void end() {
        trial.close();
    }

    @Test
    void aHalfOpenLinkIsFoundInTenSecondsWhenTheUserLooks() {
        Measured row = trial.row("half-open, looked at").breaks(() -> {
            wifi.halfOpen();
            trial.phone().setForeground(true);
        }).online(LIMIT);
        assertThat(row.recoverMillis()).isLessThanOrEqualTo(10_000);
        row.end();
    }

    @Test
    void aHalfOpenLinkIsFoundInTenSecondsWhenItIsUsed() {
        Measured row = trial.row("half-open, used").breaks(() -> {
            wifi.halfOpen();
            trial.app().send("order", new byte[]{1});
        }).online(LIMIT);
        assertThat(row.detectMillis()).isLessThanOrEqualTo(12_000); // 10 s, and what a busy machine needs
        row.end();
    }

    @Test
    void theCellNetworkTakesOverFromAWifiThatIsGone() {
        Measured row = trial.row("wifi to cell").breaks(this::toCell).online(LIMIT);
        assertThat(row.recoverMillis()).isLessThanOrEqualTo(3_000); // 2 s, and what a busy machine needs
        row.end();
    }

    @Test
    void aPathThatLetsNothingBackIsGivenUp() {
        Measured row = trial.row("black hole to the phone").breaks(() -> {
            wifi.toClient().blackHole(Hole.DISCARD);
            cell.refuse(false);
            trial.phone().setForeground(true);
        }).online(LIMIT);
        wifi.heal();
        row.end();
    }

    @Test
    void resetsCostConnectionsAndNoMessage() {
        Measured row = trial.row("RST storm, 5 resets");
        for (int i = 0; i < 5; i++) {
            row.breaks(wifi::reset).online(LIMIT);
        }
        row.end();
    }

    @Test
    void aSlowAndTremblingPathIsNotCalledDead() {
        Measured row = trial.row("200 ms +- 100, 64 kbit/s").breaks(this::trembles);
        int before = trial.seen().size();
        for (int i = 0; i < 3; i++) {
            trial.phone().setForeground(true);
            load.awaitSent(40, LIMIT);
        }
        assertThat(trial.seen()).as("no connection was given up").hasSize(before);
        row.counted();
        wifi.heal();
        row.end();
    }

    @Test
    void aSlowAndTremblingPathTakesTheLongestUplinksOnceEach() throws InterruptedException {
        var got = new ConcurrentLinkedQueue<Byte>();
        try (var _ = EventConsumer.start(ConsumerOptions.of(List.of(trial.events()), trial.product().apiKey(), "order",
                "books"), event -> {
                    got.add(event.body().byteAt(0));
                    return Verdict.FIN;
                })) {
            Measured row = trial.row("200 ms +- 100, 64 kbit/s: 3 uplinks, 16 KiB").breaks(this::trembles);
            int before = trial.seen().size();
            var sent = new ArrayList<Uplink>();
            for (byte i = 0; i < 3; i++) {
                byte[] longest = new byte[16 << 10];
                new Random(i).nextBytes(longest);
                longest[0] = i;
                sent.add(trial.app().send("order", longest));
            }
            for (Uplink one : sent) {
                assertThat(one.await(LIMIT.toMillis())).matches(result -> result != null && result.isDurable());
            }
            row.counted();
            assertThat(trial.seen()).as("no connection was given up").hasSize(before);
            wifi.heal();
            await().atMost(LIMIT).until(() -> got.size() >= sent.size());
            row.end();
            assertThat(got).containsExactly((byte) 0, (byte) 1, (byte) 2);
        }
    }

    @Test
    void aNetworkThatComesAndGoesIsFollowed() {
        Measured row = trial.row("flapping wifi/cell, 12 times");
        long connections = trial.connections();
        for (int i = 0; i < 12; i++) {
            if (i % 2 == 0) {
                toCell();
            } else {
                toWifi();
            }
            trial.clock.pass(Duration.ofMillis(700));
        }
        row.breaks(() -> {
            wifi.halfOpen();
            trial.network(Network.NONE);
        });
        trial.clock.pass(Duration.ofSeconds(3));
        row.heals(this::toCell).online(LIMIT);
        assertThat(trial.connections() - connections).as("about one for each change").isLessThanOrEqualTo(20);
        assertThat(row.recoverMillis()).isLessThanOrEqualTo(10_000);
        row.end();
    }

    @Test
    void aWallClockThatJumpsCostsNothing() {
        Measured row = trial.row("wall clock +1 h, -1 d, +20 y, -60 y; then RST");
        for (long hours : new long[]{1, -25, 20 * 8_766, -60 * 8_766}) {
            int before = trial.seen().size();
            trial.clock.jump(Duration.ofHours(hours));
            trial.awaitShown(trial.message(), LIMIT);
            assertThat(trial.seen()).as("%d h: the connection stays", hours).hasSize(before);
            row.breaks(wifi::reset).online(LIMIT);
            trial.awaitShown(trial.message(), LIMIT);
        }
        row.end();
    }

    @Test
    void aDeadDispatcherIsNotMissedWhileARoomIsKnown() {
        trial.asks.refuse(true);
        Measured row = trial.row("dispatcher dead: RST").breaks(wifi::reset).online(LIMIT);
        row.end();
    }

    @Test
    void aDeadDispatcherIsNotMissedByAPhoneThatRestarts() {
        trial.asks.refuse(true);
        Measured row = trial.row("dispatcher dead: phone restarted").breaks(() -> {
            trial.stop();
            trial.start();
        }).online(LIMIT);
        row.end();
    }

    @Test
    void allRoomsMayMoveWhileTheDispatcherIsDead() {
        try (var moved = ChaosProxy.to(trial.room(), 34)) {
            trial.leads(moved);
            Measured row = trial.row("dispatcher dead 5 s, meanwhile all rooms moved").breaks(() -> {
                trial.asks.refuse(true);
                wifi.refuse(true);
                wifi.reset();
            });
            trial.clock.pass(Duration.ofSeconds(5));
            row.heals(() -> {
                trial.dispatcher.route(List.of(moved.address()));
                trial.asks.refuse(false);
            }).online(Duration.ofSeconds(70)); // the longest pause between two tries of a phone that is looked at
            row.end();
        }
    }

    private void trembles() {
        wifi.toClient().delay(Duration.ofMillis(100), Duration.ofMillis(200)).throttle(8_000);
        wifi.toServer().delay(Duration.ofMillis(100), Duration.ofMillis(200)).throttle(8_000);
    }

    private void toCell() {
        cell.refuse(false);
        wifi.refuse(true);
        wifi.halfOpen();
        trial.network(Network.NONE);
        trial.network(CELL);
    }

    private void toWifi() {
        wifi.refuse(false);
        cell.refuse(true);
        cell.halfOpen();
        trial.network(Network.NONE);
        trial.network(WIFI);
    }
}
