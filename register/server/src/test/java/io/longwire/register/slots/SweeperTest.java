package io.longwire.register.slots;

import io.longwire.keeper.config.Live;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.register.RegisterMetric;
import io.longwire.register.fakes.SlotMaps;
import io.longwire.register.table.SessionEntry;
import io.longwire.register.table.SessionTable;
import io.longwire.testkit.cluster.FakeCluster;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SweeperTest {
    private static final int ROUNDS = 4096 / 256;

    private final VirtualClock clock = new VirtualClock();
    private final PrometheusMetrics metrics = new PrometheusMetrics();
    private final Rooms rooms = new Rooms(clock);
    private final SessionTable table = new SessionTable(10_000, rooms);
    private final Ownership ownership = new Ownership(FakeCluster.of("register"), table, rooms, clock,
            Live.fixed(Duration.ofSeconds(30)));
    // Its own clock stands still: the test sweeps by hand.
    private final Sweeper sweeper = new Sweeper(table, ownership, rooms, new VirtualClock(),
            metrics.counter(RegisterMetric.SWEPT));
    private final SessionEntry entry = new SessionEntry();

    @BeforeEach
    void fill() {
        rooms.listen(ownership);
        rooms.follow(FakeCluster.members("room", 1, 2));
        ownership.follow(SlotMaps.of(1, slot -> true));
        for (int i = 0; i < 8_192; i++) {
            table.put(i, 1, 1 + (i >> 12), 1, entry);
        }
    }

    @AfterEach
    void close() {
        sweeper.close();
        table.close();
        metrics.close();
    }

    @Test
    void erasesEntriesOfARoomLongDeadAndKeepsTheOthers() {
        rooms.follow(FakeCluster.members("room", 2));
        round();
        assertThat(table.size()).isEqualTo(8_192);

        clock.advance(Duration.ofSeconds(30));
        round();

        assertThat(table.size()).isEqualTo(4_096);
        assertThat(table.find(5_000, entry)).isTrue();
        assertThat(metrics.counter(RegisterMetric.SWEPT).count()).isEqualTo(4_096);
    }

    @Test
    void clearsSlotsNoLongerOurs() {
        ownership.follow(SlotMaps.of(2, slot -> slot < 96));
        round();

        assertThat(table.size()).isEqualTo(192);
    }

    private void round() {
        for (int i = 0; i < ROUNDS; i++) {
            sweeper.sweep();
        }
    }
}
