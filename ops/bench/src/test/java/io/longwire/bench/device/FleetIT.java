package io.longwire.bench.device;

import io.longwire.bench.endpoint.BenchEndpoint;
import io.longwire.bench.endpoint.EndpointMint;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.service.Secrets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

final class FleetIT {
    private static final int PHONES = 40;

    private final Clock clock = Clock.system();
    private final SmallRoom room = new SmallRoom();
    private final Fleet fleet = new Fleet(new FleetOptions(List.of(room.address()), endpoints(), 1, 2, 0, 10, 0, false),
            clock);

    private static List<BenchEndpoint> endpoints() {
        var mint = new EndpointMint(new Secrets(Map.of(1, new byte[32]), 1, new byte[32], new byte[32]));
        return mint.mint(7, PHONES, 1, 1_800_000_000L);
    }

    @AfterEach
    void close() {
        fleet.close();
        room.close();
    }

    @Test
    void logsInAndCountsEachLogin() {
        fleet.connect(PHONES, 0, 8, 10);

        assertThat(fleet.online()).isEqualTo(PHONES);
        assertThat(fleet.tally().connects).isEqualTo(PHONES);
        assertThat(fleet.tally().trouble).isEmpty();
    }

    @Test
    void triesALoginAgainThatFailedAndCountsIt() {
        room.toRefuse.set(3);

        fleet.connect(PHONES, 0, 8, 10);

        assertThat(fleet.online()).isEqualTo(PHONES);
        assertThat(fleet.tally().trouble).containsEntry("login dropped", 3L);
    }

    @Test
    void acksWhatItGetsAndTellsTheLatency() {
        fleet.connect(PHONES, 0, 8, 10);
        fleet.reset(5);

        room.pushToAll(5, 0, clock.nanos() - 1_000_000);

        assertThat(fleet.await(PHONES, 10)).isTrue();
        await().untilAsserted(() -> assertThat(room.ackedUpTo).hasValue(PHONES));
        assertThat(fleet.tally().acked).isEqualTo(PHONES);
        assertThat(fleet.tally().latency.getMinValue()).isGreaterThan(999_000);
    }

    @Test
    void seesAMessageThatCameTwice() {
        fleet.connect(PHONES, 0, 8, 10);
        fleet.reset(1);

        room.pushToAll(1, 100, clock.nanos());
        room.pushToAll(1, 100, clock.nanos());

        await().untilAsserted(() -> assertThat(fleet.tally().pushes).isEqualTo(2 * PHONES));
        assertThat(fleet.tally().unique).isEqualTo(PHONES);
        assertThat(fleet.tally().duplicates).isEqualTo(PHONES);
    }

    @Test
    void keepsMessagesOfAnotherRunApart() {
        fleet.connect(PHONES, 0, 8, 10);
        fleet.reset(2);

        room.pushToAll(1, 0, clock.nanos());

        await().untilAsserted(() -> assertThat(fleet.tally().unstamped).isEqualTo(PHONES));
        assertThat(fleet.tally().unique).isZero();
    }

    @Test
    void pingsAtItsPace() {
        fleet.connect(PHONES, 0, 8, 10);

        fleet.pingEvery(100);

        await().untilAsserted(() -> assertThat(fleet.tally().pongs).isGreaterThanOrEqualTo(3 * PHONES));
        fleet.pingEvery(0);
    }

    @Test
    void pingsAgainOnceAnsweredWhenFlatOut() {
        fleet.connect(PHONES, 0, 8, 10);

        fleet.pingFlatOut();

        await().untilAsserted(() -> assertThat(fleet.tally().pongs).isGreaterThan(20L * PHONES));
        fleet.pingEvery(0);
    }

    @Test
    void leavesAndComesBack() {
        fleet.connect(PHONES, 0, 8, 10);
        fleet.end(10, true, 10);
        assertThat(fleet.online()).isEqualTo(10);

        fleet.connect(PHONES, 500, 8, 10);

        assertThat(fleet.online()).isEqualTo(PHONES);
        assertThat(fleet.tally().trouble).isEmpty();
    }

    @Test
    void countsConnectionsThatTheRoomDropped() {
        fleet.connect(PHONES, 0, 8, 10);

        room.resetAll();

        await().untilAsserted(() -> assertThat(fleet.online()).isZero());
        assertThat(fleet.tally().trouble).containsEntry("dropped", (long) PHONES);
    }
}
