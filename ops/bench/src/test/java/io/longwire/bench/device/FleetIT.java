package io.longwire.bench.device;

import com.google.protobuf.ByteString;
import io.longwire.bench.endpoint.BenchEndpoint;
import io.longwire.bench.endpoint.EndpointMint;
import io.longwire.device.BroadcastSeen;
import io.longwire.device.Code;
import io.longwire.device.ProtocolError;
import io.longwire.device.v1.Uplink;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.service.Secrets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

final class FleetIT {
    private static final int PHONES = 40;

    private final Clock clock = Clock.system();
    private final SmallRoom room = new SmallRoom();
    private final SmallRoom other = new SmallRoom();
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
        other.close();
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
        assertThat(fleet.tally().shownTwice).as("they keep no ids").isEqualTo(PHONES);
    }

    @Test
    void showsAMessageOnceWhenItRemembers() {
        fleet.connect(PHONES, 0, 8, 10);
        fleet.remember(true);
        fleet.reset(1);

        room.pushToAll(1, 100, clock.nanos());
        room.pushToAll(1, 100, clock.nanos());

        await().untilAsserted(() -> assertThat(fleet.tally().pushes).isEqualTo(2 * PHONES));
        assertThat(fleet.tally().duplicates).isEqualTo(PHONES);
        assertThat(fleet.tally().shownTwice).isZero();
    }

    @Test
    void seesOneMessageThatCameUnderTwoIds() {
        fleet.connect(PHONES, 0, 8, 10);
        fleet.remember(true);
        fleet.reset(1);

        room.pushToAll(1, 100, clock.nanos());
        room.messageIds.addAndGet(1_000_000);
        room.pushToAll(1, 100, clock.nanos());

        await().untilAsserted(() -> assertThat(fleet.tally().pushes).isEqualTo(2 * PHONES));
        assertThat(fleet.tally().shownTwice).isEqualTo(PHONES);
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
    void sendsUplinksAtItsPaceAndCountsWhatBecameOfThem() {
        fleet.connect(PHONES, 0, 8, 10);

        fleet.uplinkEvery(100, 30);

        await().untilAsserted(() -> assertThat(fleet.tally().uplink.getTotalCount())
                .isGreaterThanOrEqualTo(3 * PHONES));
        assertThat(fleet.tally().trouble).isEmpty();
        assertThat(room.uplinks).allMatch(one -> one.getBody().size() == 30);
        long first = room.uplinks.getFirst().getEndpointId();
        assertThat(room.uplinks.stream().filter(one -> one.getEndpointId() == first).map(Uplink::getSeq).toList())
                .hasSizeGreaterThan(1).isSorted().doesNotHaveDuplicates();
        room.uplinkCode.set(Code.BUSY);
        await().untilAsserted(() -> assertThat(fleet.tally().trouble).containsKey("uplink: BUSY"));
        fleet.uplinkEvery(0, 0);
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

    @Test
    void acksBroadcastsByEndpointAndCountsThoseThatCameTwice() {
        fleet.connect(PHONES, 0, 8, 10);
        fleet.reset(1);

        room.broadcast(7, 5);
        room.broadcast(7, 6);
        assertThat(fleet.awaitBroadcast(5, PHONES, 10)).isTrue();
        assertThat(fleet.awaitBroadcast(6, PHONES, 10)).isTrue();
        room.broadcast(7, 5);

        await().untilAsserted(() -> assertThat(room.broadcastAcks).hasSize(3 * PHONES));
        assertThat(Set.copyOf(room.broadcastAcks)).hasSize(2 * PHONES);
        BroadcastTally came = fleet.tally().broadcasts;
        assertThat(came.received(5)).isEqualTo(PHONES);
        assertThat(came.duplicates(5)).isEqualTo(PHONES);
        assertThat(came.duplicates(6)).isZero();
        assertThat(fleet.tally().unique).isZero();
        assertThat(fleet.tally().trouble).isEmpty();
    }

    @Test
    void saysAtAnotherRoomWhichBroadcastsItHas() throws ProtocolError {
        room.broadcastFloor.set(3);
        fleet.connect(PHONES, 0, 8, 10);
        assertThat(room.broadcastsSeen).hasSize(PHONES).allMatch(ByteString::isEmpty);
        room.broadcast(7, 5);
        assertThat(fleet.awaitBroadcast(5, PHONES, 10)).isTrue();
        var leaving = new Share(0, 20);

        fleet.end(leaving, false, 10);
        assertThat(fleet.online()).isEqualTo(PHONES - PHONES / 5);
        fleet.join(leaving, List.of(other.address()), 0, 8, 10);

        assertThat(fleet.online()).isEqualTo(PHONES);
        assertThat(other.broadcastsSeen).hasSize(PHONES / 5);
        for (ByteString bytes : other.broadcastsSeen) {
            BroadcastSeen seen = BroadcastSeen.decode(bytes);
            assertThat(seen.floor()).isEqualTo(3);
            assertThat(seen.sequences()).containsExactly(5);
        }
        other.broadcast(7, 5);
        await().untilAsserted(() -> assertThat(fleet.tally().broadcasts.duplicates(5)).isEqualTo(PHONES / 5));
    }

    @Test
    void complainsOfABroadcastOfAnAppThatItHasNot() {
        fleet.connect(PHONES, 0, 8, 10);

        room.broadcast(8, 5);

        await().untilAsserted(() -> assertThat(fleet.tally().trouble)
                .containsEntry("broadcast: of an app that is not here", (long) PHONES));
        assertThat(room.broadcastAcks).isEmpty();
    }

    @Test
    void obeysOrdersOfBroadcastsAndShares() {
        var orders = new Orders(fleet);
        String to = other.address().getHostString() + ":" + other.address().getPort();
        orders.obey("connect");
        room.broadcast(7, 5);

        assertThat(orders.obey("await broadcast=5 patience=10")).contains("\"came\":true");
        assertThat(orders.obey("leave share=25 from=75")).contains("\"online\":" + (PHONES - PHONES / 4));
        assertThat(orders.obey("join share=25 from=75 room=" + to)).contains("\"online\":" + PHONES);
        assertThat(other.online).hasSize(PHONES / 4);
        assertThat(orders.obey("broadcast seq=5 count=50")).contains("\"received\":40", "\"duplicates\":0",
                "\"missing\":10");
        assertThat(orders.obey("broadcast seq=6")).contains("\"received\":0", "\"missing\":40");
        assertThat(orders.obey("join share=10 room=nowhere")).contains("room: nowhere (expected: host:port)");
    }
}
