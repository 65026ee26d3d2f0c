package io.longwire.keeper.server.config;

import io.longwire.keeper.cluster.Member;
import io.longwire.testkit.cluster.FakeCluster;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class DrainsTest {
    private final FakeCluster cluster = FakeCluster.of("keeper");

    @Test
    void knowsWhoDrainedWhenItIsGone() {
        try (var drains = new Drains(cluster)) {
            drains.watch("center");
            cluster.show("center", FakeCluster.member("center", 1), draining("center-2"));
            cluster.show("center", FakeCluster.member("center", 1));

            assertThat(drains.has("center-2")).isTrue();
            assertThat(drains.has("center-1")).isFalse();
        }
    }

    @Test
    void sawNothingBeforeItWatched() {
        try (var drains = new Drains(cluster)) {
            cluster.show("center", draining("center-2"));
            cluster.show("center");
            drains.watch("center");

            assertThat(drains.has("center-2")).isFalse();
        }
    }

    private static Member draining(String instance) {
        return new Member("center", instance, 2, "host", "local", "10.0.0.1:7002", "", 0, true, Map.of());
    }
}
