package io.longwire.keeper.cluster;

import io.longwire.keeper.clock.TestClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class FenceTest {
    private static final Duration SESSION = Duration.ofSeconds(9);
    private static final int FRESH = 100;
    private static final int STALE = 6001;

    private final TestClock clock = new TestClock();
    private final Fence fence = new Fence(SESSION);

    @Test
    void servesWithContactWhateverPeersSay() {
        fence.contact(clock.nanos());
        fence.heard(FRESH, clock.nanos());
        clock.advance(Duration.ofSeconds(6));

        assertThat(fence.fenced(clock.nanos())).isFalse();
    }

    @Test
    void isFencedAfterTwoThirdsOfTheSessionWhenAPeerHasContact() {
        fence.contact(clock.nanos());
        clock.advance(Duration.ofMillis(6001));
        assertThat(fence.fenced(clock.nanos())).as("no peer heard").isFalse();

        fence.heard(FRESH, clock.nanos());
        assertThat(fence.fenced(clock.nanos())).isTrue();
    }

    @Test
    void servesOnWhenNoPeerHasContactEither() {
        fence.contact(clock.nanos());
        clock.advance(Duration.ofMinutes(10));
        fence.heard(STALE, clock.nanos());
        fence.heard(Fence.NEVER, clock.nanos());

        assertThat(fence.fenced(clock.nanos())).isFalse();
    }

    @Test
    void servesOnWhenThePeersLostContactAMomentLater() {
        fence.contact(clock.nanos());
        for (int second = 1; second <= 20; second++) {
            clock.advance(Duration.ofSeconds(1));
            fence.heard(1000 * second - 1500, clock.nanos()); // their last contact was 1.5 s after ours
            assertThat(fence.fenced(clock.nanos())).as("after %s s", second).isFalse();
        }
    }

    @Test
    void isFencedWhenAPeersContactGoesOn() {
        fence.contact(clock.nanos());
        clock.advance(Duration.ofMillis(6001));
        fence.heard(2999, clock.nanos());

        assertThat(fence.fenced(clock.nanos())).isTrue();
    }

    @Test
    void forgetsAPeerAfterFiveSeconds() {
        fence.contact(clock.nanos());
        clock.advance(Duration.ofSeconds(7));
        fence.heard(FRESH, clock.nanos());
        clock.advance(Duration.ofSeconds(5));
        assertThat(fence.fenced(clock.nanos())).isTrue();

        clock.advance(Duration.ofMillis(1));
        assertThat(fence.fenced(clock.nanos())).isFalse();
    }

    @Test
    void isFencedAtOnceWhenAFrozenProcessHearsALivingOne() {
        fence.contact(clock.nanos());
        clock.advance(Duration.ofSeconds(60));

        fence.heard(FRESH, clock.nanos());

        assertThat(fence.fenced(clock.nanos())).isTrue();
    }

    @Test
    void isFencedWithALostSessionUntilItHasJoinedAgain() {
        fence.contact(clock.nanos());
        fence.lost();
        assertThat(fence.fenced(clock.nanos())).isTrue();

        fence.joined();
        assertThat(fence.fenced(clock.nanos())).isFalse();
    }

    @Test
    void servesOnWithALostSessionWhenAllOfZooKeeperIsAway() {
        fence.contact(clock.nanos());
        clock.advance(Duration.ofSeconds(30));
        fence.lost();

        assertThat(fence.fenced(clock.nanos())).isFalse();
    }

    @Test
    void comesBackWithContact() {
        fence.contact(clock.nanos());
        clock.advance(Duration.ofSeconds(30));
        fence.heard(FRESH, clock.nanos());
        assertThat(fence.fenced(clock.nanos())).isTrue();

        fence.contact(clock.nanos());
        assertThat(fence.fenced(clock.nanos())).isFalse();
    }

    @Test
    void countsContactFromWhenItAskedNotFromALateAnswer() {
        long asked = clock.nanos();
        clock.advance(Duration.ofSeconds(7));
        fence.heard(FRESH, clock.nanos());

        fence.contact(asked);

        assertThat(fence.fenced(clock.nanos())).isTrue();
        assertThat(fence.ageMillis(clock.nanos())).isEqualTo(7000);
    }

    @Test
    void servesFromDiskUntilAPeerShowsThatZooKeeperIsThere() {
        assertThat(fence.ageMillis(clock.nanos())).isEqualTo(Fence.NEVER);
        assertThat(fence.fenced(clock.nanos())).isFalse();

        fence.heard(FRESH, clock.nanos());
        assertThat(fence.fenced(clock.nanos())).isTrue();
    }

    @Test
    void followsAShorterSessionGranted() {
        fence.session(Duration.ofSeconds(3));
        fence.contact(clock.nanos());
        clock.advance(Duration.ofMillis(2001));
        fence.heard(FRESH, clock.nanos());

        assertThat(fence.fenced(clock.nanos())).isTrue();
    }
}
