package io.longwire.keeper.server.slots;

import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.cluster.SlotMap;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.testkit.cluster.FakeCluster;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class MapSkewTest {
    private final VirtualClock clock = new VirtualClock();
    private final FakeCluster cluster = FakeCluster.of("keeper");
    private final PrometheusMetrics metrics = new PrometheusMetrics();
    private final MapSkew skew = new MapSkew(cluster, clock, metrics);

    @BeforeEach
    void noKeeperAmongThem() {
        cluster.show("keeper");
    }

    @Test
    void complainsOfProcessesThatUseAnOldMapForLongerThanThirtySeconds() {
        cluster.show("room", room("room-0", "41"), room("room-1", "42"), room("room-2", ""));
        publish(42);

        clock.advance(Duration.ofSeconds(30));
        assertThat(skew.complaint()).as("they have that time").isEmpty();
        clock.advance(Duration.ofSeconds(10));
        assertThat(skew.complaint()).hasValueSatisfying(text -> assertThat(text).startsWith("2 processes use an old")
                .endsWith("room-0 41, room-2 0"));
        assertThat(metrics.value(KeeperMetric.MAP_SKEW)).isEqualTo(2);

        cluster.show("room", room("room-0", "42"), room("room-1", "42"));
        clock.advance(Duration.ofSeconds(5));
        assertThat(skew.complaint()).isEmpty();
        assertThat(metrics.value(KeeperMetric.MAP_SKEW)).isZero();
    }

    @Test
    void complainsOfAProcessThatNeverSaysWhichMapItUses() {
        publish(42);
        clock.advance(Duration.ofMinutes(5));
        cluster.show("room", room("room-0", ""));

        clock.advance(Duration.ofSeconds(30));
        assertThat(skew.complaint()).as("it has just come, and has that time").isEmpty();
        clock.advance(Duration.ofSeconds(10));

        assertThat(skew.complaint()).hasValueSatisfying(text -> assertThat(text).endsWith("room-0 0"));
    }

    @Test
    void givesTheTimeAnewWithEachMap() {
        cluster.show("room", room("room-0", "42"));
        publish(42);
        clock.advance(Duration.ofSeconds(28));
        publish(43);
        clock.advance(Duration.ofSeconds(20));

        assertThat(skew.complaint()).isEmpty();
    }

    @Test
    void complainsOfAnOldMapThoughNewOnesComeAllTheTime() {
        cluster.show("room", room("room-0", "41"), room("room-1", "43"));
        for (long epoch = 42; epoch < 45; epoch++) {
            publish(epoch);
            clock.advance(Duration.ofSeconds(20));
        }

        assertThat(skew.complaint()).as("room-1 has what was the newest 30 s ago")
                .hasValueSatisfying(text -> assertThat(text).startsWith("1 processes").endsWith("room-0 41"));
    }

    @Test
    void forgetsMapsThatAreNoMore() {
        cluster.show("room", room("room-0", "7"));
        publish(42);
        clock.advance(Duration.ofSeconds(40));
        assertThat(skew.complaint()).isPresent();

        publish(7); // ZooKeeper was emptied
        clock.advance(Duration.ofSeconds(40));

        assertThat(skew.complaint()).isEmpty();
    }

    private void publish(long epoch) {
        cluster.publish(new SlotMap(epoch, List.of(), new short[Slots.COUNT * 2]));
    }

    private static Member room(String name, String epoch) {
        return new Member("room", name, 1, "host", "local", "10.0.0.1:7001", "", 0, false, epoch.isEmpty()
                ? Map.of()
                : Map.of("name", name, "map", epoch));
    }
}
