package io.longwire.center.access;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FairBoundTest {
    private final FairBound bound = new FairBound(100);

    @Test
    void givesOneAppHalfAndLeavesTheRestToOthers() {
        assertThat(fill(1)).isEqualTo(50);
        assertThat(fill(2)).isEqualTo(25);
        assertThat(bound.enter(3)).isTrue();
        assertThat(bound.inside()).isEqualTo(76);
    }

    @Test
    void givesBackWhatIsLeft() {
        fill(1);
        bound.leave(1);

        assertThat(bound.inside(1)).isEqualTo(49);
        assertThat(bound.enter(1)).isTrue();
        assertThat(bound.enter(1)).isFalse();
        assertThat(bound.inside(1)).isEqualTo(50);
    }

    @Test
    void convergesToEqualSharesWhileBothTakeAllTheyGet() {
        fill(1);
        for (int round = 0; round < 200; round++) {
            bound.leave(1);
            bound.enter(2);
            bound.enter(1);
        }

        assertThat(bound.inside(1)).isBetween(32, 35);
        assertThat(bound.inside(2)).isBetween(32, 35);
    }

    @Test
    void hasRoomForOneWhenThereIsOnePlace() {
        var one = new FairBound(1);

        assertThat(one.enter(1)).isTrue();
        assertThat(one.enter(2)).isFalse();
    }

    private int fill(int app) {
        int entered = 0;
        while (bound.enter(app)) {
            entered++;
        }
        return entered;
    }
}
