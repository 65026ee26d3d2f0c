package io.longwire.center.status;

import io.longwire.center.access.EndpointNames;
import io.longwire.center.fakes.FakeNeighbours;
import io.longwire.center.refuse.Refused;
import io.longwire.center.send.Rules;
import io.longwire.device.id.EndpointId;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.rpc.center.EndpointStatus;
import io.longwire.rpc.center.GetEndpointsRequest;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.testkit.cluster.FakeCluster;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ManyEndpointsTest {
    private static final EndpointId IDS = new EndpointId(new byte[32]);

    private final FakeNeighbours parts = new FakeNeighbours();
    private final ManyEndpoints many = new ManyEndpoints(new Rules(new EndpointNames(IDS)), parts,
            new Presence(parts, parts, FakeCluster.of("center")));

    @BeforeEach
    void live() {
        parts.endpoint = EndpointRecord.newBuilder().setState(EndpointRecord.State.ACTIVE).setSeenMs(5).build();
    }

    @Test
    void tellsOfEachWhatTheSingleCallTells() {
        parts.waiting = 3;
        parts.lookupAnswers.add(FakeNeighbours.online());
        parts.lookupAnswers.add(FakeNeighbours.offline());
        parts.told = ControlResult.newBuilder().setCode(ControlResult.Code.NOT_READY).setBoundMs(77).build();

        List<EndpointStatus> told = status(names(2));

        assertThat(told).extracting(EndpointStatus::getState).containsExactly("online", "offline");
        assertThat(told).extracting(EndpointStatus::getSinceMs).containsExactly(77L, 5L);
        assertThat(told).extracting(EndpointStatus::getAppRunning).containsExactly("no", "");
        assertThat(told).extracting(EndpointStatus::getWaiting).containsOnly(3);
    }

    @Test
    void saysWhichAreNotOfTheAppAtTheirPlaces() {
        assertThat(status(List.of("ep_x", IDS.text(3, 1), IDS.text(4, 1)))).extracting(EndpointStatus::getState)
                .containsExactly("invalid", "online", "invalid");
        parts.endpoint = EndpointRecord.getDefaultInstance();
        assertThat(status(names(1))).extracting(EndpointStatus::getState).containsExactly("invalid");
        assertThat(status(List.of("ep_x"))).hasSize(1);
    }

    @Test
    void asksTheLedgerOnceForAThousand() {
        assertThat(status(names(1_000))).hasSize(1_000);

        assertThat(parts.events).containsOnlyOnce("endpoints");
        assertThat(parts.asked).isEqualTo(1_000);
        assertThatThrownBy(() -> status(names(1_001))).isInstanceOf(Refused.class)
                .hasMessage("endpoints: 1001 (expected: 1 to 1000)");
    }

    @Test
    void asksARoomNoMoreThatGivesNoAnswer() {
        var first = LongStream.range(0, 32).mapToObj(i -> new CompletableFuture<ControlResult>()).toList();
        parts.askAnswers.addAll(first);

        var status = many.status(3, GetEndpointsRequest.newBuilder().addAllEndpoints(names(1_000)).build());
        assertThat(parts.asked).as("a wave").isEqualTo(32);
        first.forEach(call -> call.completeExceptionally(new RpcFailure(RpcFailure.Kind.DEADLINE, "hangs")));

        assertThat(status.join().getEndpointsList()).hasSize(1_000).allMatch(each -> each.getState().equals("online"));
        assertThat(parts.asked).isEqualTo(32);
    }

    private List<EndpointStatus> status(List<String> endpoints) {
        return many.status(3, GetEndpointsRequest.newBuilder().addAllEndpoints(endpoints).build()).join()
                .getEndpointsList();
    }

    private static List<String> names(int count) {
        return LongStream.rangeClosed(1, count).mapToObj(id -> IDS.text(3, id)).toList();
    }
}
