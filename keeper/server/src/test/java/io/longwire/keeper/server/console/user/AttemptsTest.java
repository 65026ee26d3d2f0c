package io.longwire.keeper.server.console.user;

import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AttemptsTest {
    private final VirtualClock clock = new VirtualClock();
    private final Attempts attempts = new Attempts(clock);

    @Test
    void bearsFiveWrongOnesOfANameFromAnAddressThenNoneForAQuarterOfAnHour() {
        for (int i = 0; i < Attempts.OF_BOTH; i++) {
            assertThat(attempts.enter("olga", "10.0.0.1")).isZero();
        }
        assertThat(attempts.enter("olga", "10.0.0.1")).isEqualTo(Duration.ofMinutes(15));
        assertThat(attempts.enter("olga", "10.0.0.2")).as("from elsewhere").isZero();

        clock.advance(Duration.ofMinutes(14));
        assertThat(attempts.enter("olga", "10.0.0.1")).isEqualTo(Duration.ofMinutes(1));
        clock.advance(Duration.ofMinutes(1));
        assertThat(attempts.enter("olga", "10.0.0.1")).isZero();
    }

    @Test
    void aRightOneForgivesThoseBefore() {
        for (int i = 0; i < Attempts.RIGHT; i++) {
            assertThat(attempts.enter("olga", "10.0.0.1")).isZero();
            assertThat(attempts.succeeded("olga", "10.0.0.1")).isZero();
        }
        assertThat(attempts.enter("olga", "10.0.0.1")).isZero();
        assertThat(attempts.succeeded("olga", "10.0.0.1")).as("but not without end").isPositive();
        assertThat(attempts.enter("olga", "10.0.0.2")).isZero();
        assertThat(attempts.succeeded("olga", "10.0.0.2")).as("from elsewhere").isZero();
    }

    @Test
    void oneAddressDoesNotLockANameOut() {
        for (int i = 0; i < 3 * Attempts.OF_NAME; i++) {
            attempts.enter("olga", "10.0.0.1");
        }
        assertThat(attempts.enter("olga", "10.0.0.1")).isPositive();
        assertThat(attempts.enter("olga", "10.0.0.2")).as("olga herself").isZero();
        assertThat(attempts.enter("piet", "10.0.0.1")).as("another at that address").isZero();
    }

    @Test
    void manyAddressesDoNotLockOutWhoSignedInBefore() {
        attempts.enter("olga", "10.0.0.1");
        attempts.succeeded("olga", "10.0.0.1");
        for (int i = 0; i < 2 * Attempts.OF_NAME; i++) {
            attempts.enter("olga", "10.0." + (1 + i / 250) + "." + i % 250);
        }
        assertThat(attempts.enter("olga", "10.0.9.9")).as("from an address that is new").isPositive();
        assertThat(attempts.enter("olga", "10.0.0.1")).as("from where she signed in").isZero();
        for (int i = 1; i < Attempts.OF_BOTH; i++) {
            attempts.enter("olga", "10.0.0.1");
        }
        assertThat(attempts.enter("olga", "10.0.0.1")).as("five at most there, too").isPositive();
    }

    @Test
    void bearsThirtyOfAnAddressWhateverTheNames() {
        for (int i = 0; i < Attempts.OF_ADDRESS; i++) {
            assertThat(attempts.enter("user" + i, "10.0.0.1")).isZero();
        }
        assertThat(attempts.enter("another", "10.0.0.1")).isPositive();
        assertThat(attempts.enter("another", "10.0.0.2")).isZero();
    }

    @Test
    void bearsAHundredOfANameWhereverTheyComeFrom() {
        for (int i = 0; i < Attempts.OF_NAME; i++) {
            assertThat(attempts.enter("olga", "10.0.1." + i)).isZero();
        }
        assertThat(attempts.enter("olga", "10.0.2.1")).isPositive();
        assertThat(attempts.enter("piet", "10.0.2.1")).isZero();
    }

    @Test
    void countsNoneThatWasNotLookedAt() {
        attempts.enter("olga", "10.0.0.9");
        attempts.succeeded("olga", "10.0.0.9"); // is known from there
        for (int i = 0; i < 2 * Attempts.OF_NAME; i++) {
            assertThat(attempts.enter("olga", "10.0.0.1")).isZero();
            attempts.unseen("olga", "10.0.0.1");
            assertThat(attempts.enter("olga", "10.0.0.9")).isZero();
            attempts.unseen("olga", "10.0.0.9");
        }
        for (int i = 0; i < Attempts.OF_BOTH; i++) {
            assertThat(attempts.enter("olga", "10.0.0.1")).as("wrong one %d", i).isZero();
        }
        assertThat(attempts.enter("olga", "10.0.0.1")).as("those that were looked at count").isPositive();
    }
}
