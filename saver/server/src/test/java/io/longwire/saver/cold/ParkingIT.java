package io.longwire.saver.cold;

import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.saver.ConservationRequest;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.How;
import io.longwire.saver.Bench;
import io.longwire.saver.inbox.RedisSession;
import io.longwire.saver.inbox.SlotKeys;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.longwire.saver.Bench.get;
import static org.assertj.core.api.Assertions.assertThat;

/** Inboxes of endpoints that stay away, days under the test's clock. */
final class ParkingIT {
    private static final Duration TTL = Duration.ofDays(20);

    private Bench bench;
    private SlotKeys slots;

    @BeforeEach
    void start() throws Exception {
        bench = new Bench().warm();
        slots = new SlotKeys(bench.clock);
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void takesTheInboxOfAnAbsentEndpointOutOfRedisAndGivesItFromTheLedger() throws Exception {
        long endpoint = bench.newEndpoint();
        long old = bench.accept(endpoint, "old", TTL);
        days(3);
        long young = bench.accept(endpoint, "young", TTL);
        hours(1);

        assertThat(peek(endpoint, old)).isEqualTo(new SlotKeys.Peeked(false, 0, 0, true, 0));
        assertThat(bench.waiting(endpoint)).containsExactly(old, young);
        long newest = bench.accept(endpoint, "newest", TTL);
        assertThat(peek(endpoint, newest).there()).as("new ones go into Redis again").isTrue();
        assertThat(bench.waiting(endpoint)).containsExactly(old, young, newest);
        long now = bench.clock.wallMillis();
        assertThat(bench.conservation.scan(ConservationRequest.newBuilder().setFromMs(now - 3_600_000 * 12)
                .setToMs(now + 1).build()).getHidden()).isZero();
    }

    @Test
    void answersAloneAgainWhenTheLedgerHasNothingMore() throws Exception {
        long endpoint = bench.newEndpoint();
        long old = bench.accept(endpoint, "old", TTL);
        days(3);
        hours(1);
        long newest = bench.accept(endpoint, "newest", TTL);
        ack(endpoint, newest);
        assertThat(bench.waiting(endpoint)).as("an ack of the rest does not forget what is parked")
                .containsExactly(old);

        ack(endpoint, old);
        assertThat(bench.waiting(endpoint)).isEmpty();

        assertThat(peek(endpoint, old).parked()).isFalse();
    }

    @Test
    void leavesAnEndpointAloneThatWasThere() throws Exception {
        long endpoint = bench.newEndpoint();
        long old = bench.accept(endpoint, "not acked", TTL);
        days(2);
        assertThat(bench.waiting(endpoint)).containsExactly(old);
        days(1);
        hours(1);

        assertThat(peek(endpoint, old).there()).isTrue();
    }

    private void days(int count) throws Exception {
        for (int day = 0; day < count; day++) {
            hours(24);
        }
    }

    private void hours(int count) throws Exception {
        bench.pass(Duration.ofHours(count));
        bench.partitions.round();
        bench.parking.round();
        bench.cold.refresh();
    }

    private SlotKeys.Peeked peek(long endpoint, long message) throws Exception {
        RedisSession session = bench.redis.session(Slots.of(endpoint));
        assertThat(session).isNotNull();
        return get(slots.peek(session, endpoint, message));
    }

    private void ack(long endpoint, long message) throws Exception {
        get(bench.endings.handle(EndItem.newBuilder().setEndpointId(endpoint).setMessageId(message)
                .setAppId(bench.app).setHow(How.ACKED).build()));
    }
}
