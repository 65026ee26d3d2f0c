package io.longwire.keeper.server.slots;

import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.cluster.SlotMap;
import io.longwire.keeper.cluster.Slots;
import io.longwire.testkit.cluster.FakeCluster;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class EpochsTest {
    private final FakeCluster cluster = FakeCluster.of("keeper");

    @Test
    void isTheHighestThatThisKeeperKnowsOrALiveProcessUses() {
        assertThat(Epochs.highest(cluster)).isZero();

        cluster.publish(new SlotMap(41, List.of(), new short[Slots.COUNT * 2]));
        assertThat(Epochs.highest(cluster)).isEqualTo(41);

        cluster.show("room", using("room", "40"), using("room", "of another build"));
        assertThat(Epochs.highest(cluster)).isEqualTo(41);
        cluster.show("saver", using("saver", "57"));
        assertThat(Epochs.highest(cluster)).isEqualTo(57);
    }

    private static Member using(String part, String epoch) {
        return new Member(part, part + "-" + epoch, 1, "host", "local", "10.0.0.1:7001", "", 0, false, Map.of("map",
                epoch));
    }
}
