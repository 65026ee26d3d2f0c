package io.longwire.saver.broadcast;

import io.longwire.device.v1.Push;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.saver.AudienceList;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Broadcast.State;
import io.longwire.rpc.saver.BroadcastProgress;
import io.longwire.rpc.saver.Canary;
import io.longwire.rpc.saver.LeaseWalksReply;
import io.longwire.rpc.saver.LeaseWalksRequest;
import io.longwire.rpc.saver.ListBroadcastsRequest;
import io.longwire.rpc.saver.Pace;
import io.longwire.rpc.saver.ReportWalksRequest;
import io.longwire.rpc.saver.Walk;
import io.longwire.saver.list.ListBench;
import io.longwire.saver.list.ListRefusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.longwire.saver.Bench.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Broadcasts to lists: their walks are ranges of slots, and rooms do not hear of them. */
final class RangeWalksIT {
    private static final Duration LEASE = Duration.ofSeconds(10);

    private BroadcastBench all;
    private ListBench lists;
    private AudienceList list;
    private BroadcastEnds ends;

    @BeforeEach
    void start() throws Exception {
        all = new BroadcastBench();
        lists = new ListBench(all.bench);
        ends = new BroadcastEnds(all.bench.shard, database -> { // knows nothing of the test's months
        }, all.bench.clock, all.bench.metrics);
        AudienceList made = lists.create("k");
        lists.append(made, 0, LongStream.range(0, 2_500).map(number -> ListBench.endpoint(64, number)).toArray());
        lists.append(made, 1, ListBench.endpoint(4095, 1));
        list = lists.seal(made, 2);
    }

    @AfterEach
    void stop() {
        lists.close();
        all.close();
    }

    @Test
    void leasesOneWalkForEachRangeThatHasEndpoints() throws Exception {
        Broadcast made = all.create(given());

        List<Walk> walks = lease("a", 9, 1, 2, 64);

        assertThat(walks).extracting(walk -> walk.toBuilder().clearBroadcast().build())
                .containsExactly(walk(made, 2).setTotal(2_500).setChunks(3).setEpoch(1).build(),
                        walk(made, 64).setTotal(1).setChunks(1).setEpoch(1).build());
        assertThat(walks.getFirst().getBroadcast()).isEqualTo(made);
        assertThat(all.bench.count("SELECT COUNT(*) FROM walk")).as("none of a room").isEqualTo(2);
        assertThat(lease("b", 9)).isEmpty();
        all.bench.clock.advance(Duration.ofSeconds(6));
        assertThat(lease("a", 9)).as("renewed").isEqualTo(walks);
        all.bench.clock.advance(Duration.ofSeconds(6));
        assertThat(lease("b", 9)).isEmpty();
    }

    @Test
    void isNeitherListedForRoomsNorPartOfAFloor() throws Exception {
        Broadcast first = all.create(all.given());
        Broadcast made = all.create(given().setLabel("spring").setPace(Pace.newBuilder().setRatePerSecond(5)));
        Broadcast second = all.create(all.given());

        assertThat(all.list().getBroadcastsList()).containsExactly(first, second);
        assertThat(second.getSeq()).as("it takes no sequence").isEqualTo(3);
        assertThat(made).returns(0L, Broadcast::getSeq).returns(list.getListId(), Broadcast::getListId)
                .returns(BroadcastRules.NOBODY, Broadcast::getAudience).returns(1, Broadcast::getStage);
        assertThat(Push.parseFrom(made.getEnvelope()).getBcastSeq()).isZero();
        assertThat(all.look(made)).isEqualTo(made);
        assertThat(get(all.broadcasts.list(ListBroadcastsRequest.newBuilder().setAppId(all.bench.app)
                .setActiveOnly(true).build())).getBroadcastsList()).containsExactly(second, made, first);
        all.change(first, State.CANCELLED);
        all.change(second, State.CANCELLED);
        assertThat(all.list().getFloors(0)).as("of what rooms have, none is live").returns(3L, floor -> floor
                .getFloor()).returns(3L, floor -> floor.getLastSeq());
        for (int i = 1; i < Broadcasts.LIVE; i++) {
            all.create(given());
        }
        assertThatThrownBy(() -> all.create(all.given())).hasMessageContaining("broadcasts: 100 (expected: fewer");
    }

    @Test
    void isMadeOfASealedListOfTheAppAlone() throws Exception {
        AudienceList open = lists.create("open");
        refused(given().setListId(open.getListId()), ListRefusal.class,
                "list_id: " + open.getListId() + " is OPEN (expected: SEALED)");
        lists.seal(open, 0);
        refused(given().setListId(open.getListId()), ListRefusal.class, "has no endpoints (expected: at least one)");
        refused(given().setListId(99), ListRefusal.class, "list_id: 99 is not there (expected: a list of the app)");
        refused(given().setAudience(Audience.newBuilder().setTag("vip")), IllegalArgumentException.class,
                "and list_id (expected: one of both)");
        refused(given().setCanary(Canary.newBuilder().setPercent(1)), IllegalArgumentException.class,
                "canary: given with list_id (expected: none");
        AudienceList deleted = lists.create("deleted");
        lists.delete(deleted);
        refused(given().setListId(deleted.getListId()), ListRefusal.class, "is DELETED (expected: SEALED)");
        assertThat(all.bench.count("SELECT COUNT(*) FROM broadcast") + all.bench.count("SELECT COUNT(*) FROM walk"))
                .isZero();
    }

    @Test
    void goesOnWhereTheOtherCenterWasAndHearsNoMoreOfIt() throws Exception {
        all.create(given());
        Walk old = lease("a", 9).getFirst();
        Walk half = report("a", old.toBuilder().setCursor(1).setWritten(990).putFailed(4, 10)).getFirst();
        Walk back = report("a", old.toBuilder().setWritten(990)).getFirst();
        all.bench.clock.advance(LEASE);

        Walk taken = lease("b", 9).getFirst();
        Walk late = report("a", old.toBuilder().setCursor(3).setFinished(true)).getFirst();
        Walk far = report("b", taken.toBuilder().setCursor(9).setWritten(2_490).setTotal(7)).getFirst();

        assertThat(half.getCursor()).isEqualTo(1);
        assertThat(back.getCursor()).as("it only grows").isEqualTo(1);
        assertThat(taken.toBuilder().clearBroadcast().build()).isEqualTo(old.toBuilder().clearBroadcast().setEpoch(2)
                .setCursor(1).setWritten(990).putFailed(4, 10).build());
        assertThat(late.hasBroadcast()).isFalse();
        assertThat(far).returns(3, Walk::getCursor).returns(2_500L, Walk::getTotal).returns(false, Walk::getFinished);
    }

    @Test
    void isDoneWithAllItsChunksAloneAndNeverGone() throws Exception {
        Broadcast made = all.create(given());
        List<Walk> walks = lease("a", 9);

        Walk gone = report("a", walks.get(0).toBuilder().setGone(true)).getFirst();
        Walk early = report("a", walks.get(0).toBuilder().setCursor(2).setFinished(true)).getFirst();
        assertThat(gone.getGone()).isFalse();
        assertThat(early.getFinished()).isFalse();
        assertThat(walkedOf("a")).isEmpty();
        assertThat(all.change(made, State.WALKED)).as("not as long as some are left").isEqualTo(made);
        long began = all.bench.clock.wallMillis();
        report("a", walks.get(0).toBuilder().setCursor(3).setWritten(2_400).putFailed(4, 100).setFinished(true),
                walks.get(1).toBuilder().setCursor(1).setWritten(1).setFinished(true));

        assertThat(walkedOf("a")).containsExactly(made.getBroadcastId());
        assertThat(all.progress(made)).isEqualTo(BroadcastProgress.newBuilder().setBroadcast(made).setRooms(2)
                .setRoomsFinished(2).setTotal(2_501).setWritten(2_401).putFailed(4, 100).setFirstWrittenMs(began)
                .setFinishedMs(began).build());
        all.bench.clock.advance(Duration.ofHours(21));
        assertThat(lease("a", 9, 2, 64)).as("rooms of the same numbers are none of them").isEmpty();
        Broadcast walked = all.change(made, State.WALKED);
        assertThat(walked.getState()).isEqualTo(State.WALKED);
        all.bench.clock.advance(Duration.ofDays(9));
        ends.round();
        assertThat(all.look(made).getState()).isEqualTo(State.ENDED);
    }

    @Test
    void answersAReportWithTheBroadcastAsItIsNow() throws Exception {
        Broadcast made = all.create(given());
        List<Walk> walks = lease("a", 9);
        Broadcast paused = all.change(made, State.PAUSED);

        assertThat(report("a", walks.get(0).toBuilder(), walks.get(1).toBuilder()).getFirst().getBroadcast())
                .isEqualTo(paused);
        Broadcast slow = all.change(BroadcastBench.changeOf(paused).setState(State.RUNNING)
                .setPace(Pace.newBuilder().setRatePerSecond(9)));
        assertThat(report("a", walks.get(0).toBuilder()).getFirst().getBroadcast()).isEqualTo(slow);
        all.change(slow, State.CANCELLED);
        assertThat(lease("a", 9)).isEmpty();
        assertThat(report("a", walks.get(0).toBuilder()).getFirst().getBroadcast().getState())
                .isEqualTo(State.CANCELLED);
    }

    @Test
    void tellsEveryCenterOfItsChanges() throws Exception {
        Broadcast made = all.create(given());
        assertThat(all.changes(5_000)).as("what is new is leased").isEmpty();

        Broadcast paused = all.change(made, State.PAUSED);

        assertThat(all.changes(5_000)).containsExactly(paused);
        assertThat(ask("b", 9).getChangedList()).containsExactly(paused);
        all.bench.clock.advance(Duration.ofSeconds(5));
        assertThat(all.changes(5_000)).isEmpty();
        assertThat(all.changes(15_000)).containsExactly(paused);
        assertThatThrownBy(() -> all.changes(15_001))
                .hasMessageContaining("within_ms: 15001 (expected: 1 to 15000)");
    }

    @Test
    void waitsForItsApproval() throws Exception {
        Broadcast held = all.create(given().setState(State.HELD));

        assertThat(lease("a", 9)).isEmpty();
        assertThat(all.progress(held)).returns(2, BroadcastProgress::getRooms).returns(2_501L,
                BroadcastProgress::getTotal);
        all.change(held, State.RUNNING);
        assertThat(lease("a", 9)).hasSize(2);
    }

    @Test
    void sharesRangesAmongCentersAndGivesAllOfThemToOneThatIsAlone() throws Exception {
        AudienceList wide = lists.create("wide");
        lists.append(wide, 0, LongStream.range(0, 4096).toArray());
        lists.seal(wide, 1);
        all.create(given().setListId(wide.getListId()));
        Broadcast rooms = all.create(all.given());
        int[] room = IntStream.rangeClosed(1, 30).toArray();

        List<Walk> a = lease("a", 100, room);
        List<Walk> b = lease("b", 100, room);

        assertThat(a).filteredOn(walk -> walk.getChunks() > 0).hasSize(16);
        assertThat(a).filteredOn(walk -> walk.getBroadcastId() == rooms.getBroadcastId()).hasSize(30);
        assertThat(b).hasSize(16).allMatch(walk -> walk.getChunks() == 1);
        var got = new ArrayList<Integer>();
        for (int round = 0; round < 4; round++) {
            got.add(lease("a", 100, room).size());
        }
        assertThat(got).as("its own, and 16 more each time until there are none").containsExactly(62, 78, 78, 78);
        assertThat(lease("c", 100)).isEmpty();
        all.bench.clock.advance(LEASE);
        assertThat(lease("c", 10)).as("no more than it asks for").hasSize(10);
    }

    @Test
    void keepsTheListAsLongAsItIsNotOver() throws Exception {
        Broadcast made = all.create(given().setState(State.HELD)
                .setExpireAtMs(all.bench.clock.wallMillis() + Duration.ofDays(60).toMillis()));

        assertThatThrownBy(() -> lists.delete(list)).hasCauseInstanceOf(ListRefusal.class)
                .hasMessageContaining("is used (expected: no broadcast to it that is not over)");
        all.bench.clock.advance(Duration.ofDays(40));
        ends.round();
        assertThat(lists.create("k")).as("although its time is over").isEqualTo(list);
        all.change(made, State.CANCELLED);
        ends.round();
        assertThat(lists.create("k")).as("what was sent of it may be taken back").isEqualTo(list);
        all.bench.clock.advance(Duration.ofDays(20));
        ends.round();

        assertThat(lists.create("k").getListId()).isGreaterThan(list.getListId());
        assertThat(all.bench.count("SELECT COUNT(*) FROM audience_chunk")).isZero();
    }

    private Broadcast.Builder given() {
        return all.given().setListId(list.getListId())
                .setExpireAtMs(all.bench.clock.wallMillis() + Duration.ofDays(9).toMillis());
    }

    private void refused(Broadcast.Builder given, Class<? extends Throwable> kind, String why) {
        assertThatThrownBy(() -> all.create(given)).hasCauseInstanceOf(kind).hasMessageContaining(why);
    }

    private static Walk.Builder walk(Broadcast broadcast, int room) {
        return Walk.newBuilder().setBroadcastId(broadcast.getBroadcastId()).setRoomIncarnation(room).setStage(1);
    }

    private LeaseWalksReply ask(String center, int limit, int... rooms) throws Exception {
        return get(all.walks.lease(LeaseWalksRequest.newBuilder().setCenter(center)
                .setLeaseMs((int) LEASE.toMillis()).setLimit(limit)
                .addAllRooms(IntStream.of(rooms).boxed().toList()).build()));
    }

    private List<Walk> lease(String center, int limit, int... rooms) throws Exception {
        return ask(center, limit, rooms).getWalksList();
    }

    private List<Long> walkedOf(String center) throws Exception {
        return ask(center, 9).getWalkedList();
    }

    private List<Walk> report(String center, Walk.Builder... walks) throws Exception {
        var request = ReportWalksRequest.newBuilder().setCenter(center).setLeaseMs((int) LEASE.toMillis());
        for (Walk.Builder walk : walks) {
            request.addWalks(walk.clone().clearBroadcast());
        }
        return get(all.walks.report(request.build())).getWalksList();
    }
}
