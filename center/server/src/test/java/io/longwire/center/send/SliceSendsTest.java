package io.longwire.center.send;

import com.google.protobuf.ByteString;
import io.longwire.center.fakes.FakeMetrics;
import io.longwire.center.fakes.FakeNeighbours;
import io.longwire.center.mint.MessageIds;
import io.longwire.device.v1.Push;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.testkit.cluster.FakeCluster;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SliceSendsTest {
    private final VirtualClock clock = new VirtualClock();
    private final FakeNeighbours parts = new FakeNeighbours();
    private final Sender.Tools tools = new Sender.Tools(clock, HaltPoints.none(), new FakeMetrics());
    private final Post post = new Post(parts, new Router(parts, parts, () -> 7, tools), parts, () -> 3, tools);
    private final SliceSends sends = new SliceSends(parts, post);

    @Test
    void saysWrittenOfAnEndpointThatWasBannedAfterItWasStored() {
        long id = new MessageIds(clock, FakeCluster.of("center")).mint();
        var broadcast = Broadcast.newBuilder().setAppId(3)
                .setExpireAtMs(clock.wallMillis() + Duration.ofHours(1).toMillis()).build();
        var push = Push.newBuilder().setPayload(ByteString.copyFromUtf8("hi")).build();
        var slice = sends.begin(broadcast, push, id, new long[]{1, 2}).join().slice();
        assertThat(sends.send(slice, 1)).isCompletedWithValue(SliceSends.Outcome.WRITTEN);
        parts.banned.add(1L);
        parts.banned.add(2L);

        assertThat(sends.send(slice, 1)).isCompletedWithValue(SliceSends.Outcome.WRITTEN);
        assertThat(sends.send(slice, 2)).isCompletedWithValue(SliceSends.Outcome.REJECTED);
        assertThat(parts.appended).hasSize(1);
    }
}
