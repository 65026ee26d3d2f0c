package io.longwire.room.accept;

import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.config.Live;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.rig.FakeMetrics;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class GateTest {
    private static final byte[] PHONE = {10, 1, 2, 3};
    private static final byte[] NEIGHBOUR = {10, 1, 2, 4};
    private static final byte[] STRANGER = {10, 9, 9, 9};

    private final VirtualClock clock = new VirtualClock();
    private byte[] banned = {};
    private final FakeMetrics metrics = new FakeMetrics();

    @Test
    void countsThoseThatHaveNotLoggedInByAddressAndSubnet() {
        Gate gate = gate(Map.of("openPerAddress", 2, "openPerSubnet", 3));
        assertThat(gate.admit(PHONE)).isNull();
        assertThat(gate.admit(PHONE)).isNull();

        assertThat(gate.admit(PHONE)).isEqualTo(Refusal.OPEN_ADDRESS);
        assertThat(gate.admit(NEIGHBOUR)).isNull();
        assertThat(gate.admit(NEIGHBOUR)).isEqualTo(Refusal.OPEN_SUBNET);
        assertThat(gate.admit(STRANGER)).isNull();
        gate.loggedIn(PHONE);
        assertThat(gate.admit(PHONE)).isNull();
        gate.closed(NEIGHBOUR, false);
        assertThat(gate.admit(NEIGHBOUR)).isNull();
        assertThat(metrics.count(RoomMetric.REFUSED, "open_address")).isEqualTo(1);
    }

    @Test
    void limitsHowOftenAnAddressConnectsInTenSeconds() {
        Gate gate = gate(Map.of("connectsPerAddress", 3));
        for (int i = 0; i < 3; i++) {
            assertThat(gate.admit(PHONE)).isNull();
            gate.closed(PHONE, false);
        }

        assertThat(gate.admit(PHONE)).isEqualTo(Refusal.RATE_ADDRESS);
        clock.advance(Duration.ofSeconds(10));
        assertThat(gate.admit(PHONE)).isNull();
    }

    @Test
    void closesTheDoorToABannedNetworkAlsoWhereThereAreNoLimits() {
        Gate gate = gate(Map.of("exempt", List.of("10.1.0.0/16"), "allow", List.of("10.1.0.0/16")));
        banned = PHONE;

        assertThat(gate.admit(PHONE)).isEqualTo(Refusal.BANNED);
        assertThat(gate.admit(NEIGHBOUR)).isNull();
        assertThat(metrics.count(RoomMetric.REFUSED, "banned")).isEqualTo(1);
        banned = STRANGER;
        assertThat(gate.admit(PHONE)).isNull();
    }

    @Test
    void deniesByRuleAndFollowsNewRules() {
        Gate gate = gate(Map.of("allow", List.of("10.1.0.0/16"), "deny", List.of("10.1.2.4")));

        assertThat(gate.admit(PHONE)).isNull();
        assertThat(gate.admit(NEIGHBOUR)).isEqualTo(Refusal.DENIED);
        assertThat(gate.admit(STRANGER)).isEqualTo(Refusal.DENIED);
    }

    @Test
    void anExemptAddressHasNoLimitButTheRoomsOwn() {
        Gate gate = gate(Map.of("exempt", List.of("10.1.2.3"), "openPerAddress", 1, "deny", List.of("0.0.0.0/0")));
        for (int i = 0; i < 100; i++) {
            assertThat(gate.admit(PHONE)).isNull();
        }
        assertThat(gate.connections()).isEqualTo(100);
        assertThat(gate.admit(PHONE)).isEqualTo(Refusal.FULL);
    }

    @Test
    void takesSoManyASecondAndTellsTheRestToComeLater() {
        Gate gate = gate(Map.of(), new AcceptConfig(10, Duration.ZERO, 100, 100));
        int taken = 0;
        for (int i = 0; i < 30; i++) {
            taken += gate.admit(new byte[]{20, 0, (byte) i, 1}) == null ? 1 : 0;
        }
        assertThat(taken).isEqualTo(10);
        clock.advance(Duration.ofMillis(500));
        for (int i = 0; i < 30; i++) {
            taken += gate.admit(new byte[]{21, 0, (byte) i, 1}) == null ? 1 : 0;
        }

        assertThat(taken).isEqualTo(15);
        assertThat(metrics.count(RoomMetric.REFUSED, "rate")).isEqualTo(45);
    }

    @Test
    void rampsUpAfterTheStart() {
        Gate gate = gate(Map.of(), new AcceptConfig(1_000, Duration.ofSeconds(10), 100, 100));

        assertThat(gate.acceptsPerSecond()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(5));
        assertThat(gate.acceptsPerSecond()).isEqualTo(600);
        clock.advance(Duration.ofSeconds(50));
        assertThat(gate.acceptsPerSecond()).isEqualTo(1_000);
    }

    @Test
    void blocksMatchByTheirBits() {
        assertThat(Cidr.parse("10.128.0.0/9")).isNotNull()
                .satisfies(block -> assertThat(block.contains(new byte[]{10, (byte) 200, 0, 1})).isTrue())
                .satisfies(block -> assertThat(block.contains(new byte[]{10, 1, 0, 1})).isFalse());
        assertThat(Cidr.parse("0.0.0.0/0")).isNotNull()
                .satisfies(block -> assertThat(block.contains(PHONE)).isTrue())
                .satisfies(block -> assertThat(block.contains(new byte[16])).isFalse());
        assertThat(Cidr.parse("2001:db8::/32")).isNotNull();
        assertThat(Cidr.parse("10.0.0.0/33")).isNull();
        assertThat(Cidr.parse("example.org/8")).isNull();
        assertThat(Cidr.parse("")).isNull();
    }

    private Gate gate(Map<String, Object> rules) {
        return gate(rules, new AcceptConfig(100_000, Duration.ZERO, 100, 100));
    }

    private Gate gate(Map<String, Object> rules, AcceptConfig accept) {
        return new Gate(Live.fixed(AccessConfig.read(ConfigNode.of(rules))),
                address -> Arrays.equals(address, banned), Live.fixed(accept), clock, metrics);
    }
}
