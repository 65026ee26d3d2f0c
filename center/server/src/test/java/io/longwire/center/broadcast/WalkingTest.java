package io.longwire.center.broadcast;

import io.longwire.center.CenterMetric;
import io.longwire.center.fakes.FakeBroadcastRooms;
import io.longwire.center.fakes.FakeBroadcastStore;
import io.longwire.center.fakes.FakeFeedback;
import io.longwire.center.fakes.FakeMetrics;
import io.longwire.center.list.ListWalks;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.rpc.coordinator.AppFeedback;
import io.longwire.rpc.room.WalkStatus;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Broadcast.State;
import io.longwire.rpc.saver.BroadcastChange;
import io.longwire.rpc.saver.Canary;
import io.longwire.rpc.saver.Pace;
import io.longwire.rpc.saver.Walk;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class WalkingTest {
    private static final long ID = 77;
    private static final int A = 11;
    private static final int B = 12;
    private static final int MISSING = 2;

    private final VirtualClock clock = new VirtualClock();
    private final FakeBroadcastStore store = new FakeBroadcastStore(clock);
    private final FakeBroadcastRooms rooms = new FakeBroadcastRooms();
    private final FakeMetrics metrics = new FakeMetrics();
    private final FakeFeedback feedback = new FakeFeedback();
    private final AtomicBoolean cutOff = new AtomicBoolean();

    private Walking center(String name) {
        ListWalks none = MadeWalks.none(clock, metrics);
        var paces = new ProductPaces(feedback, clock, metrics).start();
        var telling = new Telling(rooms, none, paces);
        return new Walking(store, rooms, telling, none,
                new Walking.Pacing(new Stages(store, paces, clock, metrics, telling::tell), paces),
                new Walking.Self(() -> name, cutOff::get), new Walking.Tools(clock, HaltPoints.none(), metrics))
                .start();
    }

    private void broadcast(Broadcast.Builder given) {
        store.create(given.setBroadcastId(ID).setAppId(3).setState(State.RUNNING).setStageMs(clock.wallMillis())
                .build()).join();
    }

    private static Broadcast.Builder everybody() {
        return Broadcast.newBuilder().setStage(1);
    }

    private static WalkStatus.Builder finished(long written) {
        return WalkStatus.newBuilder().setFinished(true).setVisited(written).setTotal(written).setWritten(written)
                .setAcked(written);
    }

    private Walk walk(int room) {
        return store.walks().stream().filter(walk -> walk.getRoomIncarnation() == room).reduce((a, b) -> b)
                .orElseThrow();
    }

    @Test
    void ordersEveryRoomEverySecondUntilItHasWalked() {
        rooms.room(A, 100);
        rooms.room(B, 300);
        broadcast(everybody());
        center("c1");
        clock.advance(Duration.ofSeconds(2));
        rooms.status(A, finished(100).build());
        clock.advance(Duration.ofSeconds(2));

        assertThat(rooms.walked()).filteredOn(order -> order.room() == A).hasSize(3);
        assertThat(rooms.walked()).filteredOn(order -> order.room() == B).hasSize(4);
        assertThat(walk(A).getWritten()).isEqualTo(100);
        assertThat(store.broadcast(ID).getState()).isEqualTo(State.RUNNING);
        rooms.status(B, finished(300).build());
        clock.advance(Duration.ofSeconds(2));
        assertThat(store.broadcast(ID).getState()).isEqualTo(State.WALKED);
        assertThat(rooms.told()).extracting(FakeBroadcastRooms.Order::room).containsExactly(A, B);
        assertThat(metrics.count(CenterMetric.BROADCAST_STAGES, "walked")).isEqualTo(1);
    }

    @Test
    void sharesThePaceByTheSessionsOfTheRooms() {
        rooms.room(A, 100);
        rooms.room(B, 300);
        broadcast(everybody().setPace(Pace.newBuilder().setRatePerSecond(1_000)));
        center("c1");

        clock.advance(Duration.ofSeconds(1));

        assertThat(rooms.walked()).extracting(order -> order.order().getRatePerSecond()).containsExactly(250, 750);
    }

    @Test
    void takesADurationFromTheSessionsOfTheAppInEachRoom() {
        rooms.room(A, 600);
        rooms.status(A, WalkStatus.newBuilder().setWalking(true).setTotal(300).build());
        broadcast(everybody().setPace(Pace.newBuilder().setDurationS(60)));
        center("c1");

        clock.advance(Duration.ofSeconds(2));

        assertThat(rooms.walked()).extracting(order -> order.order().getRatePerSecond())
                .as("the room's own count, until it is known").containsExactly(0, 5);
    }

    @Test
    void anotherCenterTakesOverUnderAHigherEpochWhenOneDies() {
        rooms.room(A, 100);
        broadcast(everybody());
        Walking first = center("c1");
        center("c2");
        clock.advance(Duration.ofSeconds(3));
        assertThat(walk(A).getEpoch()).isEqualTo(1);
        first.close();

        clock.advance(Walking.LEASE.plusSeconds(1));

        assertThat(walk(A).getEpoch()).isEqualTo(2);
        assertThat(rooms.walked().getLast().order().getEpoch()).isEqualTo(2);
    }

    @Test
    void leasesNothingWhileItIsCutOff() {
        rooms.room(A, 100);
        broadcast(everybody());
        cutOff.set(true);
        center("c1");

        clock.advance(Duration.ofSeconds(5));

        assertThat(rooms.walked()).isEmpty();
        cutOff.set(false);
        clock.advance(Duration.ofSeconds(1));
        assertThat(rooms.walked()).hasSize(1);
    }

    @Test
    void leavesThePhonesOfARoomThatIsGoneToTheirNextLogin() {
        rooms.room(A, 100);
        rooms.room(B, 100);
        broadcast(everybody());
        center("c1");
        clock.advance(Duration.ofSeconds(1));
        rooms.leave(A);
        rooms.status(B, finished(100).build());

        clock.advance(Duration.ofSeconds(4));

        assertThat(walk(A).getGone()).isTrue();
        assertThat(store.broadcast(ID).getState()).isEqualTo(State.WALKED);
    }

    @Test
    void takesARoomThatItNeverSawForGoneAfterAWhile() {
        rooms.room(A, 100);
        rooms.room(B, 100);
        broadcast(everybody());
        Walking first = center("c1");
        clock.advance(Duration.ofSeconds(1));
        first.close();
        rooms.leave(A);
        rooms.silent(A);
        rooms.status(B, finished(100).build());
        center("c2");

        clock.advance(AbsentRooms.PATIENCE.plusSeconds(5));
        assertThat(walk(A).getGone()).isFalse();
        clock.advance(Walking.LEASE);

        assertThat(walk(A).getGone()).isTrue();
        assertThat(store.broadcast(ID).getState()).isEqualTo(State.WALKED);
    }

    @Test
    void isNotOverWhileNoRoomIsSeen() {
        broadcast(everybody());
        center("c1");
        clock.advance(Duration.ofSeconds(30));
        assertThat(store.broadcast(ID).getState()).isEqualTo(State.RUNNING);
        rooms.room(A, 100);
        rooms.status(A, finished(100).build());

        clock.advance(Duration.ofSeconds(2));

        assertThat(store.broadcast(ID).getState()).isEqualTo(State.WALKED);
    }

    @Test
    void tellsTheRoomWhatChangedSinceItsOrderAlthoughNobodyElseDid() {
        rooms.room(A, 100);
        broadcast(everybody());
        center("c1");
        clock.advance(Duration.ofSeconds(1));
        rooms.onWalk(() -> store.change(BroadcastChange.newBuilder().setBroadcastId(ID)
                .setState(State.CANCELLED).build()).join());

        clock.advance(Duration.ofSeconds(1));

        assertThat(rooms.told()).extracting(order -> order.order().getBroadcast().getState())
                .containsExactly(State.CANCELLED);
    }

    @Test
    void tellsEveryRoomWhatACenterChangedThatDiedBeforeItTold() {
        rooms.room(A, 100);
        rooms.room(B, 300);
        rooms.status(A, finished(100).build());
        broadcast(everybody());
        center("c1");
        center("c2");
        clock.advance(Duration.ofSeconds(2));
        store.change(BroadcastChange.newBuilder().setBroadcastId(ID).setState(State.PAUSED).build()).join();

        clock.advance(Duration.ofSeconds(1));

        assertThat(rooms.told()).filteredOn(order -> order.room() == A).as("it has walked: nobody leases its walk")
                .isNotEmpty().allMatch(order -> order.order().getBroadcast().getState() == State.PAUSED);
        rooms.status(B, finished(300).build());
        store.change(BroadcastChange.newBuilder().setBroadcastId(ID).setState(State.WALKED).build()).join();
        clock.advance(Duration.ofSeconds(5));
        int before = rooms.told().size();
        store.change(BroadcastChange.newBuilder().setBroadcastId(ID).setState(State.CANCELLED).build()).join();

        clock.advance(Duration.ofSeconds(1));

        assertThat(rooms.told().subList(before, rooms.told().size())).as("by each center, once")
                .allMatch(order -> order.order().getBroadcast().getState() == State.CANCELLED)
                .extracting(FakeBroadcastRooms.Order::room).containsExactlyInAnyOrder(A, B, A, B);
        clock.advance(Duration.ofSeconds(20));
        assertThat(rooms.told()).hasSize(before + 4);
    }

    @Test
    void tellsRoomsOfAChangeWhileItsRoundWaitsForOneThatHangs() {
        rooms.room(A, 100);
        rooms.room(B, 300);
        rooms.hang(A);
        broadcast(everybody());
        center("c1");
        new Changes(store, rooms, new Telling(rooms, MadeWalks.none(clock, metrics),
                new ProductPaces(feedback, clock, metrics)), clock, metrics).start();
        clock.advance(Duration.ofSeconds(1));
        store.change(BroadcastChange.newBuilder().setBroadcastId(ID).setState(State.PAUSED).build()).join();

        clock.advance(Changes.EVERY);

        assertThat(rooms.told()).extracting(FakeBroadcastRooms.Order::room).containsExactly(A, B);
        clock.advance(Changes.WITHIN.plusSeconds(1));
        assertThat(rooms.told()).as("once").hasSize(2);
        store.away(true);
        clock.advance(Duration.ofSeconds(1));
        assertThat(metrics.count(CenterMetric.CHANGE_LOOKS_FAILED)).isBetween(2L, 3L);
    }

    @Test
    void tellsARoomAgainThatDidNotAnswer() {
        rooms.room(A, 100);
        rooms.silent(A);
        broadcast(everybody());
        center("c1");
        store.change(BroadcastChange.newBuilder().setBroadcastId(ID).setState(State.CANCELLED).build()).join();
        clock.advance(Duration.ofSeconds(3));
        int tried = rooms.told().size();
        assertThat(tried).isGreaterThanOrEqualTo(4);
        rooms.status(A, finished(100).build());

        clock.advance(Duration.ofSeconds(3));

        assertThat(rooms.told()).hasSize(tried + 1);
    }

    @Test
    void keepsASlowPaceOverManyRooms() {
        for (int room = 1; room <= 100; room++) {
            rooms.room(room, room == 100 ? 0 : 1_000 + room);
        }
        broadcast(everybody().setPace(Pace.newBuilder().setRatePerSecond(10)));
        center("c1");

        clock.advance(Duration.ofSeconds(1));

        assertThat(rooms.walked()).hasSize(100).allMatch(order -> order.order().getRate() > 0);
        assertThat(rooms.walked().stream().mapToDouble(order -> order.order().getRate()).sum()).isCloseTo(10,
                within(1e-9));
    }

    @Test
    void keepsOnWhenARoomOrTheSaverDoesNotAnswer() {
        rooms.room(A, 100);
        rooms.room(B, 100);
        rooms.silent(A);
        broadcast(everybody());
        center("c1");
        clock.advance(Duration.ofSeconds(2));
        store.away(true);
        clock.advance(Duration.ofSeconds(3));
        assertThat(metrics.count(CenterMetric.WALK_ROUNDS_FAILED)).isEqualTo(3);
        store.away(false);
        rooms.room(A, 100);
        rooms.status(A, finished(100).build());
        rooms.status(B, finished(100).build());

        clock.advance(Duration.ofSeconds(2));

        assertThat(store.broadcast(ID).getState()).isEqualTo(State.WALKED);
        assertThat(metrics.count(CenterMetric.WALKS_ORDERED, "no_answer")).isEqualTo(2);
    }

    @Test
    void holdsTheCanaryThenGoesOnToEverybody() {
        rooms.room(A, 100);
        rooms.status(A, finished(10).build());
        broadcast(Broadcast.newBuilder().setCanary(Canary.newBuilder().setPercent(10).setHoldS(60)));
        center("c1");
        clock.advance(Duration.ofSeconds(60));
        assertThat(store.broadcast(ID).getStage()).isZero();

        clock.advance(Duration.ofSeconds(10));

        assertThat(store.broadcast(ID).getState()).isEqualTo(State.WALKED);
        assertThat(store.broadcast(ID).getStage()).isEqualTo(1);
        assertThat(store.walks()).extracting(Walk::getStage).containsExactly(0, 1);
    }

    @Test
    void waitsForAWordWhenTheCanaryIsToWait() {
        rooms.room(A, 100);
        rooms.status(A, finished(10).build());
        broadcast(Broadcast.newBuilder().setCanary(Canary.newBuilder().setPercent(10).setWait(true)));
        center("c1");

        clock.advance(Duration.ofHours(1));

        assertThat(store.broadcast(ID).getStage()).isZero();
        store.change(BroadcastChange.newBuilder().setBroadcastId(ID).setStage(1).build()).join();
        clock.advance(Duration.ofSeconds(6));
        assertThat(store.broadcast(ID).getState()).isEqualTo(State.WALKED);
    }

    @Test
    void stopsTheCanaryWhenTooManyCouldNotTakeIt() {
        rooms.room(A, 1_000);
        rooms.status(A, WalkStatus.newBuilder().setWalking(true).setTotal(1_000).setVisited(100).setWritten(100)
                .setAcked(90).putFailed(MISSING, 10).build());
        broadcast(Broadcast.newBuilder().setCanary(Canary.newBuilder().setPercent(10).setMaxFailedPercent(5)));
        center("c1");

        clock.advance(Duration.ofSeconds(3));

        assertThat(store.broadcast(ID).getState()).isEqualTo(State.PAUSED);
        assertThat(store.broadcast(ID).getReason())
                .isEqualTo("canary: failed 10 of 100, 10.00 % (expected: at most 5.00 %)");
        assertThat(rooms.told().getLast().order().getBroadcast().getState()).isEqualTo(State.PAUSED);
        assertThat(metrics.count(CenterMetric.BROADCAST_STAGES, "stopped")).isEqualTo(1);
    }

    @Test
    void stopsTheCanaryWhenTooManyLoseTheirConnection() {
        rooms.room(A, 1_000);
        rooms.status(A, WalkStatus.newBuilder().setWalking(true).setTotal(1_000).setVisited(100).setWritten(100)
                .setAcked(97).setDroppedAfter(3).build());
        broadcast(Broadcast.newBuilder().setCanary(Canary.newBuilder().setPercent(10).setMaxDroppedPercent(2)));
        center("c1");

        clock.advance(Duration.ofSeconds(3));

        assertThat(store.broadcast(ID).getReason()).startsWith("canary: dropped 3 of 100, 3.00 %");
    }

    @Test
    void stopsTheCanaryByWhatIsAnsweredAfterItsWalkAndGoesOnInSpiteOfItWhenItIsResumed() {
        rooms.room(A, 1_000);
        rooms.status(A, finished(100).build());
        broadcast(Broadcast.newBuilder().setCanary(Canary.newBuilder().setPercent(10).setWait(true)
                .setMaxFailedPercent(5)));
        center("c1");
        clock.advance(Duration.ofSeconds(10));
        assertThat(store.broadcast(ID).getState()).isEqualTo(State.RUNNING);
        rooms.status(A, finished(100).putFailed(MISSING, 10).build());

        clock.advance(Duration.ofSeconds(2));

        assertThat(store.broadcast(ID).getReason()).startsWith("canary: failed 10 of 110, 9.09 %");
        store.change(BroadcastChange.newBuilder().setBroadcastId(ID).setState(State.RUNNING).setOverruled(true)
                .build()).join();
        clock.advance(Duration.ofSeconds(10));
        assertThat(store.broadcast(ID).getState()).isEqualTo(State.RUNNING);
    }

    @Test
    void aFewAnswersSayNothing() {
        rooms.room(A, 1_000);
        rooms.status(A, WalkStatus.newBuilder().setWalking(true).setTotal(1_000).setVisited(19).setWritten(19)
                .putFailed(MISSING, 19).build());
        broadcast(Broadcast.newBuilder().setCanary(Canary.newBuilder().setPercent(10).setMaxFailedPercent(5)));
        center("c1");

        clock.advance(Duration.ofSeconds(3));

        assertThat(store.broadcast(ID).getState()).isEqualTo(State.RUNNING);
    }

    @Test
    void goesAtThePaceThatTheProductsBackendAsksForFromItsFirstOrderOn() {
        rooms.room(A, 100);
        rooms.room(B, 300);
        feedback.says(said(1).setPushPace(200).build());
        broadcast(everybody().setPace(Pace.newBuilder().setRatePerSecond(1_000)));
        center("c1");

        clock.advance(Duration.ofSeconds(1));
        assertThat(rooms.walked()).extracting(order -> order.order().getRate()).containsExactly(50.0, 150.0);

        feedback.says(said(1).setPushPace(5_000).build());
        clock.advance(Duration.ofSeconds(2));
        assertThat(rooms.walked().getLast().order().getRate()).as("never above what its operator says")
                .isEqualTo(750.0);
    }

    @Test
    void slowsDownAtOnceAndRecoversStepByStepWhenNothingIsHeardAnyMore() {
        rooms.room(A, 100);
        broadcast(everybody().setPace(Pace.newBuilder().setRatePerSecond(1_000)));
        center("c1");
        clock.advance(Duration.ofSeconds(2));
        assertThat(rate()).isEqualTo(1_000);
        feedback.says(said(0.1).setWhy("errors").build());

        clock.advance(Duration.ofSeconds(2));
        assertThat(rate()).isEqualTo(100);
        feedback.says();
        clock.advance(Duration.ofSeconds(5));
        assertThat(rate()).as("what was said stands for its time").isEqualTo(100);
        clock.advance(Duration.ofSeconds(10));
        assertThat(rate()).isBetween(200.0, 320.0);

        clock.advance(Duration.ofSeconds(50));
        assertThat(rate()).isEqualTo(1_000);
    }

    @Test
    void goesOnAsItsOperatorSaysWhileNoCoordinatorAnswers() {
        rooms.room(A, 100);
        feedback.hang();
        broadcast(everybody().setPace(Pace.newBuilder().setRatePerSecond(1_000)));
        center("c1");

        org.awaitility.Awaitility.await().untilAsserted(() -> { // the patience is on the system's clock
            clock.advance(Duration.ofSeconds(1));
            assertThat(rooms.walked()).isNotEmpty();
        });

        assertThat(rate()).isEqualTo(1_000);
    }

    @Test
    void stopsTheCanaryWhenTooManyCallbacksOfItsAppFail() {
        rooms.room(A, 1_000);
        rooms.status(A, WalkStatus.newBuilder().setWalking(true).setTotal(1_000).setVisited(100).setWritten(100)
                .setAcked(100).build());
        broadcast(Broadcast.newBuilder().setCanary(Canary.newBuilder().setPercent(10).setMaxCallbackErrorPercent(5)));
        feedback.says(said(1).addRequests(0).addFailed(0).addRequests(10).addFailed(0).addRequests(30).addFailed(3)
                .addRequests(1_000).addFailed(1_000).build());
        center("c1");
        clock.advance(Duration.ofMillis(2_900));
        assertThat(store.broadcast(ID).getState()).as("what failed before it began says nothing of it")
                .isEqualTo(State.RUNNING);

        clock.advance(Duration.ofMillis(1_200));

        assertThat(store.broadcast(ID).getState()).isEqualTo(State.PAUSED);
        assertThat(store.broadcast(ID).getReason()).startsWith("canary: callback errors 3 of 40, 7.50 %");
    }

    private double rate() {
        return rooms.walked().getLast().order().getRate();
    }

    private static AppFeedback.Builder said(double share) {
        return AppFeedback.newBuilder().setAppId(3).setShare(share).setTtlMs(5_000);
    }
}
