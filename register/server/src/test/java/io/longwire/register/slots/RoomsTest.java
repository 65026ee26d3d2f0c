package io.longwire.register.slots;

import io.longwire.testkit.cluster.FakeCluster;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RoomsTest {
    private final VirtualClock clock = new VirtualClock();
    private final Rooms rooms = new Rooms(clock);
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void listen() {
        rooms.listen(new Rooms.Listener() {
            @Override
            public void roomsChanged() {
                told.add("changed");
            }

            @Override
            public void roomDied(int room) {
                told.add("died " + room);
            }
        });
    }

    @Test
    void membersAreLive() {
        rooms.follow(FakeCluster.members("room", 1, 65_535));

        assertThat(rooms.isLive(1)).isTrue();
        assertThat(rooms.isLive(65_535)).isTrue();
        assertThat(rooms.isLive(2)).isFalse();
        assertThat(rooms.admit(1)).isTrue();
        assertThat(told).containsExactly("changed");
    }

    @Test
    void roomThatLeftIsDeadAndRefused() {
        rooms.follow(FakeCluster.members("room", 1, 2));
        told.clear();

        rooms.follow(FakeCluster.members("room", 2));

        assertThat(told).containsExactly("died 1", "changed");
        assertThat(rooms.isLive(1)).isFalse();
        assertThat(rooms.admit(1)).isFalse();
        rooms.follow(FakeCluster.members("room", 1, 2));
        assertThat(rooms.admit(1)).isTrue();
    }

    @Test
    void roomThatSpeaksBeforeItIsSeenIsLiveForAWhile() {
        assertThat(rooms.admit(7)).isTrue();
        assertThat(rooms.isLive(7)).isTrue();

        clock.advance(Duration.ofSeconds(14));
        rooms.expire();
        assertThat(rooms.isLive(7)).isTrue();
        clock.advance(Duration.ofSeconds(1));
        rooms.expire();
        assertThat(rooms.isLive(7)).isFalse();
        assertThat(rooms.admit(7)).isFalse();
    }

    @Test
    void roomThatBecameAMemberMeanwhileStaysLive() {
        rooms.admit(7);
        rooms.follow(FakeCluster.members("room", 7));

        clock.advance(Duration.ofMinutes(1));
        rooms.expire();

        assertThat(rooms.isLive(7)).isTrue();
    }

    @Test
    void deadRoomMayBeSweptAfterHalfAMinute() {
        rooms.follow(FakeCluster.members("room", 1, 200));
        rooms.follow(FakeCluster.members("room", 1));

        clock.advance(Duration.ofSeconds(29));
        assertThat(rooms.sweepable()).isEmpty();
        clock.advance(Duration.ofSeconds(1));

        assertThat(Rooms.has(rooms.sweepable(), 200)).isTrue();
        assertThat(Rooms.has(rooms.sweepable(), 1)).isFalse();
    }

    @Test
    void refusesAnIndexOfMoreThanSixteenBits() {
        assertThatThrownBy(() -> rooms.admit(65_536)).hasMessage("room_incarnation: 65536 (expected: 0 to 65535)");
    }
}
