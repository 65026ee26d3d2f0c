package io.longwire.register.client;

import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.rpc.register.LookupBatch;
import io.longwire.rpc.register.LookupBatchReply;
import io.longwire.rpc.register.LookupResult;
import io.longwire.testkit.cluster.FakeCluster;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RegisterClientTest {
    private static final long EP = 77;
    private static final LookupResult UNKNOWN = LookupResult.getDefaultInstance();
    private static final LookupResult OFFLINE = LookupResult.newBuilder().setState(LookupResult.State.OFFLINE).build();
    private static final LookupResult OFFLINE_BY_FLUSH = OFFLINE.toBuilder().setCompleteByFlush(true).build();

    private final VirtualClock clock = new VirtualClock();
    private final FakeCluster cluster = FakeCluster.of("room");
    private final FakeRpc rpc = new FakeRpc();
    private final PrometheusMetrics metrics = new PrometheusMetrics();
    private final RegisterClient register = new RegisterClient(rpc, cluster, clock, metrics);
    private final List<String> asked = new ArrayList<>();

    @BeforeEach
    void publish() {
        cluster.publish(SlotMaps.of(1, "a", "b"));
    }

    @AfterEach
    void close() {
        register.close();
        metrics.close();
    }

    @Test
    void asksOneOwnerOnlyWhenItKnows() {
        says("a", online(5, 1));
        says("b", OFFLINE_BY_FLUSH);

        assertThat(register.lookup(EP).join()).isEqualTo(new Lookup.Online(new Session(EP, 5, 1, 9), "a"));
        assertThat(asked).containsExactly("a");
    }

    @Test
    void asksTheOtherOwnerWhenTheFirstDoesNotKnow() {
        says("a", UNKNOWN);
        says("b", OFFLINE_BY_FLUSH);

        assertThat(register.lookup(EP).join()).isEqualTo(new Lookup.Offline(true));
        assertThat(asked).containsExactly("a", "b");
    }

    @Test
    void asksTheOtherOwnerWhenTheFirstFails() {
        refuses("a");
        says("b", online(5, 1));

        assertThat(register.lookup(EP).join()).isInstanceOf(Lookup.Online.class);
    }

    @Test
    void neverGuessesWhenNobodyKnows() {
        refuses("a");
        says("b", UNKNOWN);
        assertThat(register.lookup(EP).join()).isSameAs(Lookup.UNKNOWN);

        cluster.publish(SlotMaps.of(2, "", ""));
        assertThat(register.lookup(EP).join()).isSameAs(Lookup.UNKNOWN);
        assertThat(register.lookupAll(EP).join()).isSameAs(Lookup.UNKNOWN);
    }

    @Test
    void asksTheOwnerInItsOwnIdcFirst() {
        cluster.publish(SlotMaps.of(2, "a@far", "b"));
        says("a", OFFLINE);
        says("b", OFFLINE);

        register.lookup(EP).join();

        assertThat(asked).containsExactly("b");
    }

    @Test
    void leavesAnOwnerAloneThatFailsAgainAndAgain() {
        refuses("a");
        says("b", OFFLINE);
        for (int i = 0; i < 20; i++) {
            assertThat(register.lookup(EP).join()).isEqualTo(new Lookup.Offline(false));
        }
        assertThat(asked.stream().filter("a"::equals)).hasSize(5);

        says("a", online(5, 1));
        clock.advance(Duration.ofSeconds(1));
        assertThat(register.lookup(EP).join()).isInstanceOf(Lookup.Online.class);
        assertThat(register.lookup(EP).join()).isInstanceOf(Lookup.Online.class);
    }

    @Test
    void offlineOfAllOwnersNeedsBothAndIsByFlushOnlyIfBothAre() {
        assertThat(both(OFFLINE_BY_FLUSH, OFFLINE_BY_FLUSH)).isEqualTo(new Lookup.Offline(true));
        assertThat(both(OFFLINE_BY_FLUSH, OFFLINE)).isEqualTo(new Lookup.Offline(false));
        assertThat(both(OFFLINE, OFFLINE_BY_FLUSH)).isEqualTo(new Lookup.Offline(false));
        assertThat(both(OFFLINE_BY_FLUSH, UNKNOWN)).isSameAs(Lookup.UNKNOWN);
        assertThat(both(UNKNOWN, OFFLINE_BY_FLUSH)).isSameAs(Lookup.UNKNOWN);
        assertThat(both(OFFLINE_BY_FLUSH, online(5, 1))).isInstanceOf(Lookup.Online.class);
        assertThat(both(online(5, 1), UNKNOWN)).isInstanceOf(Lookup.Online.class);
        assertThat(both(online(5, 1), online(6, 2)))
                .isEqualTo(new Lookup.Online(new Session(EP, 6, 2, 9), "b"));
    }

    @Test
    void offlineOfTheOnlyOwnerCounts() {
        cluster.publish(SlotMaps.of(2, "a", ""));
        says("a", OFFLINE_BY_FLUSH);

        assertThat(register.lookupAll(EP).join()).isEqualTo(new Lookup.Offline(true));
    }

    @Test
    void asksWhoeverDidNotNameTheStaleSession() {
        var stale = new Lookup.Online(new Session(EP, 5, 1, 9), "a");
        says("a", online(5, 1));
        says("b", online(6, 2));
        assertThat(register.askOther(stale).join()).isEqualTo(new Lookup.Online(new Session(EP, 6, 2, 9), "b"));
        assertThat(asked).containsExactly("b");

        says("b", online(5, 1));
        assertThat(register.askOther(stale).join()).isSameAs(Lookup.UNKNOWN);
        says("b", OFFLINE_BY_FLUSH);
        assertThat(register.askOther(stale).join()).isEqualTo(new Lookup.Offline(true));
    }

    @Test
    void completesWithUnknownWhenClosed() {
        var answer = register.lookup(EP);
        assertThat(answer).isNotDone();

        register.close();

        assertThat(answer.join()).isSameAs(Lookup.UNKNOWN);
        assertThat(register.lookup(EP).join()).isSameAs(Lookup.UNKNOWN);
    }

    @Test
    void closesTheStreamToAnOwnerThatLeftTheMap() {
        says("a", OFFLINE);
        register.lookup(EP).join();

        cluster.publish(SlotMaps.of(2, "b", "c"));

        assertThat(rpc.closed).containsExactly("a:1");
    }

    private Lookup both(LookupResult first, LookupResult second) {
        says("a", first);
        says("b", second);
        return register.lookupAll(EP).join();
    }

    private void says(String owner, LookupResult result) {
        rpc.behave(owner + ":1", batch -> {
            asked.add(owner);
            assertThat(((LookupBatch) batch).getEndpointIdsList()).containsExactly(EP);
            return LookupBatchReply.newBuilder().addResults(result).build();
        });
    }

    private void refuses(String owner) {
        rpc.behave(owner + ":1", batch -> {
            asked.add(owner);
            return null;
        });
    }

    private static LookupResult online(long connSeq, int room) {
        return LookupResult.newBuilder().setState(LookupResult.State.ONLINE)
                .setSession(io.longwire.rpc.register.Session.newBuilder().setEndpointId(EP).setConnSeq(connSeq)
                        .setRoomIncarnation(room).setHandle(9))
                .build();
    }
}
