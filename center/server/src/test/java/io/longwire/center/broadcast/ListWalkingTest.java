package io.longwire.center.broadcast;

import com.google.protobuf.ByteString;
import io.longwire.center.CenterMetric;
import io.longwire.center.fakes.FakeBroadcastRooms;
import io.longwire.center.fakes.FakeBroadcastStore;
import io.longwire.center.fakes.FakeListStore;
import io.longwire.center.fakes.FakeMetrics;
import io.longwire.center.fakes.FakeNeighbours;
import io.longwire.center.list.ListWalks;
import io.longwire.center.mint.MessageIds;
import io.longwire.center.send.Sender;
import io.longwire.device.v1.Priority;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushKind;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Broadcast.State;
import io.longwire.rpc.saver.BroadcastChange;
import io.longwire.rpc.saver.BroadcastProgress;
import io.longwire.rpc.saver.BroadcastRequest;
import io.longwire.rpc.saver.CancelReply;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.Pace;
import io.longwire.rpc.saver.Walk;
import io.longwire.testkit.cluster.FakeCluster;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ListWalkingTest {
    private static final long ID = 77;
    private static final int APP = 3;
    private static final int UNKNOWN = 101;
    private static final int REJECTED = 102;

    private final VirtualClock clock = new VirtualClock();
    private final FakeBroadcastStore store = new FakeBroadcastStore(clock);
    private final FakeListStore lists = new FakeListStore();
    private final FakeBroadcastRooms rooms = new FakeBroadcastRooms();
    private final FakeNeighbours parts = new FakeNeighbours();
    private final FakeMetrics metrics = new FakeMetrics();
    private final MessageIds ids = new MessageIds(clock, FakeCluster.of("center"));

    @BeforeEach
    void begin() {
        store.lists(lists);
        parts.app(APP, 100_000);
    }

    private record Center(Walking walking, ListWalks lists) {
    }

    private Center center(String name) {
        var walks = MadeWalks.of(parts, lists, ids, this::progress,
                new Sender.Tools(clock, HaltPoints.none(), metrics));
        var telling = new Telling(rooms, walks);
        return new Center(new Walking(store, rooms, telling, walks, new Stages(store, clock, metrics, telling::tell),
                new Walking.Self(() -> name, () -> false), new Walking.Tools(clock, HaltPoints.none(), metrics))
                .start(), walks);
    }

    private CompletableFuture<BroadcastProgress> progress(long broadcast) {
        return store.progress(BroadcastRequest.newBuilder().setBroadcastId(broadcast).build());
    }

    /** Endpoints in as many ranges. */
    private static LongStream spread(int count) {
        return LongStream.rangeClosed(1, count).map(i -> i << 6);
    }

    /** Endpoints of the first range. */
    private static LongStream together(int count) {
        return IntStream.rangeClosed(1, count).mapToLong(i -> (long) i << 12);
    }

    private void broadcast(LongStream endpoints, Broadcast.Builder given) {
        long expires = clock.wallMillis() + 86_400_000;
        var push = Push.newBuilder().setPayload(ByteString.copyFromUtf8("hi")).setCollapseKey(
                ByteString.copyFromUtf8("k")).setPriority(Priority.PRIORITY_HIGH).setAckNow(true);
        store.create(given.setBroadcastId(ID).setAppId(APP).setState(State.RUNNING).setStage(1)
                .setListId(lists.sealed(APP, endpoints)).setEnvelope(push.build().toByteString())
                .setExpireAtMs(expires).setCreatedMs(clock.wallMillis()).setStageMs(clock.wallMillis()).build()).join();
    }

    private static Broadcast.Builder paced(int perSecond) {
        return Broadcast.newBuilder().setPace(Pace.newBuilder().setRatePerSecond(perSecond));
    }

    private void change(BroadcastChange.Builder change) {
        store.change(change.setBroadcastId(ID).build()).join();
    }

    /** Endpoints that have it; fails if one has it under two ids. */
    private Set<Long> reached() {
        Map<Long, Set<Long>> ids = List.copyOf(parts.appended).stream().collect(Collectors.groupingBy(
                AppendItem::getEndpointId, Collectors.mapping(AppendItem::getMessageId, Collectors.toSet())));
        assertThat(ids.values()).allMatch(each -> each.size() == 1);
        return new HashSet<>(ids.keySet());
    }

    private BroadcastProgress progress() {
        return progress(ID).join();
    }

    @Test
    void storesItForEachEndpointOnceAndIsWalkedThen() throws Exception {
        broadcast(LongStream.concat(spread(40), together(12)), Broadcast.newBuilder());
        center("c1");

        clock.advance(Duration.ofSeconds(6));

        assertThat(reached()).hasSize(52);
        assertThat(parts.appended).hasSize(52);
        assertThat(store.broadcast(ID).getState()).isEqualTo(State.WALKED);
        assertThat(progress().getWritten()).isEqualTo(52);
        assertThat(progress().getVisited()).isEqualTo(52);
        assertThat(rooms.walked()).isEmpty();
        assertThat(rooms.told()).isEmpty();
        AppendItem stored = parts.appended.getFirst();
        Push push = Push.parseFrom(stored.getEnvelope());
        assertThat(stored.getExpireAtMs()).isEqualTo(store.broadcast(ID).getExpireAtMs());
        assertThat(stored.getCollapseKey().toStringUtf8()).isEqualTo("k");
        assertThat(push.getPayload().toStringUtf8()).isEqualTo("hi");
        assertThat(push.getAckNow()).isTrue();
    }

    @Test
    void keepsThePaceOverAllItsRanges() {
        broadcast(spread(60), paced(2));
        center("c1");

        clock.advance(Duration.ofSeconds(11));

        assertThat(reached().size()).isBetween(17, 22);
        clock.advance(Duration.ofSeconds(25));
        assertThat(store.broadcast(ID).getState()).isEqualTo(State.WALKED);
        assertThat(reached()).hasSize(60);
    }

    @Test
    void takesAsLongAsItIsTo() {
        broadcast(together(60), Broadcast.newBuilder().setPace(Pace.newBuilder().setDurationS(60)));
        center("c1");

        clock.advance(Duration.ofSeconds(31));

        assertThat(reached().size()).isBetween(27, 32);
    }

    @Test
    void standsStillWithinASecondOfAPauseAndGoesOnAtItsNewPace() {
        broadcast(spread(40), paced(2));
        center("c1");
        clock.advance(Duration.ofSeconds(6));
        change(BroadcastChange.newBuilder().setState(State.PAUSED));
        clock.advance(Duration.ofSeconds(1));
        int reached = reached().size();

        clock.advance(Duration.ofSeconds(60));

        assertThat(reached()).hasSize(reached).hasSizeLessThan(20);
        change(BroadcastChange.newBuilder().setState(State.RUNNING)
                .setPace(Pace.newBuilder().setRatePerSecond(100)));
        clock.advance(Duration.ofSeconds(5));
        assertThat(reached()).hasSize(40);
    }

    @Test
    void hearsAPauseAtOnceWhereItIsMade() {
        broadcast(spread(40), paced(10));
        Center here = center("c1");
        clock.advance(Duration.ofMillis(1_500));
        change(BroadcastChange.newBuilder().setState(State.PAUSED));
        int reached = reached().size();

        new Telling(rooms, here.lists()).tell(store.broadcast(ID));
        clock.advance(Duration.ofMillis(400));

        assertThat(reached()).hasSize(reached).isNotEmpty();
    }

    @Test
    void reachesNobodyMoreOnceCancelled() {
        broadcast(spread(40), paced(2));
        center("c1");
        clock.advance(Duration.ofSeconds(6));
        change(BroadcastChange.newBuilder().setState(State.CANCELLED));
        clock.advance(Duration.ofSeconds(5));
        int reached = reached().size();

        clock.advance(Duration.ofSeconds(60));

        assertThat(reached()).hasSize(reached).hasSizeLessThan(25);
    }

    @Test
    void anotherCenterGoesOnWhereADeadOneWasAndCountsEachOnce() {
        broadcast(LongStream.concat(together(23), spread(20)), paced(2));
        Center first = center("c1");
        clock.advance(Duration.ofSeconds(8));
        int reached = reached().size();
        first.walking().close();
        center("c2");

        clock.advance(Walking.LEASE.plusSeconds(40));

        assertThat(reached).isBetween(5, 25);
        assertThat(reached()).hasSize(43);
        assertThat(store.broadcast(ID).getState()).isEqualTo(State.WALKED);
        assertThat(progress().getWritten()).isEqualTo(43);
    }

    @Test
    void twoThatWalkTheSameRangeSendTheSameMessages() {
        broadcast(together(23), Broadcast.newBuilder());
        Center first = center("c1");
        Center second = center("c2");
        first.walking().close();
        second.walking().close();
        Walk walk = Walk.newBuilder().setBroadcastId(ID).setRoomIncarnation(1).setStage(1).setTotal(23).setChunks(5)
                .setEpoch(1).setBroadcast(store.broadcast(ID)).build();
        var hold = new CompletableFuture<AppendResult>();
        parts.appendAnswers.add(hold);

        first.lists().order(walk);
        second.lists().order(walk.toBuilder().setEpoch(2).build());
        clock.advance(Duration.ofMillis(100));
        hold.complete(AppendResult.getDefaultInstance());
        clock.advance(Duration.ofMillis(100));

        assertThat(reached()).hasSize(23);
        assertThat(first.lists().order(walk).getFinished()).isTrue();
        assertThat(first.lists().order(walk).getWritten()).isEqualTo(23);
        assertThat(second.lists().order(walk.toBuilder().setEpoch(2).build()).getWritten()).isEqualTo(23);
    }

    @Test
    void doesNothingMoreForALeaseThatIsNotRenewed() {
        broadcast(together(60), paced(2));
        Center center = center("c1");
        clock.advance(Duration.ofSeconds(3));
        center.walking().close();
        clock.advance(Duration.ofSeconds(5));
        int reached = reached().size();

        clock.advance(Duration.ofSeconds(60));

        assertThat(reached()).hasSize(reached);
    }

    @Test
    void countsWhoCannotGetItByReason() {
        parts.absent.add(1L << 12);
        parts.absent.add(2L << 12);
        parts.appendAnswers.add(FakeNeighbours.append(AppendResult.Code.REJECTED));
        broadcast(together(8), Broadcast.newBuilder());
        center("c1");

        clock.advance(Duration.ofSeconds(6));

        assertThat(store.broadcast(ID).getState()).isEqualTo(State.WALKED);
        assertThat(progress().getFailedMap()).containsExactlyInAnyOrderEntriesOf(Map.of(UNKNOWN, 2L, REJECTED, 1L));
        assertThat(progress().getWritten()).isEqualTo(5);
    }

    @Test
    void triesAgainUnderTheSameIdWhatAStoreThatIsAwayDidNotTake() {
        parts.appendAnswers.add(FakeNeighbours.append(AppendResult.Code.UNAVAILABLE));
        parts.appendAnswers.add(CompletableFuture.completedFuture(AppendResult.newBuilder()
                .setCode(AppendResult.Code.REJECTED).setReason("quota: stored_bytes: 9 (expected: at most 8)")
                .build()));
        parts.appendAnswers.add(FakeNeighbours.append(AppendResult.Code.BUSY));
        broadcast(together(5), Broadcast.newBuilder());
        center("c1");
        clock.advance(Duration.ofMillis(1_100));
        assertThat(progress().getWritten()).isLessThan(5);

        clock.advance(Duration.ofSeconds(10));

        assertThat(reached()).hasSize(5);
        assertThat(progress().getWritten()).isEqualTo(5);
        assertThat(progress().getFailedMap()).isEmpty();
        assertThat(lists.noted()).hasSize(1);
        assertThat(metrics.count(CenterMetric.LIST_TARGETS, "over_quota")).isEqualTo(1);
    }

    @Test
    void goesAsFastAsTheQuotaOfTheAppAndLeavesSomeOfItToOthers() {
        parts.app(APP, 10);
        broadcast(together(60), Broadcast.newBuilder());
        center("c1");

        clock.advance(Duration.ofSeconds(4));

        assertThat(reached().size()).isBetween(30, 45);
        assertThat(progress().getBehind()).isPositive();
        clock.advance(Duration.ofSeconds(6));
        assertThat(reached()).hasSize(60);
        assertThat(progress().getFailedMap()).isEmpty();
    }

    @Test
    void givesAnotherIdAfterALongPauseOnlyToThoseWhoDoNotHaveIt() {
        broadcast(together(5), paced(1));
        center("c1");
        clock.advance(Duration.ofMillis(3_500));
        change(BroadcastChange.newBuilder().setState(State.PAUSED));
        clock.advance(Duration.ofMinutes(30));
        assertThat(reached().size()).isBetween(2, 4);
        change(BroadcastChange.newBuilder().setState(State.RUNNING));

        clock.advance(Duration.ofSeconds(10));

        assertThat(reached()).hasSize(5);
        assertThat(lists.noted()).hasSize(2);
        assertThat(lists.noted().getLast().getNumber()).isEqualTo(1);
        assertThat(progress().getWritten()).isEqualTo(5);
    }

    private void loseAnswers() {
        for (int i = 0; i < 1_000; i++) {
            parts.appendAnswers.add(FakeNeighbours.append(AppendResult.Code.UNAVAILABLE));
        }
    }

    // A row in the ledger is nothing to a phone until it is in the inbox, too, which only a whole append sees to.
    @Test
    void anotherCenterAppendsAgainWhatTheLedgerHasAndNoInboxPerhaps() {
        loseAnswers();
        broadcast(together(5), Broadcast.newBuilder());
        Center first = center("c1");
        clock.advance(Duration.ofMillis(1_500));
        first.walking().close();
        clock.advance(Walking.LEASE.plusSeconds(1));
        assertThat(reached()).hasSize(5);
        parts.appendAnswers.clear();
        int before = parts.appended.size();
        center("c2");

        clock.advance(Duration.ofSeconds(20));

        assertThat(parts.appended).hasSize(before + 5);
        assertThat(reached()).hasSize(5);
        assertThat(progress().getWritten()).isEqualTo(5);
    }

    @Test
    void givesNoOtherIdToThoseWhoHaveItAlthoughTheAnswerWasLost() {
        loseAnswers();
        broadcast(together(5), Broadcast.newBuilder());
        center("c1");
        clock.advance(Duration.ofMillis(1_500));
        change(BroadcastChange.newBuilder().setState(State.PAUSED));
        clock.advance(Duration.ofMinutes(30));
        parts.appendAnswers.clear();
        change(BroadcastChange.newBuilder().setState(State.RUNNING));

        clock.advance(Duration.ofSeconds(10));

        assertThat(reached()).hasSize(5);
        assertThat(progress().getWritten()).isEqualTo(5);
        assertThat(lists.noted()).hasSize(1);
    }

    @Test
    void goesOnWhenTheListsCouldNotBeReadForAWhile() {
        broadcast(spread(20), Broadcast.newBuilder());
        lists.away(true);
        store.lists(listsOf(20));
        center("c1");
        clock.advance(Duration.ofSeconds(3));
        assertThat(parts.appended).isEmpty();
        lists.away(false);

        clock.advance(Duration.ofSeconds(40));

        assertThat(reached()).hasSize(20);
        assertThat(metrics.count(CenterMetric.LIST_STEPS_FAILED)).isPositive();
    }

    private static FakeListStore listsOf(int count) {
        var same = new FakeListStore();
        same.sealed(APP, spread(count));
        return same;
    }

    @Test
    void takesEachOfItsMessagesBack() throws Exception {
        broadcast(together(12), paced(4));
        center("c1");
        clock.advance(Duration.ofMillis(2_500));
        change(BroadcastChange.newBuilder().setState(State.CANCELLED));
        clock.advance(Duration.ofSeconds(1));
        int reached = reached().size();
        assertThat(reached).isBetween(3, 11);
        parts.cancelled = CancelReply.newBuilder().setCode(EndResult.Code.ALREADY_ENDED).setHow(How.ACKED).build();
        store.create(store.broadcast(ID).toBuilder().setBroadcastId(ID + 1).setReplaces(ID).setState(State.RUNNING)
                .setCreatedMs(clock.wallMillis()).setStageMs(clock.wallMillis()).build()).join();
        clock.advance(Duration.ofSeconds(10));
        assertThat(parts.appended).hasSize(reached);

        clock.advance(Duration.ofSeconds(60));

        assertThat(store.broadcast(ID + 1).getState()).isEqualTo(State.WALKED);
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
