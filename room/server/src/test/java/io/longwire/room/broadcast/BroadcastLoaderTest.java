package io.longwire.room.broadcast;

import io.longwire.room.metric.RoomMetric;
import io.longwire.room.rig.FakeBroadcasts;
import io.longwire.room.rig.FakeMetrics;
import io.longwire.room.rig.RoomRig;
import io.longwire.rpc.room.BroadcastOrder;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BroadcastLoaderTest {
    private final VirtualClock clock = new VirtualClock();
    private final FakeBroadcasts store = new FakeBroadcasts();
    private final FakeMetrics metrics = new FakeMetrics();
    private final BroadcastBoard board = new BroadcastBoard();
    private final AtomicInteger loaded = new AtomicInteger();
    private final BroadcastLoader loader = new BroadcastLoader(board, store, clock, loaded::incrementAndGet, metrics);

    @Test
    void asksAgainUntilASaverAnswersAndSaysSoMeanwhile() {
        store.away = true;
        loader.start();
        clock.advance(Duration.ofSeconds(20));
        assertThat(board.loaded()).isFalse();
        assertThat(loader.complaint()).hasValueSatisfying(text -> assertThat(text).contains("no logins"));
        assertThat(metrics.count(RoomMetric.BROADCAST_LISTS_FAILED)).isBetween(8L, 10L);

        store.away = false;
        clock.advance(Duration.ofSeconds(5));

        assertThat(board.loaded()).isTrue();
        assertThat(loaded).hasValue(1);
        assertThat(loader.complaint()).isEmpty();
    }

    @Test
    void aListThatGrewOldIsComplainedOfAndKept() {
        store.active.add(RoomRig.broadcast(2).build());
        loader.start();
        store.away = true;

        clock.advance(Duration.ofSeconds(70));

        assertThat(loader.complaint()).hasValueSatisfying(text -> assertThat(text).contains("s old"));
        assertThat(board.size()).isEqualTo(1);
    }

    @Test
    void versionsOnlyGrow() {
        store.active.add(RoomRig.broadcast(2).setVersion(3).build());
        loader.start();
        store.active.set(0, RoomRig.broadcast(2).setVersion(2).build());

        clock.advance(Duration.ofSeconds(6));

        assertThat(board.list().all()).singleElement().satisfies(one -> assertThat(one.version()).isEqualTo(3));
    }

    @Test
    void epochsAreComparedWithinOneIncarnationOfTheRoom() {
        BroadcastOrder.Builder order = BroadcastOrder.newBuilder().setBroadcast(RoomRig.broadcast(2));
        assertThat(board.take(order.setRoomIncarnation(7).setEpoch(5).build(), true))
                .isEqualTo(BroadcastBoard.Taken.OK);
        assertThat(board.take(order.setEpoch(4).build(), true)).isEqualTo(BroadcastBoard.Taken.FENCED);

        assertThat(board.take(order.setRoomIncarnation(8).setEpoch(2).build(), true))
                .isEqualTo(BroadcastBoard.Taken.OK);
        assertThat(board.take(order.setEpoch(1).build(), true)).isEqualTo(BroadcastBoard.Taken.FENCED);
    }
}
