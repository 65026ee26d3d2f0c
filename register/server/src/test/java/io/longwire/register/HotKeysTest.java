package io.longwire.register;

import io.longwire.keeper.config.Live;
import io.longwire.register.fakes.SlotMaps;
import io.longwire.register.slots.Completeness;
import io.longwire.register.slots.Ownership;
import io.longwire.register.slots.Rooms;
import io.longwire.register.table.PutOutcome;
import io.longwire.register.table.SessionEntry;
import io.longwire.register.table.SessionTable;
import io.longwire.testkit.cluster.FakeCluster;
import io.longwire.testkit.config.RunningConfig;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Keys that a running register takes over. */
class HotKeysTest {
    private final VirtualClock clock = new VirtualClock();
    private final Rooms rooms = new Rooms(clock);
    private final SessionEntry other = new SessionEntry();
    private final RunningConfig<RegisterConfig> config = new RunningConfig<>(
            "{maxSessions: 1000, completeAfter: 30s, handOver: 5s}", RegisterConfig::read);

    @Test
    void takesMoreSessionsWhenTheBoundIsRaisedAndKeepsThemWhenItIsLowered() {
        try (var table = new SessionTable(config.live(RegisterConfig::maxSessions)::get, rooms)) {
            rooms.follow(FakeCluster.members("room", 1));
            for (int endpoint = 0; endpoint < 1_000; endpoint++) {
                assertThat(put(table, endpoint)).isEqualTo(PutOutcome.STORED);
            }
            assertThat(put(table, 1_000)).isEqualTo(PutOutcome.FULL);

            assertThat(config.lay("maxSessions: 1001")).isEmpty();
            assertThat(put(table, 1_000)).isEqualTo(PutOutcome.STORED);
            assertThat(put(table, 1_001)).isEqualTo(PutOutcome.FULL);

            assertThat(config.lay("maxSessions: 5")).hasValueSatisfying(why -> assertThat(why)
                    .endsWith("maxSessions: 5 (expected: a whole number from 1000 to 1000000000)"));
            assertThat(table.remove(1_000, 1, 1)).isNotNull();
            assertThat(put(table, 1_000)).as("the bound of before holds").isEqualTo(PutOutcome.STORED);

            assertThat(config.lay("maxSessions: 1000")).isEmpty();
            assertThat(table.size()).isEqualTo(1_001);
            assertThat(put(table, 1_001)).isEqualTo(PutOutcome.FULL);
            assertThat(config.waiting()).isEmpty();
        }
    }

    @Test
    void judgesSlotsThatItHasByANewTime() {
        try (var table = new SessionTable(1_000, rooms)) {
            var ownership = new Ownership(FakeCluster.of("register"), table, rooms, clock,
                    config.live(RegisterConfig::completeAfter));
            rooms.listen(ownership);
            rooms.follow(FakeCluster.members("room", 1));
            ownership.follow(SlotMaps.of(1, slot -> slot == 7));
            clock.advance(Duration.ofSeconds(10));
            assertThat(ownership.countComplete(Completeness.NONE)).isEqualTo(1);

            assertThat(config.lay("completeAfter: 10s")).isEmpty();
            assertThat(ownership.countComplete(Completeness.BY_TIME)).isEqualTo(1);

            assertThat(config.lay("completeAfter: 1h")).hasValueSatisfying(why -> assertThat(why)
                    .contains("completeAfter: 1h (expected: a duration from 1s to 10m"));
            assertThat(ownership.countComplete(Completeness.BY_TIME)).isEqualTo(1);

            assertThat(config.lay("completeAfter: 1m")).isEmpty();
            assertThat(ownership.countComplete(Completeness.NONE)).as("it is not old enough any more").isEqualTo(1);
            assertThat(config.waiting()).isEmpty();
        }
    }

    @Test
    void takesOverHowLongADrainWaits() {
        Live<Duration> handOver = config.live(RegisterConfig::handOver);

        assertThat(config.lay("handOver: 20s")).isEmpty();
        assertThat(config.lay("handOver: soon")).hasValueSatisfying(why -> assertThat(why).contains("handOver: soon"));

        assertThat(handOver.get()).isEqualTo(Duration.ofSeconds(20));
        assertThat(config.waiting()).isEmpty();
    }

    private PutOutcome put(SessionTable table, long endpoint) {
        return table.put(endpoint, 1, 1, 1, other);
    }
}
