package io.longwire.keeper.profile;

import io.longwire.keeper.clock.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class TurnTest {
    private final TestClock clock = new TestClock();
    private final Turn turn = new Turn("heap", Duration.ofSeconds(10), clock);
    private final AtomicInteger taken = new AtomicInteger();

    @Test
    void letsOneInAtATime() {
        int result = turn.take(() -> {
            assertThatThrownBy(() -> turn.take(taken::incrementAndGet)).isInstanceOf(Busy.class)
                    .hasMessage("heap: another one is being taken (expected: one at a time)");
            return 7;
        });

        assertThat(result).isEqualTo(7);
        assertThat(taken).hasValue(0);
    }

    @Test
    void restsBetweenTwo() {
        turn.take(taken::incrementAndGet);
        clock.advance(Duration.ofMillis(9_999));
        assertThatThrownBy(() -> turn.take(taken::incrementAndGet)).isInstanceOf(Busy.class)
                .hasMessage("heap: one was taken 9999 ms ago (expected: 10 s between two)");

        clock.advance(Duration.ofMillis(1));
        turn.take(taken::incrementAndGet);

        assertThat(taken).hasValue(2);
    }

    @Test
    void needsNoRestAfterWhatFailed() {
        assertThatThrownBy(() -> turn.take(() -> {
            throw new IOException("no");
        })).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> turn.take(() -> {
            throw new BadRequest("limit");
        })).isInstanceOf(BadRequest.class);

        turn.take(taken::incrementAndGet);

        assertThat(taken).hasValue(1);
    }
}
