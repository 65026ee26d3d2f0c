package io.longwire.sdk.share;

import io.longwire.sdk.loop.VirtualLoop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HandOverTest {
    private static final Peer OLD = new Peer("old.host", 1, false, 20, true, 1_000, 100);
    private static final Peer NEXT = new Peer("next.host", 1, true, 20, false, 1_000, 200);
    private static final Peer THIRD = new Peer("third.host", 1, true, 10, false, 1_000, 300);

    private final VirtualLoop loop = new VirtualLoop();
    private final List<String> yields = new ArrayList<>();
    private final HandOver host = new HandOver(loop, 4, () -> OLD, (to, epoch) -> yields.add(to + " " + epoch));

    @Test
    void goesOverInTwoStepsAndServesUntilTheSecond() {
        assertThat(host.host(5)).isTrue();

        assertThat(host.prepare(NEXT, 6)).isEqualTo(HandOver.Answer.YES);
        assertThat(host.isHosting()).isTrue();

        assertThat(host.commit(NEXT, 6)).isEqualTo(HandOver.Answer.YES);
        assertThat(host.isHosting()).isFalse();
        assertThat(host.epoch()).isEqualTo(6);
        assertThat(yields).containsExactly("next.host 6");
    }

    @Test
    void aCandidateThatDiesBetweenTheStepsChangesNothing() {
        host.host(5);
        host.prepare(NEXT, 6);
        assertThat(host.prepare(THIRD, 6)).isEqualTo(HandOver.Answer.BUSY);

        loop.advance(HandOver.PROMISE_MILLIS);

        assertThat(host.isHosting()).isTrue();
        assertThat(host.commit(NEXT, 6)).isEqualTo(HandOver.Answer.STAYS);
        assertThat(host.prepare(THIRD, 6)).isEqualTo(HandOver.Answer.YES);
        assertThat(host.commit(NEXT, 6)).isEqualTo(HandOver.Answer.BUSY);
        assertThat(yields).isEmpty();
    }

    @Test
    void aCandidateThatGivesUpFreesTheWay() {
        host.host(5);
        host.prepare(NEXT, 6);
        host.abort(THIRD);
        assertThat(host.prepare(THIRD, 6)).isEqualTo(HandOver.Answer.BUSY);
        host.abort(NEXT);
        assertThat(host.prepare(THIRD, 6)).isEqualTo(HandOver.Answer.YES);
    }

    @Test
    void onlyALaterEpochIsTakenAndTheOneThatWasPromised() {
        host.host(5);
        assertThat(host.prepare(NEXT, 5)).isEqualTo(HandOver.Answer.EPOCH_OLD);
        assertThat(host.prepare(NEXT, 7)).isEqualTo(HandOver.Answer.YES); // it has heard of more than the host
        assertThat(host.commit(NEXT, 4)).isEqualTo(HandOver.Answer.EPOCH_OLD);
        assertThat(host.commit(NEXT, 8)).isEqualTo(HandOver.Answer.EPOCH_OLD);
        assertThat(host.host(5)).isFalse();
    }

    @Test
    void whoIsNoHostSaysSo() {
        assertThat(host.prepare(NEXT, 5)).isEqualTo(HandOver.Answer.NOT_HOST);
        assertThat(host.commit(NEXT, 5)).isEqualTo(HandOver.Answer.NOT_HOST);
        assertThat(host.heldMillis()).isZero();
    }

    @Test
    void aHostStaysForOneThatIsNotBetter() {
        host.host(5);
        Peer worse = new Peer("worse", 1, false, 40, false, 900, 900);
        assertThat(host.prepare(worse, 6)).isEqualTo(HandOver.Answer.STAYS);
        loop.advance(48 * 3_600_000L);
        assertThat(host.prepare(worse, 6)).isEqualTo(HandOver.Answer.STAYS);
    }

    @Test
    void ofTwoHostsTheOlderYieldsWhenItHearsOfTheOther() {
        host.host(5);
        host.heard("next.host", 4);
        assertThat(host.isHosting()).isTrue();

        host.heard("next.host", 6);
        assertThat(host.isHosting()).isFalse();
        assertThat(yields).containsExactly("next.host 6");
        assertThat(host.host(6)).isFalse();
        assertThat(host.host(7)).isTrue();
    }

    @Test
    void ofTwoThatBeganToHostAtOnceUnderTheSameEpochOneStays() {
        host.host(5);
        host.heard("third.host", 5); // its name comes after old.host
        host.heard("old.host", 5);
        assertThat(host.isHosting()).isTrue();
        host.heard("next.host", 5);
        assertThat(host.isHosting()).isFalse();
        assertThat(yields).containsExactly("next.host 5");

        Plan.Said old = new Plan.Said(OLD, true, 5, 1_000);
        Plan.Said next = new Plan.Said(NEXT, true, 5, 1_000);
        Plan.Said third = new Plan.Said(THIRD, true, 5, 1_000); // is used more than both
        assertThat(Plan.of(old, Arrays.asList(third, next)).step()).isEqualTo(Plan.Step.LODGE);
        assertThat(Plan.of(old, Arrays.asList(third, next)).host()).isEqualTo("next.host");
        assertThat(Plan.of(third, Arrays.asList(next, old)).host()).isEqualTo("next.host");
        assertThat(Plan.of(next, Arrays.asList(old, third)).step()).isEqualTo(Plan.Step.HOST);
        assertThat(Plan.of(next, Arrays.asList(old, third)).epoch()).isEqualTo(5);
    }

    @Test
    void anEpochThatNobodyCanHaveReachedIsNotBelieved() {
        host.host(5);
        for (long forged : new long[]{Long.MAX_VALUE, Long.MIN_VALUE, 6 + HandOver.AHEAD_MAX}) {
            host.heard("bad.app", forged);
            assertThat(host.prepare(NEXT, forged)).isEqualTo(HandOver.Answer.EPOCH_OLD);
        }
        assertThat(host.isHosting()).isTrue();
        assertThat(host.epoch()).isEqualTo(5);
        assertThat(new HandOver(loop, Long.MAX_VALUE, () -> OLD, (to, epoch) -> yields.add(to)).host(1)).isTrue();
    }

    @Test
    void aPlanPassesOverAForgedEpochAndCountsFromTheHighestOfAll() {
        Plan.Said own = new Plan.Said(NEXT, false, 9, 0);
        List<Plan.Said> others = new ArrayList<>();
        others.add(new Plan.Said(THIRD, true, Long.MAX_VALUE, 1_000));
        Plan alone = Plan.of(own, others);
        assertThat(alone.step()).isNotEqualTo(Plan.Step.LODGE);
        assertThat(alone.epoch()).isEqualTo(10);

        others.clear();
        others.add(new Plan.Said(OLD, true, 5, 1_000));
        Plan over = Plan.of(own, others);
        assertThat(over.step()).isEqualTo(Plan.Step.TAKE_OVER);
        assertThat(over.epoch()).isEqualTo(10);
    }

    @Test
    void epochsAreRememberedByWhoeverHears() {
        host.heard("next.host", 9);
        assertThat(host.epoch()).isEqualTo(9);
        assertThat(host.host(9)).isFalse();
    }
}
