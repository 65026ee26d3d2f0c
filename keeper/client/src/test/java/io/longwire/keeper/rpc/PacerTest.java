package io.longwire.keeper.rpc;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class PacerTest {
    private static final long SECOND = 1_000_000_000L;

    private final Pacer pacer = new Pacer();

    @Test
    void neverHoldsUpCallsThatAreFewerThanTwoThousandASecond() {
        for (long now = 0; now < SECOND; now += 600_000) {
            assertThat(pacer.pause(now)).isZero();
            pacer.sent(now, 1);
        }
    }

    @Test
    void keepsManySmallBatchesToTwoThousandASecond() {
        int batches = 0;
        int waiting = 0;
        long heldUntil = 0;
        for (long now = 0; now < SECOND; now += 50_000) {
            waiting++;
            if (heldUntil > now) {
                continue;
            }
            long pause = heldUntil == 0 ? pacer.pause(now) : 0;
            heldUntil = pause == 0 ? 0 : now + pause;
            if (pause == 0) {
                pacer.sent(now, waiting);
                waiting = 0;
                batches++;
            }
        }

        assertThat(batches).isBetween(1500, 2100);
    }

    @Test
    void stopsWaitingForCompanyThatNeverComes() {
        long now = 0;
        long waited = 0;
        for (int call = 0; call < 10_000; call++) {
            long pause = pacer.pause(now);
            waited += pause;
            now += pause + 60_000;
            pacer.sent(now, 1);
        }

        assertThat(waited).as("of 0.6 s of work").isLessThan(SECOND / 5);
    }
}
