package io.longwire.center.broadcast;

import io.longwire.center.fakes.FakeBroadcastRooms;
import io.longwire.room.client.LiveRoom;
import io.longwire.rpc.saver.Pace;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class PaceSharesTest {
    private static final Pace THOUSAND = Pace.newBuilder().setRatePerSecond(1_000).build();
    private static final Pace SLOW = Pace.newBuilder().setRatePerSecond(2).build();
    private static final Pace MINUTE = Pace.newBuilder().setDurationS(60).build();
    private static final Pace NONE = Pace.getDefaultInstance();

    private final FakeBroadcastRooms rooms = new FakeBroadcastRooms();

    PaceSharesTest() {
        rooms.room(1, 1_000);
        rooms.room(2, 3_000);
    }

    private double of(Pace pace, Limit limit) {
        List<LiveRoom> live = rooms.rooms();
        return PaceShares.of(pace, live, 1, 600, limit);
    }

    private static Limit share(double share) {
        return new Limit(share, 0, "slow");
    }

    private static Limit asked(double perSecond) {
        return new Limit(1, perSecond, "");
    }

    @Test
    void withoutALimitItIsWhatTheOperatorSays() {
        assertThat(of(THOUSAND, Limit.NONE)).isEqualTo(250);
        assertThat(of(MINUTE, Limit.NONE)).isEqualTo(10);
        assertThat(of(NONE, Limit.NONE)).isZero();
        assertThat(PaceShares.whole(THOUSAND, 4_000, Limit.NONE)).isZero();
    }

    @Test
    void aShareIsOneOfWhateverPaceItHas() {
        assertThat(of(THOUSAND, share(0.1))).isCloseTo(25, within(1e-9));
        assertThat(of(MINUTE, share(0.5))).isCloseTo(5, within(1e-9));
        assertThat(of(NONE, share(0.5))).as("of all in ten seconds").isCloseTo(50, within(1e-9));
        assertThat(PaceShares.whole(THOUSAND, 4_000, share(0.1))).isCloseTo(100, within(1e-9));
        assertThat(PaceShares.whole(NONE, 4_000, share(0.5))).isCloseTo(200, within(1e-9));
    }

    @Test
    void whatTheBackendAsksForIsSharedByTheRoomsAndNeverMoreThanTheOperatorSays() {
        assertThat(of(THOUSAND, asked(120))).isEqualTo(30);
        assertThat(of(THOUSAND, asked(5_000))).isEqualTo(250);
        assertThat(of(MINUTE, asked(8))).isEqualTo(2);
        assertThat(of(NONE, asked(100))).isEqualTo(25);
        assertThat(of(THOUSAND, new Limit(0.05, 120, "slow"))).as("the lower of both").isEqualTo(12.5);
        assertThat(PaceShares.whole(THOUSAND, 4_000, asked(120))).isEqualTo(120);
        assertThat(PaceShares.whole(THOUSAND, 4_000, asked(5_000))).as("makes no difference").isZero();
        assertThat(PaceShares.whole(NONE, 4_000, asked(120))).isEqualTo(120);
    }

    @Test
    void aDurationIsLeftToARoomWhoseSessionsAreNotKnown() {
        assertThat(PaceShares.of(MINUTE, rooms.rooms(), 1, 0, share(0.5))).isZero();
        assertThat(PaceShares.of(MINUTE, rooms.rooms(), 1, 0, asked(5))).isZero();
    }

    @Test
    void itNeverStandsStill() {
        assertThat(of(SLOW, share(0.01))).as("one a second over all rooms").isEqualTo(0.25);
        assertThat(of(Pace.newBuilder().setRatePerSecond(1).build(), share(0.01))).isEqualTo(0.25);
        assertThat(of(NONE, asked(1))).isEqualTo(0.25);
    }
}
