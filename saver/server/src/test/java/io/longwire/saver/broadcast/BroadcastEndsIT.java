package io.longwire.saver.broadcast;

import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Broadcast.State;
import io.longwire.rpc.saver.LeaseWalksRequest;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.longwire.saver.Bench.get;
import static org.assertj.core.api.Assertions.assertThat;

/** Months in seconds: the clock is the test's. */
final class BroadcastEndsIT {
    private BroadcastBench all;
    private BroadcastEnds ends;

    @BeforeEach
    void start() throws Exception {
        all = new BroadcastBench();
        ends = new BroadcastEnds(all.bench.shard, database -> { // knows nothing of the test's months
        }, all.bench.clock, all.bench.metrics);
    }

    @AfterEach
    void stop() {
        all.close();
    }

    @Test
    void endsWhatHasExpiredAndDeletesAllOfItAMonthLater() throws Exception {
        Broadcast day = all.create(all.given());
        Broadcast held = all.create(all.given().setState(State.HELD));
        Broadcast cancelled = all.change(all.create(all.given()), State.CANCELLED);
        Broadcast month = all.create(all.given()
                .setExpireAtMs(all.bench.clock.wallMillis() + Duration.ofDays(60).toMillis()));
        get(all.walks.lease(LeaseWalksRequest.newBuilder().setCenter("a").setLeaseMs(10_000).addRooms(1).addRooms(2)
                .build()));
        all.bench.execute("INSERT INTO bcast_note VALUES (" + day.getBroadcastId() + ", 0, 0, 1, '')");

        round(Duration.ofHours(24).minusMillis(1));
        assertThat(all.look(day)).isEqualTo(day);
        round(Duration.ofMillis(1));

        assertThat(all.look(day)).isEqualTo(day.toBuilder().setState(State.ENDED).setVersion(2).build());
        assertThat(all.look(held).getState()).isEqualTo(State.ENDED);
        assertThat(all.look(cancelled)).isEqualTo(cancelled);
        assertThat(all.look(month)).isEqualTo(month);
        assertThat(all.list().getFloors(0).getFloor()).isEqualTo(month.getSeq() - 1);

        round(Duration.ofDays(29).plusMillis(1));
        assertThat(all.look(cancelled).getState()).isEqualTo(State.ABSENT);
        assertThat(all.look(day).getState()).isEqualTo(State.ENDED);
        round(Duration.ofDays(1));
        assertThat(all.look(day).getState()).isEqualTo(State.ABSENT);
        assertThat(all.bench.count("SELECT COUNT(*) FROM bcast_note")).isZero();
        assertThat(all.bench.count("SELECT COUNT(*) FROM walk")).as("of the one that is not over").isEqualTo(2);
        assertThat(all.create(all.given()).getSeq()).as("sequences go on").isEqualTo(5);
    }

    private void round(Duration later) throws Exception {
        all.bench.clock.advance(later);
        ends.round();
    }
}
