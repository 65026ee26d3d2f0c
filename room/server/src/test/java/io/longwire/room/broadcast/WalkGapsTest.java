package io.longwire.room.broadcast;

import io.longwire.device.BroadcastSeen;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.room.client.audience.Share;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.rig.Phone;
import io.longwire.room.rig.RoomRig;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.room.WalkStatus;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Canary;
import io.longwire.rpc.saver.Pace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What comes between two walks, after them, or instead of them. */
class WalkGapsTest {
    private static final Audience REGULARS = Audience.newBuilder().setTag("regular").build();

    private final RoomRig rig = new RoomRig();

    @Test
    void aLoginAfterTheWalkThatCannotBeWrittenToIsVisitedAgainAndTheWalkStaysFinished() {
        rig.walk(RoomRig.broadcast(2));
        Phone full = rig.phone();
        full.writable = false;
        full.connect(binding(5).build());
        WalkStatus status = rig.status(RoomRig.broadcast(2));
        assertThat(status.getFinished()).isTrue();
        assertThat(status.getWalking()).isFalse();
        assertThat(status.getBehind()).isEqualTo(1);
        assertThat(rig.metrics.count(RoomMetric.BROADCAST_LEFT)).isZero();

        full.writable = true;
        rig.advance(Duration.ofMillis(2_100));
        rig.advance(Duration.ofSeconds(200));

        assertThat(full.broadcasts()).containsExactly(2L);
        status = rig.status(RoomRig.broadcast(2));
        assertThat(status.getFinished()).isTrue();
        assertThat(status.getBehind()).isZero();
        assertThat(status.getWritten()).isEqualTo(1);
    }

    @Test
    void aLoginWhoseProfileCouldNotBeAskedAfterTheWalkIsAskedAboutAgain() {
        rig.walk(RoomRig.broadcast(2).setAudience(REGULARS));
        rig.store.holds.put(5L, 1);
        rig.store.away = true;
        Phone phone = rig.phone().connect(binding(5).build());
        rig.advance(Duration.ofMillis(100));

        rig.store.away = false;
        rig.advance(Duration.ofSeconds(3));

        assertThat(phone.broadcasts()).containsExactly(2L);
    }

    @Test
    void oneWhoComesLateIntoThePassesAfterTheWalkHasAllOfThem() {
        rig.walk(RoomRig.broadcast(2));
        stuck(5);
        rig.advance(Duration.ofSeconds(100)); // five of its six passes are over
        Phone late = stuck(6);
        rig.advance(Duration.ofSeconds(60));
        assertThat(rig.metrics.count(RoomMetric.BROADCAST_LEFT)).isZero();

        late.writable = true;
        rig.advance(Duration.ofSeconds(200));

        assertThat(late.broadcasts()).containsExactly(2L);
        assertThat(rig.metrics.count(RoomMetric.BROADCAST_LEFT)).isEqualTo(1);
    }

    @Test
    void anAppThatRunsAgainDuringAPauseGetsItWhenThePauseEnds() {
        Phone first = rig.phone().connect(binding(5).build());
        Phone second = rig.phone().connect(binding(6).build());
        rig.walk(RoomRig.broadcast(2));
        first.ackBroadcast(5, AckStatus.ACK_DEFERRED, 2L);
        second.ackBroadcast(6, AckStatus.ACK_DEFERRED, 2L);
        rig.put(RoomRig.broadcast(2).setState(Broadcast.State.PAUSED).setVersion(2));

        first.ready(5);
        rig.settle();
        assertThat(first.broadcasts()).hasSize(1);
        rig.put(RoomRig.broadcast(2).setVersion(3));
        rig.advance(Duration.ofSeconds(10));

        assertThat(first.broadcasts()).containsExactly(2L, 2L);
        assertThat(second.broadcasts()).containsExactly(2L);
    }

    @Test
    void whoIsBehindInTheCanaryIsTakenAlongByTheWalkOfTheOthers() {
        Broadcast.Builder made = canary();
        rig.walk(made);
        Phone full = stuck(endpoint(true));
        rig.put(made.clone().setState(Broadcast.State.PAUSED).setVersion(2));

        full.writable = true;
        WalkStatus status = rig.walk(made.setStage(1).setVersion(3));

        assertThat(full.broadcasts()).containsExactly(2L);
        assertThat(status.getFinished()).isTrue();
        assertThat(status.getBehind()).isZero();
        assertThat(rig.metrics.count(RoomMetric.BROADCAST_LEFT)).isZero();
    }

    @Test
    void aPhoneThatSaysBetweenTheStagesThatItHasItIsNotWritten() {
        Broadcast.Builder made = canary();
        assertThat(rig.walk(made).getFinished()).isTrue();
        Phone has = rig.phone()
                .connect(binding(endpoint(false)).setBcastSeen(BroadcastSeen.of(1, 2).encode()).build());

        rig.walk(made.setStage(1).setVersion(2));
        rig.advance(Duration.ofSeconds(10));

        assertThat(has.broadcasts()).isEmpty();
    }

    @Test
    void loginsAfterTheWalkDoNotWaitForItsPaceWhenProfilesAreAsked() {
        rig.order(rig.order(RoomRig.broadcast(2).setAudience(REGULARS)).setRatePerSecond(2), true);
        List<Phone> phones = new ArrayList<>();
        for (long endpoint = 1; endpoint <= 10; endpoint++) {
            rig.store.holds.put(endpoint, 1);
            phones.add(rig.phone().connect(binding(endpoint).build()));
        }

        rig.advance(Duration.ofMillis(200));

        assertThat(phones).allSatisfy(phone -> assertThat(phone.broadcasts()).containsExactly(2L));
    }

    @Test
    void aRoomThatWalksByItselfKeepsThePaceOfTheBroadcast() {
        for (long endpoint = 1; endpoint <= 40; endpoint++) {
            rig.phone().connect(binding(endpoint).build());
        }
        rig.keep(RoomRig.broadcast(2).setState(Broadcast.State.WALKED).setPace(Pace.newBuilder().setRatePerSecond(10)));

        rig.advance(Duration.ofSeconds(6)); // the list is asked for every 5 s
        assertThat(rig.status(RoomRig.broadcast(2)).getWritten()).isBetween(1L, 20L);
        rig.advance(Duration.ofSeconds(10));

        assertThat(rig.status(RoomRig.broadcast(2)).getWritten()).isEqualTo(40);
    }

    private static Broadcast.Builder canary() {
        return RoomRig.broadcast(2).setStage(0).setCanary(Canary.newBuilder().setPercent(25));
    }

    /** One that is in the canary of that broadcast, or is not. */
    private static long endpoint(boolean in) {
        long endpoint = 1;
        while (Share.of(endpoint, 1_002) < Share.below(25) != in) {
            endpoint++;
        }
        return endpoint;
    }

    private Phone stuck(long endpointId) {
        Phone phone = rig.phone();
        phone.writable = false;
        return phone.connect(binding(endpointId).build());
    }

    /** A phone that knows the floor of an app without any broadcast. */
    private EndpointBinding.Builder binding(long endpointId) {
        return rig.binding(endpointId, RoomRig.APP, rig.now()).setBcastSeen(BroadcastSeen.of(1).encode());
    }
}
