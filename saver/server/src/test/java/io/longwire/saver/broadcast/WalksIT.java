package io.longwire.saver.broadcast;

import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Broadcast.State;
import io.longwire.rpc.saver.BroadcastProgress;
import io.longwire.rpc.saver.Canary;
import io.longwire.rpc.saver.LeaseWalksReply;
import io.longwire.rpc.saver.LeaseWalksRequest;
import io.longwire.rpc.saver.ReportWalksRequest;
import io.longwire.rpc.saver.Walk;
import io.longwire.saver.watch.SaverMetric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.longwire.saver.Bench.get;
import static io.longwire.saver.broadcast.BroadcastBench.changeOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class WalksIT {
    private static final Duration LEASE = Duration.ofSeconds(10);

    private BroadcastBench all;

    @BeforeEach
    void start() throws Exception {
        all = new BroadcastBench();
    }

    @AfterEach
    void stop() {
        all.close();
    }

    @Test
    void leasesEachWalkToOneCenterAndKeepsTheEpochOfItsOwner() throws Exception {
        Broadcast made = all.create(all.given());
        all.create(all.given().setState(State.HELD));

        List<Walk> first = lease("a", 2, 1, 2, 3);
        List<Walk> second = lease("b", 9, 1, 2, 3);

        assertThat(first).hasSize(2).allMatch(walk -> walk.getEpoch() == 1);
        assertThat(first.getFirst().getBroadcast()).isEqualTo(made);
        assertThat(second).hasSize(1);
        assertThat(rooms(first, second)).containsExactlyInAnyOrder(1, 2, 3);
        all.bench.clock.advance(Duration.ofSeconds(6));
        assertThat(lease("a", 9)).as("renewed").isEqualTo(first);
        all.bench.clock.advance(Duration.ofSeconds(6));
        assertThat(lease("a", 9, 4)).as("its own, the one of b, and that of a new room").hasSize(4)
                .extracting(Walk::getEpoch).containsExactlyInAnyOrder(1L, 1L, 2L, 1L);
        assertThat(lease("b", 9)).isEmpty();
    }

    @Test
    void givesAllTheirTurnWhenThereAreMoreThanACenterMayHave() throws Exception {
        Broadcast slow = all.create(all.given());
        int[] rooms = java.util.stream.IntStream.rangeClosed(1, 12).toArray();
        Broadcast paused = all.change(all.create(all.given()), State.PAUSED);
        var epochs = new ArrayList<Long>();
        var turns = new HashMap<WalkRow.Key, Integer>();
        for (int round = 0; round < 15; round++) {
            List<Walk> leased = lease("a", 4, rooms);
            assertThat(leased).hasSize(4);
            report("a", leased.stream().map(Walk::toBuilder).toArray(Walk.Builder[]::new));
            leased.forEach(walk -> {
                epochs.add(walk.getEpoch());
                turns.merge(WalkRow.Key.of(walk), 1, Integer::sum);
            });
            all.bench.clock.advance(Duration.ofSeconds(1));
        }

        assertThat(turns).as("12 rooms of each").hasSize(24);
        assertThat(epochs).as("its own stay its own").containsOnly(1L);
        assertThat(turns.entrySet().stream().filter(turn -> turn.getKey().broadcast() == slow.getBroadcastId())
                .mapToInt(Map.Entry::getValue)).as("one that goes on waits for no paused one").containsOnly(4);
        assertThat(turns.entrySet().stream().filter(turn -> turn.getKey().broadcast() == paused.getBroadcastId())
                .mapToInt(Map.Entry::getValue)).containsOnly(1);
        assertThat(lease("b", 99)).as("leases that ran out meanwhile").hasSize(12).allMatch(
                walk -> walk.getBroadcast().getBroadcastId() == paused.getBroadcastId() && walk.getEpoch() == 2);
        assertThat(all.bench.metrics.counter(SaverMetric.WALKS_CUT, "why", "limit").count()).isEqualTo(15);
    }

    @Test
    void fencesTheCenterWhoseLeaseWasTakenOver() throws Exception {
        all.create(all.given());
        Walk old = lease("a", 1, 7).getFirst();
        all.bench.clock.advance(LEASE);

        Walk taken = lease("b", 1).getFirst();
        assertThat(taken.getEpoch()).isEqualTo(2);
        Walk late = report("a", old.toBuilder().setWritten(50).setFinished(true)).getFirst();
        Walk alike = report("b", old.toBuilder().setWritten(60)).getFirst();
        Walk good = report("b", taken.toBuilder().setWritten(9)).getFirst();

        assertThat(late.getBroadcast().getState()).isEqualTo(State.ABSENT);
        assertThat(late.getRoomIncarnation()).isEqualTo(7);
        assertThat(alike.getBroadcast().getState()).as("an old epoch").isEqualTo(State.ABSENT);
        assertThat(good.getBroadcast().getState()).isEqualTo(State.RUNNING);
        assertThat(good.getWritten()).isEqualTo(9);
        assertThat(lease("a", 1)).isEmpty();
    }

    @Test
    void givesEachWalkOnceToManyCentersAtOnce() throws Exception {
        all.create(all.given());
        int[] rooms = java.util.stream.IntStream.rangeClosed(1, 60).toArray();
        var leases = new ArrayList<CompletableFuture<LeaseWalksReply>>();
        for (int i = 0; i < 12; i++) {
            leases.add(all.walks.lease(request("center-" + i, 20, rooms)));
        }
        var given = new ArrayList<Integer>();
        for (var each : leases) {
            get(each).getWalksList().forEach(walk -> given.add(walk.getRoomIncarnation()));
        }
        for (int i = 0; i < 4; i++) {
            lease("late-" + i, 20).forEach(walk -> given.add(walk.getRoomIncarnation()));
        }

        assertThat(given).hasSize(60).doesNotHaveDuplicates();
    }

    @Test
    void answersAReportWithTheBroadcastAsItIsNowAndRenews() throws Exception {
        Broadcast made = all.create(all.given());
        List<Walk> walks = lease("a", 9, 1, 2);
        all.bench.clock.advance(Duration.ofSeconds(8));
        Broadcast paused = all.change(made, State.PAUSED);

        List<Walk> answers = report("a", walks.get(0).toBuilder(), walks.get(1).toBuilder(),
                walks.get(0).toBuilder().setRoomIncarnation(99));
        all.bench.clock.advance(Duration.ofSeconds(8));

        assertThat(answers).extracting(walk -> walk.getBroadcast().getState()).containsExactly(State.PAUSED,
                State.ABSENT, State.ABSENT);
        assertThat(answers.get(0).getBroadcast()).isEqualTo(paused);
        assertThat(answers.get(1).getBroadcast()).as("the same again, by its id")
                .isEqualTo(Broadcast.newBuilder().setBroadcastId(made.getBroadcastId()).build());
        assertThat(answers.get(2).hasBroadcast()).isFalse();
        assertThat(lease("b", 9)).as("a report renews").isEmpty();
        assertThat(lease("a", 9)).as("a paused one is leased too").hasSize(2);
        all.change(paused, State.CANCELLED);
        assertThat(lease("a", 9)).isEmpty();
        assertThat(report("a", walks.get(0).toBuilder()).getFirst().getBroadcast().getState())
                .isEqualTo(State.CANCELLED);
    }

    @Test
    void tellsEveryCenterForAWhileWhatHasChanged() throws Exception {
        Broadcast made = all.create(all.given());
        all.change(changeOf(all.create(all.given().setState(State.HELD))).setReason("wait"));
        assertThat(changed("a")).as("what is new is walked").isEmpty();

        Broadcast walked = all.change(made, State.WALKED);
        Broadcast cancelled = all.change(walked, State.CANCELLED);

        assertThat(changed("a")).as("nothing is walked any more").containsExactly(cancelled);
        all.bench.clock.advance(Walks.CHANGED.minusMillis(1));
        assertThat(changed("b")).containsExactly(cancelled);
        all.bench.clock.advance(Duration.ofMillis(1));
        assertThat(changed("b")).isEmpty();
    }

    private List<Broadcast> changed(String center) throws Exception {
        return get(all.walks.lease(request(center, 9, 1))).getChangedList();
    }

    @Test
    void countsTheSessionsOfARoomThatIsGoneWhereTheyAreNow() throws Exception {
        Broadcast made = all.create(all.given());
        Walk dead = lease("a", 9, 1).getFirst();
        report("a", dead.toBuilder().setTotal(100).setVisited(60).setWritten(50).setSeen(4).setNotInAudience(6)
                .setBehind(3).putFailed(2, 1).setGone(true));
        Walk anew = lease("a", 9, 2).getFirst();

        report("a", anew.toBuilder().setTotal(100).setVisited(80).setWritten(30).setSeen(45).setNotInAudience(5));

        assertThat(all.progress(made)).returns(100L, BroadcastProgress::getTotal)
                .returns(80L, BroadcastProgress::getVisited).returns(45L, BroadcastProgress::getSeen)
                .returns(5L, BroadcastProgress::getNotInAudience).returns(0L, BroadcastProgress::getBehind)
                .returns(80L, BroadcastProgress::getWritten);
        assertThat(all.progress(made).getFailedMap()).containsEntry(2, 1L);
    }

    @Test
    void countsTheSessionsOfARoomOnceThatRestartsAfterItsWalk() throws Exception {
        Broadcast made = all.create(all.given());
        Walk before = named("a", 7, 8).stream().filter(walk -> walk.getRoomIncarnation() == 7).findFirst()
                .orElseThrow();
        report("a", before.toBuilder().setTotal(100).setVisited(100).setWritten(100).setFinished(true));
        all.bench.clock.advance(Duration.ofSeconds(1));

        Walk after = named("a", 9, 8).stream().filter(walk -> walk.getRoomIncarnation() == 9).findFirst()
                .orElseThrow();
        report("a", after.toBuilder().setTotal(100).setVisited(40).setSeen(40));

        assertThat(all.progress(made)).returns(100L, BroadcastProgress::getTotal)
                .returns(40L, BroadcastProgress::getVisited).returns(40L, BroadcastProgress::getSeen)
                .returns(100L, BroadcastProgress::getWritten);
        report("a", after.toBuilder().setTotal(100).setVisited(100).setSeen(100).setFinished(true));
        assertThat(all.progress(made)).returns(100L, BroadcastProgress::getVisited)
                .returns(100L, BroadcastProgress::getSeen).returns(3, BroadcastProgress::getRooms);
    }

    // The first room is always the same one, in another incarnation.
    private List<Walk> named(String center, int first, int second) throws Exception {
        return get(all.walks.lease(request(center, 9, first, second).toBuilder().addInstances("room-a")
                .addInstances("room-b").build())).getWalksList();
    }

    @Test
    void sumsTheWalksOfAllStagesAndTellsWhenTheLastRoomHadWalked() throws Exception {
        Broadcast canary = all.create(all.given().setCanary(Canary.newBuilder().setPercent(10)));
        Walk first = lease("a", 9, 1).getFirst();
        report("a", first.toBuilder().setTotal(100).setVisited(100).setWritten(10).setSeen(1).setBehind(5)
                .setNotInAudience(3).setDroppedAfter(2).putFailed(2, 4));
        report("a", first.toBuilder().setTotal(90).setVisited(100).setWritten(9).setBehind(1).putFailed(2, 3)
                .putFailed(3, 1).setFinished(true));
        BroadcastProgress half = all.progress(canary);
        assertThat(half.getRooms()).isEqualTo(1);
        assertThat(half.getRoomsFinished()).isEqualTo(1);
        long began = all.bench.clock.wallMillis();
        assertThat(half.getFinishedMs()).as("the canary").isEqualTo(began);
        assertThat(half.getFirstWrittenMs()).isEqualTo(began);

        all.bench.clock.advance(Duration.ofMinutes(5));
        Broadcast open = all.change(changeOf(canary).setStage(1));
        List<Walk> second = lease("a", 9, 1, 2);
        assertThat(second).hasSize(2).allMatch(walk -> walk.getStage() == 1);
        report("a", second.get(0).toBuilder().setTotal(100).setVisited(100).setWritten(80).setFinished(true));
        assertThat(all.progress(open).getFinishedMs()).isZero();
        all.bench.clock.advance(Duration.ofSeconds(1));
        report("a", second.get(1).toBuilder().setGone(true));

        BroadcastProgress whole = all.progress(open);
        assertThat(whole).isEqualTo(BroadcastProgress.newBuilder().setBroadcast(open).setRooms(2).setRoomsFinished(2)
                .setTotal(190).setVisited(200).setWritten(90).setSeen(1).setBehind(1).setNotInAudience(3)
                .setDroppedAfter(2).putFailed(2, 4).putFailed(3, 1).setFirstWrittenMs(began)
                .setFinishedMs(all.bench.clock.wallMillis()).build());
        assertThat(lease("a", 9, 1)).as("all are done").isEmpty();
        assertThat(lease("a", 9, 3)).as("a room that is new has phones too").hasSize(1);
    }

    @Test
    void hearsWhatPhonesAnswerToACanaryForAsLongAsItLasts() throws Exception {
        Broadcast canary = all.create(all.given().setCanary(Canary.newBuilder().setPercent(10).setWait(true)));
        Walk walk = lease("a", 9, 1).getFirst();
        report("a", walk.toBuilder().setTotal(9).setVisited(9).setWritten(9).setFinished(true));
        long finished = all.bench.clock.wallMillis();
        all.bench.clock.advance(LEASE);

        Walk asked = lease("b", 9, 1).getFirst();
        report("b", asked.toBuilder().putFailed(2, 4).setDroppedAfter(3));

        assertThat(asked.getFinished()).isTrue();
        assertThat(asked.getEpoch()).isEqualTo(2);
        assertThat(all.progress(canary)).returns(1, BroadcastProgress::getRoomsFinished)
                .returns(finished, BroadcastProgress::getFinishedMs).returns(3L, BroadcastProgress::getDroppedAfter)
                .returns(Map.of(2, 4L), BroadcastProgress::getFailedMap);
        assertThat(get(all.walks.lease(request("b", 9, 1))).getWalkedList()).containsExactly(canary.getBroadcastId());
        Broadcast open = all.change(changeOf(canary).setStage(1));
        assertThat(lease("b", 9, 1)).singleElement().returns(1, Walk::getStage);
        report("b", lease("b", 9, 1).getFirst().toBuilder().setFinished(true));
        assertThat(lease("b", 9, 1)).as("of everybody").isEmpty();
        assertThat(open.getStage()).isEqualTo(1);
    }

    @Test
    void leasesAWalkAgainWhoseRoomLivesAfterAll() throws Exception {
        all.create(all.given());
        List<Walk> walks = lease("a", 9, 1, 2);
        report("a", walks.get(0).toBuilder().setGone(true), walks.get(1).toBuilder().setFinished(true));

        assertThat(lease("a", 9)).as("as long as nobody sees it").isEmpty();
        assertThat(lease("b", 9, 1, 2)).as("while the other one has the lease").isEmpty();
        all.bench.clock.advance(LEASE);
        List<Walk> again = lease("b", 9, 1, 2);
        assertThat(again).singleElement().returns(1, Walk::getRoomIncarnation).returns(2L, Walk::getEpoch)
                .returns(false, Walk::getGone);
        report("b", again.getFirst().toBuilder().setFinished(true));

        all.bench.clock.advance(Duration.ofHours(19));
        assertThat(lease("b", 9, 1, 2)).isEmpty();
        all.bench.clock.advance(Duration.ofHours(2));
        assertThat(lease("b", 9, 2)).as("the number of a room that may be another one").singleElement()
                .returns(2, Walk::getRoomIncarnation).returns(false, Walk::getFinished);
    }

    @Test
    void saysWhatIsWrongWithALease() {
        assertThatThrownBy(() -> lease("", 9)).hasMessageContaining("center:  (expected: 1 to 120");
        assertThatThrownBy(() -> get(all.walks.lease(request("a", 9).toBuilder().setLeaseMs(5).build())))
                .hasMessageContaining("lease_ms: 5 (expected: 1000 to 60000)");
    }

    private List<Walk> lease(String center, int limit, int... rooms) throws Exception {
        return get(all.walks.lease(request(center, limit, rooms))).getWalksList();
    }

    private static LeaseWalksRequest request(String center, int limit, int... rooms) {
        var request = LeaseWalksRequest.newBuilder().setCenter(center).setLeaseMs((int) LEASE.toMillis())
                .setLimit(limit);
        for (int room : rooms) {
            request.addRooms(room);
        }
        return request.build();
    }

    private List<Walk> report(String center, Walk.Builder... walks) throws Exception {
        var request = ReportWalksRequest.newBuilder().setCenter(center).setLeaseMs((int) LEASE.toMillis());
        for (Walk.Builder walk : walks) {
            request.addWalks(walk.clone().clearBroadcast());
        }
        return get(all.walks.report(request.build())).getWalksList();
    }

    private static List<Integer> rooms(List<Walk> some, List<Walk> others) {
        var rooms = new ArrayList<Integer>();
        some.forEach(walk -> rooms.add(walk.getRoomIncarnation()));
        others.forEach(walk -> rooms.add(walk.getRoomIncarnation()));
        return rooms;
    }
}
