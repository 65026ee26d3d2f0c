package io.longwire.center.broadcast;

import io.longwire.center.CenterMetric;
import io.longwire.center.fakes.FakeBroadcastStore;
import io.longwire.center.fakes.FakeListStore;
import io.longwire.center.fakes.FakeMetrics;
import io.longwire.center.fakes.FakeNeighbours;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushKind;
import io.longwire.rpc.coordinator.AppFeedback;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Broadcast.State;
import io.longwire.rpc.saver.BroadcastChange;
import io.longwire.rpc.saver.CancelReply;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.Pace;
import io.longwire.rpc.saver.Walk;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ListWalkingTest {
    private static final int UNKNOWN = 101;
    private static final int REJECTED = 102;

    private final ListCenters all = new ListCenters();
    private final VirtualClock clock = all.clock;
    private final FakeBroadcastStore store = all.store;
    private final FakeListStore lists = all.lists;
    private final FakeNeighbours parts = all.parts;
    private final FakeMetrics metrics = all.metrics;

    @Test
    void storesItForEachEndpointOnceAndIsWalkedThen() throws Exception {
        all.broadcast(LongStream.concat(ListCenters.spread(40), ListCenters.together(12)), Broadcast.newBuilder());
        all.center("c1");

        clock.advance(Duration.ofSeconds(6));

        assertThat(all.reached()).hasSize(52);
        assertThat(parts.appended).hasSize(52);
        assertThat(store.broadcast(ListCenters.ID).getState()).isEqualTo(State.WALKED);
        assertThat(all.progress().getWritten()).isEqualTo(52);
        assertThat(all.progress().getVisited()).isEqualTo(52);
        assertThat(all.rooms.walked()).isEmpty();
        assertThat(all.rooms.told()).isEmpty();
        AppendItem stored = parts.appended.getFirst();
        Push push = Push.parseFrom(stored.getEnvelope());
        assertThat(stored.getExpireAtMs()).isEqualTo(store.broadcast(ListCenters.ID).getExpireAtMs());
        assertThat(stored.getCollapseKey().toStringUtf8()).isEqualTo("k");
        assertThat(push.getPayload().toStringUtf8()).isEqualTo("hi");
        assertThat(push.getAckNow()).isTrue();
    }

    @Test
    void keepsThePaceOverAllItsRanges() {
        all.broadcast(ListCenters.spread(60), ListCenters.paced(2));
        all.center("c1");

        clock.advance(Duration.ofSeconds(11));

        assertThat(all.reached().size()).isBetween(17, 22);
        clock.advance(Duration.ofSeconds(25));
        assertThat(store.broadcast(ListCenters.ID).getState()).isEqualTo(State.WALKED);
        assertThat(all.reached()).hasSize(60);
    }

    @Test
    void goesAtThePaceThatTheProductsBackendAsksFor() {
        all.feedback.says(AppFeedback.newBuilder().setAppId(ListCenters.APP).setShare(1).setPushPace(2).setTtlMs(5_000)
                .build());
        all.broadcast(ListCenters.spread(60), Broadcast.newBuilder());
        all.center("c1");

        clock.advance(Duration.ofSeconds(11));
        assertThat(all.reached().size()).isBetween(17, 22);

        all.feedback.says(AppFeedback.newBuilder().setAppId(ListCenters.APP).setShare(1).setPushPace(1_000)
                .setTtlMs(5_000).build());
        clock.advance(Duration.ofSeconds(3));
        assertThat(all.reached()).hasSize(60);
    }

    @Test
    void takesAsLongAsItIsTo() {
        all.broadcast(ListCenters.together(60), Broadcast.newBuilder().setPace(Pace.newBuilder().setDurationS(60)));
        all.center("c1");

        clock.advance(Duration.ofSeconds(31));

        assertThat(all.reached().size()).isBetween(27, 32);
    }

    @Test
    void standsStillWithinASecondOfAPauseAndGoesOnAtItsNewPace() {
        all.broadcast(ListCenters.spread(40), ListCenters.paced(2));
        all.center("c1");
        clock.advance(Duration.ofSeconds(6));
        all.change(BroadcastChange.newBuilder().setState(State.PAUSED));
        clock.advance(Duration.ofSeconds(1));
        int reached = all.reached().size();

        clock.advance(Duration.ofSeconds(60));

        assertThat(all.reached()).hasSize(reached).hasSizeLessThan(20);
        all.change(BroadcastChange.newBuilder().setState(State.RUNNING)
                .setPace(Pace.newBuilder().setRatePerSecond(100)));
        clock.advance(Duration.ofSeconds(5));
        assertThat(all.reached()).hasSize(40);
    }

    @Test
    void hearsAPauseAtOnceWhereItIsMade() {
        all.broadcast(ListCenters.spread(40), ListCenters.paced(10));
        ListCenters.Center here = all.center("c1");
        clock.advance(Duration.ofMillis(1_500));
        all.change(BroadcastChange.newBuilder().setState(State.PAUSED));
        int reached = all.reached().size();

        new Telling(all.rooms, here.lists(), MadeWalks.unpaced(all.clock, all.metrics))
                .tell(store.broadcast(ListCenters.ID));
        clock.advance(Duration.ofMillis(400));

        assertThat(all.reached()).hasSize(reached).isNotEmpty();
    }

    @Test
    void reachesNobodyMoreOnceCancelled() {
        all.broadcast(ListCenters.spread(40), ListCenters.paced(2));
        all.center("c1");
        clock.advance(Duration.ofSeconds(6));
        all.change(BroadcastChange.newBuilder().setState(State.CANCELLED));
        clock.advance(Duration.ofSeconds(5));
        int reached = all.reached().size();

        clock.advance(Duration.ofSeconds(60));

        assertThat(all.reached()).hasSize(reached).hasSizeLessThan(25);
    }

    @Test
    void anotherCenterGoesOnWhereADeadOneWasAndCountsEachOnce() {
        all.broadcast(LongStream.concat(ListCenters.together(23), ListCenters.spread(20)), ListCenters.paced(2));
        ListCenters.Center first = all.center("c1");
        clock.advance(Duration.ofSeconds(8));
        int reached = all.reached().size();
        first.walking().close();
        all.center("c2");

        clock.advance(Walking.LEASE.plusSeconds(40));

        assertThat(reached).isBetween(5, 25);
        assertThat(all.reached()).hasSize(43);
        assertThat(store.broadcast(ListCenters.ID).getState()).isEqualTo(State.WALKED);
        assertThat(all.progress().getWritten()).isEqualTo(43);
    }

    @Test
    void twoThatWalkTheSameRangeSendTheSameMessages() {
        all.broadcast(ListCenters.together(23), Broadcast.newBuilder());
        ListCenters.Center first = all.center("c1");
        ListCenters.Center second = all.center("c2");
        first.walking().close();
        second.walking().close();
        Walk walk = Walk.newBuilder().setBroadcastId(ListCenters.ID).setRoomIncarnation(1).setStage(1).setTotal(23)
                .setChunks(5).setEpoch(1).setBroadcast(store.broadcast(ListCenters.ID)).build();
        var hold = new CompletableFuture<AppendResult>();
        parts.appendAnswers.add(hold);

        first.lists().order(walk);
        second.lists().order(walk.toBuilder().setEpoch(2).build());
        clock.advance(Duration.ofMillis(100));
        hold.complete(AppendResult.getDefaultInstance());
        clock.advance(Duration.ofMillis(100));

        assertThat(all.reached()).hasSize(23);
        assertThat(first.lists().order(walk).getFinished()).isTrue();
        assertThat(first.lists().order(walk).getWritten()).isEqualTo(23);
        assertThat(second.lists().order(walk.toBuilder().setEpoch(2).build()).getWritten()).isEqualTo(23);
    }

    @Test
    void doesNothingMoreForALeaseThatIsNotRenewed() {
        all.broadcast(ListCenters.together(60), ListCenters.paced(2));
        ListCenters.Center center = all.center("c1");
        clock.advance(Duration.ofSeconds(3));
        center.walking().close();
        clock.advance(Duration.ofSeconds(5));
        int reached = all.reached().size();

        clock.advance(Duration.ofSeconds(60));

        assertThat(all.reached()).hasSize(reached);
    }

    @Test
    void countsWhoCannotGetItByReason() {
        parts.absent.add(1L << 12);
        parts.absent.add(2L << 12);
        parts.appendAnswers.add(FakeNeighbours.append(AppendResult.Code.REJECTED));
        all.broadcast(ListCenters.together(8), Broadcast.newBuilder());
        all.center("c1");

        clock.advance(Duration.ofSeconds(6));

        assertThat(store.broadcast(ListCenters.ID).getState()).isEqualTo(State.WALKED);
        assertThat(all.progress().getFailedMap()).containsExactlyInAnyOrderEntriesOf(Map.of(UNKNOWN, 2L, REJECTED, 1L));
        assertThat(all.progress().getWritten()).isEqualTo(5);
    }

    @Test
    void triesAgainUnderTheSameIdWhatAStoreThatIsAwayDidNotTake() {
        parts.appendAnswers.add(FakeNeighbours.append(AppendResult.Code.UNAVAILABLE));
        parts.appendAnswers.add(CompletableFuture.completedFuture(AppendResult.newBuilder()
                .setCode(AppendResult.Code.REJECTED).setReason("quota: stored_bytes: 9 (expected: at most 8)")
                .build()));
        parts.appendAnswers.add(FakeNeighbours.append(AppendResult.Code.BUSY));
        all.broadcast(ListCenters.together(5), Broadcast.newBuilder());
        all.center("c1");
        clock.advance(Duration.ofMillis(1_100));
        assertThat(all.progress().getWritten()).isLessThan(5);

        clock.advance(Duration.ofSeconds(10));

        assertThat(all.reached()).hasSize(5);
        assertThat(all.progress().getWritten()).isEqualTo(5);
        assertThat(all.progress().getFailedMap()).isEmpty();
        assertThat(lists.noted()).hasSize(1);
        assertThat(metrics.count(CenterMetric.LIST_TARGETS, "over_quota")).isEqualTo(1);
    }

    @Test
    void goesAsFastAsTheQuotaOfTheAppAndLeavesSomeOfItToOthers() {
        parts.app(ListCenters.APP, 10);
        all.broadcast(ListCenters.together(60), Broadcast.newBuilder());
        all.center("c1");

        clock.advance(Duration.ofSeconds(4));

        assertThat(all.reached().size()).isBetween(30, 45);
        assertThat(all.progress().getBehind()).isPositive();
        clock.advance(Duration.ofSeconds(6));
        assertThat(all.reached()).hasSize(60);
        assertThat(all.progress().getFailedMap()).isEmpty();
    }

    // A row in the ledger is nothing to a phone until it is in the inbox, too, which only a whole append sees to.
    @Test
    void anotherCenterAppendsAgainWhatTheLedgerHasAndNoInboxPerhaps() {
        all.loseAnswers();
        all.broadcast(ListCenters.together(5), Broadcast.newBuilder());
        ListCenters.Center first = all.center("c1");
        clock.advance(Duration.ofMillis(1_500));
        first.walking().close();
        clock.advance(Walking.LEASE.plusSeconds(1));
        assertThat(all.reached()).hasSize(5);
        parts.appendAnswers.clear();
        int before = parts.appended.size();
        all.center("c2");

        clock.advance(Duration.ofSeconds(20));

        assertThat(parts.appended).hasSize(before + 5);
        assertThat(all.reached()).hasSize(5);
        assertThat(all.progress().getWritten()).isEqualTo(5);
    }

    @Test
    void goesOnWhenTheListsCouldNotBeReadForAWhile() {
        all.broadcast(ListCenters.spread(20), Broadcast.newBuilder());
        lists.away(true);
        store.lists(listsOf(20));
        all.center("c1");
        clock.advance(Duration.ofSeconds(3));
        assertThat(parts.appended).isEmpty();
        lists.away(false);

        clock.advance(Duration.ofSeconds(40));

        assertThat(all.reached()).hasSize(20);
        assertThat(metrics.count(CenterMetric.LIST_STEPS_FAILED)).isPositive();
    }

    private static FakeListStore listsOf(int count) {
        var same = new FakeListStore();
        same.sealed(ListCenters.APP, ListCenters.spread(count));
        return same;
    }

    @Test
    void takesEachOfItsMessagesBack() throws Exception {
        all.broadcast(ListCenters.together(12), ListCenters.paced(4));
        all.center("c1");
        clock.advance(Duration.ofMillis(2_500));
        all.change(BroadcastChange.newBuilder().setState(State.CANCELLED));
        clock.advance(Duration.ofSeconds(1));
        int reached = all.reached().size();
        assertThat(reached).isBetween(3, 11);
        parts.cancelled = CancelReply.newBuilder().setCode(EndResult.Code.ALREADY_ENDED).setHow(How.ACKED).build();
        store.create(store.broadcast(ListCenters.ID).toBuilder().setBroadcastId(ListCenters.ID + 1)
                .setReplaces(ListCenters.ID).setState(State.RUNNING)
                .setCreatedMs(clock.wallMillis()).setStageMs(clock.wallMillis()).build()).join();
        clock.advance(Duration.ofSeconds(10));
        assertThat(parts.appended).hasSize(reached);

        clock.advance(Duration.ofSeconds(60));

        assertThat(store.broadcast(ListCenters.ID + 1).getState()).isEqualTo(State.WALKED);
        Set<Long> told = new HashSet<>();
        for (AppendItem item : parts.appended.subList(reached, parts.appended.size())) {
            Push push = Push.parseFrom(item.getEnvelope());
            assertThat(push.getKind()).isEqualTo(PushKind.KIND_REVOKE);
            told.add(item.getEndpointId());
        }
        assertThat(told).containsAll(parts.appended.subList(0, reached).stream().map(AppendItem::getEndpointId)
                .toList());
    }
}
