package io.longwire.room.lifecycle;

import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.v1.GoAway;
import io.longwire.room.rig.Phone;
import io.longwire.room.rig.RoomRig;
import io.longwire.rpc.room.PushResult;
import io.longwire.testkit.cluster.FakeCluster;
import java.time.Duration;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FenceWatchTest {
    private final RoomRig rig = new RoomRig();
    private final FakeCluster cluster = FakeCluster.of("room");
    private final FenceWatch watch = new FenceWatch(cluster, rig.clock, rig.admission, rig.loops);
    private final Phone phone = rig.loggedIn(5);

    @Test
    void fencedMeansNoLoginsAndNoBindsWhilePhonesAreServed() {
        cluster.fence(true);

        Phone refused = rig.loggedIn(6);
        assertThat(refused.welcome().getCode()).isEqualTo(Code.NOT_SERVING);
        assertThat(refused.welcome().getRetryAfterMs()).isBetween(1_000L, 10_000L);
        assertThat(refused.closedByRoom).isTrue();
        assertThat(rig.send(5)).isEqualTo(PushResult.Code.WRITTEN);
        phone.ping();
        assertThat(phone.count(FrameType.PONG)).isEqualTo(1);
        assertThat(phone.closedByRoom).isFalse();

        cluster.fence(false);
        assertThat(rig.loggedIn(7).welcome().getCode()).isEqualTo(Code.OK);
    }

    @Test
    void aMinuteOfItIsWaitedOutThenPhonesAreAskedToLeaveAndStillServed() {
        cluster.fence(true);
        rig.advance(Duration.ofSeconds(59));
        assertThat(phone.count(FrameType.GOAWAY)).isZero();

        rig.advance(Duration.ofSeconds(61));

        GoAway goAway = phone.all(FrameType.GOAWAY, GoAway.parser()).getFirst();
        assertThat(goAway.getCode()).isEqualTo(Code.NOT_SERVING);
        assertThat(goAway.getAskDispatcher()).isTrue();
        assertThat(phone.closedByRoom).isFalse();
        assertThat(rig.send(5)).isEqualTo(PushResult.Code.WRITTEN);
    }

    @Test
    void backInTimeNobodyIsAskedToLeaveAndEachTimeCountsAnew() {
        cluster.fence(true);
        rig.advance(Duration.ofSeconds(50));
        cluster.fence(false);
        rig.advance(Duration.ofMinutes(2));
        cluster.fence(true);
        rig.advance(Duration.ofSeconds(50));
        assertThat(phone.count(FrameType.GOAWAY)).isZero();

        rig.advance(Duration.ofSeconds(70));
        assertThat(phone.count(FrameType.GOAWAY)).isEqualTo(1);
    }

    @Test
    void backDuringTheFarewellTheRestIsNotAsked() {
        for (int i = 0; i < 99; i++) {
            rig.phone(0).connect(rig.binding(100 + i, RoomRig.APP, rig.now()).build());
        }
        Phone last = rig.phone(0).connect(rig.binding(300, RoomRig.APP, rig.now()).build());
        cluster.fence(true);
        rig.advance(Duration.ofSeconds(61));
        cluster.fence(false);
        rig.advance(Duration.ofMinutes(2));

        assertThat(phone.count(FrameType.GOAWAY)).isEqualTo(1);
        assertThat(last.count(FrameType.GOAWAY)).isZero();
    }

    @Test
    void closedItFollowsNothingMore() {
        watch.close();
        cluster.fence(true);

        assertThat(rig.loggedIn(6).welcome().getCode()).isEqualTo(Code.OK);
    }
}
