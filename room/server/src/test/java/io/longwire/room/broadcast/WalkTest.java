package io.longwire.room.broadcast;

import io.longwire.device.BroadcastSeen;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.room.client.audience.Share;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.rig.Phone;
import io.longwire.room.rig.RoomRig;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.audience.Compare;
import io.longwire.rpc.room.BroadcastOrder;
import io.longwire.rpc.room.CountReply;
import io.longwire.rpc.room.CountRequest;
import io.longwire.rpc.room.WalkStatus;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Canary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WalkTest {
    private static final Audience REGULARS = Audience.newBuilder().setTag("regular").build();

    private final RoomRig rig = new RoomRig();

    @Test
    void everySessionOfTheAppGetsItOnce() {
        List<Phone> phones = phones(20, 0);
        phones.addAll(phones(20, 1));
        Phone other = rig.phone().connect(rig.binding(900, 13, rig.now()).build());

        WalkStatus status = rig.walk(RoomRig.broadcast(2));
        rig.advance(Duration.ofSeconds(10));

        assertThat(phones).allSatisfy(phone -> assertThat(phone.broadcasts()).containsExactly(2L));
        assertThat(phones.getFirst().pushes().getFirst().getSeq()).isZero();
        assertThat(other.pushes()).isEmpty();
        assertThat(status.getFinished()).isTrue();
        assertThat(status.getVisited()).isEqualTo(40);
        assertThat(status.getTotal()).isEqualTo(40);
        assertThat(status.getWritten()).isEqualTo(40);
    }

    @Test
    void nothingIsWalkedThatWasOnlyPutInForce() {
        Phone phone = rig.loggedIn(5);

        WalkStatus status = rig.put(RoomRig.broadcast(2));

        assertThat(phone.broadcasts()).isEmpty();
        assertThat(status.getWalking()).isFalse();
        assertThat(status.getFinished()).isFalse();
    }

    @Test
    void aLoopThatIsLateDoesNotWalkUntilATickIsInTime() {
        List<Phone> phones = phones(3, 0);
        rig.desk.take(rig.order(RoomRig.broadcast(2)).build(), true);
        rig.step(); // has heard of it, and waits for its turn

        rig.clock.advance(Duration.ofMillis(100));
        rig.settle();
        assertThat(reached(phones)).isZero();
        rig.advance(Duration.ofMillis(50)); // this tick is late by 100 ms
        assertThat(reached(phones)).isZero();
        rig.advance(Duration.ofMillis(50));

        assertThat(reached(phones)).isEqualTo(3);
    }

    @Test
    void aChunkIsBoundedAndOthersHaveTheirTurnBetweenTwo() {
        List<Phone> phones = phones(200, 0);
        rig.desk.take(rig.order(RoomRig.broadcast(2)).build(), true);
        long most = 0;
        long before = 0;
        for (int i = 0; i < 20; i++) {
            rig.step();
            long now = reached(phones);
            most = Math.max(most, now - before);
            before = now;
        }

        assertThat(before).isEqualTo(200);
        assertThat(most).isEqualTo(64);
    }

    @Test
    void severalWalksGoOnSideBySide() {
        List<Phone> phones = phones(10, 0);
        rig.order(rig.order(RoomRig.broadcast(2)).setRatePerSecond(2), true);

        rig.walk(RoomRig.broadcast(3));

        assertThat(phones).allSatisfy(phone -> assertThat(phone.broadcasts()).contains(3L));
        rig.advance(Duration.ofSeconds(12));
        assertThat(phones).allSatisfy(phone -> assertThat(phone.broadcasts()).containsExactlyInAnyOrder(2L, 3L));
    }

    @Test
    void aRoomThatNoCenterAskedWalksByItselfOnceAllOthersHave() {
        List<Phone> phones = phones(5, 0);
        Phone before = rig.phone(1).connect(binding(700).build());

        rig.keep(RoomRig.broadcast(2).setState(Broadcast.State.WALKED));
        rig.advance(Duration.ofSeconds(6));

        assertThat(phones).allSatisfy(phone -> assertThat(phone.broadcasts()).containsExactly(2L));
        assertThat(before.broadcasts()).containsExactly(2L);
    }

    @Test
    void asManyAsTheRoomsShareOfThePaceAreWrittenInASecond() {
        List<Phone> phones = phones(100, 0);

        rig.order(rig.order(RoomRig.broadcast(2)).setRatePerSecond(40), true); // of which this loop has 20
        rig.advance(Duration.ofSeconds(2));

        assertThat(reached(phones)).isBetween(40L, 44L);
        rig.advance(Duration.ofSeconds(4));
        assertThat(reached(phones)).isEqualTo(100);
    }

    @Test
    void aChangedPaceHoldsFromTheNextTickOn() {
        List<Phone> phones = phones(100, 0);
        rig.order(rig.order(RoomRig.broadcast(2)).setRatePerSecond(2), true);
        rig.advance(Duration.ofSeconds(2));
        assertThat(reached(phones)).isLessThan(5);

        rig.order(rig.order(RoomRig.broadcast(2).setVersion(2)), false);
        rig.advance(Duration.ofMillis(50));

        assertThat(reached(phones)).isEqualTo(100);
    }

    @Test
    void aLoginBehindTheCursorIsWrittenAtOnceAndOneBeforeItIsLeftToTheWalk() {
        phones(30, 0);
        rig.order(rig.order(RoomRig.broadcast(2)).setRatePerSecond(20), true); // 10 a second
        rig.advance(Duration.ofSeconds(1));

        Phone late = rig.phone().connect(binding(500).build()); // in the last place
        assertThat(late.broadcasts()).isEmpty();
        rig.advance(Duration.ofSeconds(4));
        assertThat(late.broadcasts()).containsExactly(2L);

        Phone after = rig.phone().connect(binding(501).build());
        assertThat(after.broadcasts()).containsExactly(2L);
        assertThat(rig.status(RoomRig.broadcast(2)).getLoginWritten()).isEqualTo(1);
    }

    @Test
    void aPhoneThatHasItAlreadyIsPassedOver() {
        rig.put(RoomRig.broadcast(2));
        Phone has = rig.phone()
                .connect(binding(5).setBcastSeen(BroadcastSeen.of(1, 2).encode()).build());
        Phone installed = rig.phone().connect(rig.binding(6, RoomRig.APP, rig.now()).build()); // no state: floor = now

        WalkStatus status = rig.walk(RoomRig.broadcast(2));

        assertThat(has.broadcasts()).isEmpty();
        assertThat(installed.broadcasts()).isEmpty();
        assertThat(installed.welcome().getResults(0).getBcastFloor()).isEqualTo(2);
        assertThat(status.getSeen()).isEqualTo(2);
        assertThat(status.getWritten()).isZero();
    }

    @Test
    void aLoginBeforeAnyWalkIsServedAndTheWalkDoesNotServeItAgain() {
        rig.put(RoomRig.broadcast(2));
        Phone phone = rig.phone().connect(binding(5).build());
        assertThat(phone.broadcasts()).containsExactly(2L);

        WalkStatus status = rig.walk(RoomRig.broadcast(2));

        assertThat(phone.broadcasts()).containsExactly(2L);
        assertThat(status.getWritten()).isEqualTo(1);
        assertThat(status.getLoginWritten()).isEqualTo(1);
    }

    @Test
    void afterTheWalkOfAllRoomsALoginStillGetsIt() {
        rig.put(RoomRig.broadcast(2).setState(Broadcast.State.WALKED));

        assertThat(rig.phone().connect(binding(5).build()).broadcasts()).containsExactly(2L);
        assertThat(rig.phone().connect(binding(6).setBcastSeen(BroadcastSeen.of(2).encode()).build()).broadcasts())
                .isEmpty();
    }

    @Test
    void aPhoneThatComesBackWithoutItGetsItAgain() {
        Phone lost = rig.phone().connect(binding(500).build());
        phones(20, 0);
        rig.order(rig.order(RoomRig.broadcast(2)).setRatePerSecond(4), true);
        rig.advance(Duration.ofSeconds(1));
        assertThat(lost.broadcasts()).hasSize(1);
        lost.drop(); // the bytes were under way

        Phone back = rig.phone().connect(Connect.newBuilder().setResumeToken(lost.welcome().getResumeToken())
                .addBindings(binding(500).setPrevConnSeq(lost.welcome().getResults(0).getConnSeq())).build());
        rig.advance(Duration.ofSeconds(12));

        assertThat(back.welcome().getResumed()).isTrue();
        assertThat(back.broadcasts()).containsExactly(2L);
        assertThat(rig.status(RoomRig.broadcast(2)).getWritten()).isEqualTo(21);
    }

    @Test
    void aParkedSessionGetsItWhenItIsBack() {
        Phone phone = rig.phone().connect(binding(5).build());
        phone.drop();
        assertThat(rig.walk(RoomRig.broadcast(2)).getFinished()).isTrue();

        Phone back = rig.phone().connect(Connect.newBuilder().setResumeToken(phone.welcome().getResumeToken())
                .addBindings(binding(5).setPrevConnSeq(phone.welcome().getResults(0).getConnSeq())).build());

        assertThat(back.broadcasts()).containsExactly(2L);
    }

    @Test
    void whoCannotBeWrittenToIsVisitedAgainAndOthersAreNot() {
        List<Phone> phones = phones(5, 0);
        phones.get(2).writable = false;
        WalkStatus status = rig.walk(RoomRig.broadcast(2));
        assertThat(status.getWalking()).isTrue();
        assertThat(status.getBehind()).isEqualTo(1);
        assertThat(status.getWritten()).isEqualTo(4);

        phones.get(2).writable = true;
        rig.advance(Duration.ofMillis(2_100));

        assertThat(phones).allSatisfy(phone -> assertThat(phone.broadcasts()).containsExactly(2L));
        status = rig.status(RoomRig.broadcast(2));
        assertThat(status.getFinished()).isTrue();
        assertThat(status.getBehind()).isZero();
        assertThat(status.getVisited()).isEqualTo(5);
    }

    @Test
    void whoNeverReadsIsLeftToItsNextLoginAfterSixMorePasses() {
        Phone stuck = rig.phone().connect(binding(5).build());
        stuck.writable = false;
        rig.walk(RoomRig.broadcast(2));

        rig.advance(Duration.ofSeconds(61));
        assertThat(rig.status(RoomRig.broadcast(2)).getFinished()).isFalse();
        rig.advance(Duration.ofSeconds(66));

        WalkStatus status = rig.status(RoomRig.broadcast(2));
        assertThat(status.getFinished()).isTrue();
        assertThat(status.getBehind()).isEqualTo(1);
        assertThat(rig.metrics.count(RoomMetric.BROADCAST_LEFT)).isEqualTo(1);
        stuck.drop();
        assertThat(rig.phone().connect(binding(5).build()).broadcasts()).containsExactly(2L);
    }

    @Test
    void aPauseHoldsTheWalkAndLoginsAndBothGoOnAfterwards() {
        List<Phone> phones = phones(40, 0);
        rig.order(rig.order(RoomRig.broadcast(2)).setRatePerSecond(20), true);
        rig.advance(Duration.ofSeconds(1));
        long before = reached(phones);

        rig.put(RoomRig.broadcast(2).setState(Broadcast.State.PAUSED).setVersion(2));
        rig.advance(Duration.ofSeconds(3));
        assertThat(reached(phones)).isEqualTo(before);
        phones.getFirst().drop(); // gives its place, which the walk has passed, to the next one
        rig.advance(Duration.ofSeconds(40));
        Phone came = rig.phone().connect(binding(700).build());
        assertThat(came.broadcasts()).isEmpty();

        rig.order(rig.order(RoomRig.broadcast(2).setVersion(3)), false);
        rig.advance(Duration.ofSeconds(5));

        assertThat(reached(phones)).isEqualTo(40);
        assertThat(came.broadcasts()).containsExactly(2L);
        assertThat(rig.status(RoomRig.broadcast(2)).getFinished()).isTrue();
    }

    @Test
    void loginsHeldBackByAPauseAfterTheWalkAreServedWhenItEnds() {
        rig.walk(RoomRig.broadcast(2));
        rig.put(RoomRig.broadcast(2).setState(Broadcast.State.PAUSED).setVersion(2));
        Phone came = rig.phone().connect(binding(5).build());
        assertThat(came.broadcasts()).isEmpty();

        rig.put(RoomRig.broadcast(2).setVersion(3));
        rig.advance(Duration.ofMillis(2_100));

        assertThat(came.broadcasts()).containsExactly(2L);
    }

    @Test
    void aCancelledOneStopsAtOnceAndAnOlderVersionDoesNotBringItBack() {
        List<Phone> phones = phones(40, 0);
        rig.order(rig.order(RoomRig.broadcast(2)).setRatePerSecond(20), true);

        rig.put(RoomRig.broadcast(2).setState(Broadcast.State.CANCELLED).setVersion(2));
        assertThat(rig.walk(RoomRig.broadcast(2)).getWalking()).isFalse();
        rig.store.active.clear();
        rig.advance(Duration.ofSeconds(6));
        rig.desk.take(rig.order(RoomRig.broadcast(2)).build(), true);
        rig.store.active.clear();
        rig.settle();

        assertThat(reached(phones)).isLessThanOrEqualTo(1);
        assertThat(rig.phone().connect(binding(900).build()).broadcasts()).isEmpty();
    }

    @Test
    void anExpiredOneIsNotWritten() {
        Phone phone = rig.loggedIn(5);

        WalkStatus status = rig.walk(RoomRig.broadcast(2).setExpireAtMs(rig.now()));

        assertThat(phone.broadcasts()).isEmpty();
        assertThat(status.getFinished()).isTrue();
    }

    @Test
    void theCanaryComesFirstAndTheOthersAfterIt() {
        List<Phone> phones = phones(60, 0);
        List<Long> canaries = new ArrayList<>();
        for (long endpoint = 1; endpoint <= 60; endpoint++) {
            if (Share.of(endpoint, 1_002) < Share.below(25)) {
                canaries.add(endpoint);
            }
        }
        Broadcast.Builder made = RoomRig.broadcast(2).setStage(0).setCanary(Canary.newBuilder().setPercent(25));

        WalkStatus first = rig.walk(made);

        assertThat(canaries).hasSizeBetween(5, 30);
        assertThat(first.getWritten()).isEqualTo(canaries.size());
        assertThat(first.getTotal()).isEqualTo(canaries.size());
        for (int i = 0; i < 60; i++) {
            assertThat(phones.get(i).broadcasts().isEmpty()).isEqualTo(!canaries.contains(i + 1L));
        }
        Phone late = rig.phone(1).connect(binding(other(1_002)).build());
        assertThat(late.broadcasts()).isEmpty();

        WalkStatus second = rig.walk(made.setStage(1).setVersion(2));

        assertThat(second.getWritten()).isEqualTo(61 - canaries.size());
        assertThat(phones).allSatisfy(phone -> assertThat(phone.broadcasts()).containsExactly(2L));
        assertThat(late.broadcasts()).containsExactly(2L);
        WalkStatus old = rig.status(RoomRig.broadcast(2).setStage(0));
        assertThat(old.getFinished()).isTrue();
        assertThat(old.getWritten()).isEqualTo(canaries.size());
    }

    @Test
    void anOlderLeaseIsFencedAndANewerOneFindsTheWalkGoingOn() {
        List<Phone> phones = phones(20, 0);
        rig.order(rig.order(RoomRig.broadcast(2)).setRatePerSecond(20).setEpoch(7), true);

        assertThat(rig.order(rig.order(RoomRig.broadcast(2)).setEpoch(6), true).getCode())
                .isEqualTo(WalkStatus.Code.FENCED);
        assertThat(rig.order(rig.order(RoomRig.broadcast(2)).setEpoch(8), true).getCode())
                .isEqualTo(WalkStatus.Code.OK);
        rig.advance(Duration.ofSeconds(3));

        assertThat(phones).allSatisfy(phone -> assertThat(phone.broadcasts()).containsExactly(2L));
    }

    @Test
    void anOrderForAnotherIncarnationChangesNothing() {
        BroadcastOrder.Builder order = rig.order(RoomRig.broadcast(2)).setRoomIncarnation(99);

        assertThat(rig.order(order, true).getCode()).isEqualTo(WalkStatus.Code.NOT_HERE);
        assertThat(rig.board.size()).isZero();
    }

    @Test
    void onlyTheAudienceGetsIt() {
        Phone french = rig.phone().connect(Connect.newBuilder().setRegion("fr").setOs("Android").setOsVersion(34)
                .addBindings(binding(5).setAppVersion(7)).build());
        Phone german = rig.phone().connect(Connect.newBuilder().setRegion("de")
                .addBindings(binding(6).setAppVersion(7)).build());
        Phone old = rig.phone().connect(Connect.newBuilder().setRegion("fr")
                .addBindings(binding(7).setAppVersion(6)).build());

        WalkStatus status = rig.walk(RoomRig.broadcast(2).setAudience(Audience.newBuilder()
                .addAll(Audience.newBuilder().addRegions("FR"))
                .addAll(Audience.newBuilder().setAppVersion(Compare.newBuilder().setGe(7)))));

        assertThat(french.broadcasts()).containsExactly(2L);
        assertThat(german.broadcasts()).isEmpty();
        assertThat(old.broadcasts()).isEmpty();
        assertThat(status.getNotInAudience()).isEqualTo(2);
    }

    @Test
    void profilesAreAskedForAndWhoHungUpMeanwhileIsNotWritten() {
        List<Phone> phones = phones(4, 0);
        rig.store.holds.put(1L, 1);
        rig.store.holds.put(2L, 1);
        rig.store.hold = true;
        WalkStatus status = rig.walk(RoomRig.broadcast(2).setAudience(REGULARS));
        assertThat(status.getFinished()).isFalse();
        phones.get(1).drop();

        rig.store.release();
        rig.settle();
        rig.advance(Duration.ofMillis(50));

        assertThat(rig.store.questions).hasSize(1);
        assertThat(rig.store.questions.getFirst().getEndpointIdsList()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(phones.get(0).broadcasts()).containsExactly(2L);
        assertThat(phones.get(1).broadcasts()).isEmpty();
        assertThat(phones.get(2).broadcasts()).isEmpty();
        status = rig.status(RoomRig.broadcast(2));
        assertThat(status.getFinished()).isTrue();
        assertThat(status.getNotInAudience()).isEqualTo(2);
    }

    @Test
    void whoseProfileIsNotKnownIsVisitedAgain() {
        Phone phone = rig.phone().connect(binding(1).build());
        rig.store.holds.put(1L, 1);
        rig.store.away = true;
        assertThat(rig.walk(RoomRig.broadcast(2).setAudience(REGULARS)).getBehind()).isEqualTo(1);

        rig.store.away = false;
        rig.advance(Duration.ofMillis(2_200));

        assertThat(phone.broadcasts()).containsExactly(2L);
        assertThat(rig.metrics.count(RoomMetric.PROFILE_QUESTIONS_FAILED)).isEqualTo(1);
    }

    @Test
    void aLoginIsAskedAboutToo() {
        rig.store.holds.put(1L, 1);
        rig.put(RoomRig.broadcast(2).setState(Broadcast.State.WALKED).setAudience(REGULARS));

        Phone in = rig.phone().connect(binding(1).build());
        Phone out = rig.phone().connect(binding(2).build());
        rig.advance(Duration.ofMillis(100));

        assertThat(in.broadcasts()).containsExactly(2L);
        assertThat(out.broadcasts()).isEmpty();
    }

    @Test
    void sessionsAreCountedWithoutAWrite() {
        List<Phone> phones = phones(10, 0);
        phones.addAll(phones(10, 1));
        rig.store.holds.put(3L, 1);
        rig.store.holds.put(14L, 1);

        CountReply everybody = count(Audience.getDefaultInstance());
        CountReply regulars = count(REGULARS);

        assertThat(everybody.getSessions()).isEqualTo(20);
        assertThat(everybody.getMatching()).isEqualTo(20);
        assertThat(regulars.getMatching()).isEqualTo(2);
        assertThat(reached(phones)).isZero();
    }

    private CountReply count(Audience audience) {
        var answer = rig.desk.count(CountRequest.newBuilder().setRoomIncarnation(7).setAppId(RoomRig.APP)
                .setAudience(audience).build());
        rig.settle();
        return answer.join();
    }

    /** An endpoint above 1,000 that is not in the canary of this broadcast. */
    private static long other(long broadcastId) {
        long endpoint = 1_001;
        while (Share.of(endpoint, broadcastId) < Share.below(25)) {
            endpoint++;
        }
        return endpoint;
    }

    private static long reached(List<Phone> phones) {
        return phones.stream().mapToLong(phone -> phone.broadcasts().size()).sum();
    }

    private List<Phone> phones(int count, int loop) {
        List<Phone> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(rig.phone(loop).connect(binding(loop * 10L + i + 1 + (loop > 0 && count > 10 ? 100 : 0)).build()));
        }
        return made;
    }

    /** A phone that knows the floor of an app without any broadcast. */
    private EndpointBinding.Builder binding(long endpointId) {
        return rig.binding(endpointId, RoomRig.APP, rig.now()).setBcastSeen(BroadcastSeen.of(1).encode());
    }
}
