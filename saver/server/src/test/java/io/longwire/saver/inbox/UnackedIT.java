package io.longwire.saver.inbox;

import io.longwire.saver.ledger.MessageRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What deliveries that went un-acked cost an endpoint. */
final class UnackedIT extends InboxOnRedis {
    private long attemptedAt;

    @Test
    void holdsBackAnEndpointThatDoesNotAckAndThenProbesItOneByOne() throws Exception {
        long endpoint = ++endpoints;
        MessageRow tried = row(endpoint, "tried");
        MessageRow fresh = row(endpoint, "fresh");
        append(tried, Caps.DEFAULT);
        append(fresh, Caps.DEFAULT);

        assertThat(unacked(tried)).isEqualTo(1);
        assertThat(unacked(tried)).isEqualTo(2);
        assertThat(fetch(endpoint).messages()).as("free attempts").hasSize(2);
        assertThat(unacked(tried)).isEqualTo(3);

        Looked held = fetch(endpoint);
        assertThat(held.messages()).isEmpty();
        assertThat(held.notBefore()).isEqualTo(clock.wallMillis() + 30_000);
        assertThat(get(slots.peek(session, endpoint, tried.message())).notBefore()).isEqualTo(held.notBefore());
        clock.advance(Duration.ofSeconds(31));

        Looked probe = fetch(endpoint);
        assertThat(ids(probe)).as("the one that was tried least").containsExactly(fresh.message());
        assertThat(probe.more()).isFalse();
        assertThat(probe.notBefore()).as("the rest is asked for again").isEqualTo(clock.wallMillis() + 5_000);
        Looked second = get(inbox.fetch(session, endpoint, List.of(fresh.message()), 8, 64 << 10));
        assertThat(second.messages()).as("one at a time").isEmpty();

        for (int attempt = 4; attempt <= 12; attempt++) {
            unacked(tried);
        }
        assertThat(fetch(endpoint).notBefore()).as("30 min at most").isEqualTo(clock.wallMillis() + 30 * 60_000);

        remove(endpoint, fresh.message());
        assertThat(ids(fetch(endpoint))).as("an ack ends it").containsExactly(tried.message());
    }

    @Test
    void countsAnAttemptOnceHoweverOftenItIsTold() throws Exception {
        long endpoint = ++endpoints;
        MessageRow first = row(endpoint, "first");
        MessageRow second = row(endpoint, "second");
        append(first, Caps.DEFAULT);
        append(second, Caps.DEFAULT);
        long at = clock.wallMillis();

        assertThat(get(inbox.unacked(session, first.key(), at))).isEqualTo(1);
        assertThat(get(inbox.unacked(session, first.key(), at))).as("told again").isEqualTo(1);
        assertThat(get(inbox.unacked(session, second.key(), at))).as("of another message").isEqualTo(1);
        assertThat(get(inbox.unacked(session, first.key(), at + 15_000))).isEqualTo(2);
        assertThat(get(inbox.unacked(session, first.key(), at))).as("told late").isEqualTo(2);
        assertThat(fetch(endpoint).messages()).as("not held back").hasSize(2);

        remove(endpoint, first.message());
        remove(endpoint, second.message());
        append(first, Caps.DEFAULT);
        assertThat(get(inbox.unacked(session, first.key(), at))).as("its time left with it").isEqualTo(1);
    }

    @Test
    void givesNothingForTheRestOfAnHourInWhichTooMuchWentUnacked() throws Exception {
        long endpoint = ++endpoints;
        MessageRow big = row(endpoint, "x".repeat(4_000));
        append(big, Caps.DEFAULT);
        long began = clock.wallMillis();
        List<MessageRow> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            all.add(row(endpoint, "x".repeat(4_000)));
            append(all.get(i), Caps.DEFAULT);
        }
        for (MessageRow row : all) {
            unacked(row);
        }
        assertThat(fetch(endpoint).notBefore()).as("160 kB").isZero();

        for (MessageRow row : all) {
            unacked(row);
        }

        assertThat(fetch(endpoint).notBefore()).isEqualTo(began + 3_600_000);
        clock.advance(Duration.ofMinutes(61));
        assertThat(fetch(endpoint).messages()).hasSize(1);
    }

    /** An attempt of its own, later than the one before. */
    private long unacked(MessageRow row) throws Exception {
        return get(inbox.unacked(session, row.key(), ++attemptedAt));
    }
}
