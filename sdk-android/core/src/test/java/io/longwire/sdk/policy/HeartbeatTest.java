package io.longwire.sdk.policy;

import io.longwire.sdk.policy.Heartbeat.Verdict;
import java.util.Random;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HeartbeatTest {
    private final Ladder ladder = new Ladder(new Random(5));
    private final Heartbeat heart = heart(Pace.FAST);

    private Heartbeat heart(Pace pace) {
        ladder.begin();
        return new Heartbeat(ladder, pace, 0, 0);
    }

    @Test
    void pingsAfterASilentInterval() {
        assertThat(heart.check(239_999)).isEqualTo(Verdict.QUIET);
        assertThat(heart.check(240_000)).isEqualTo(Verdict.PING);
    }

    @Test
    void anyTrafficRestartsTheInterval() {
        heart.sent(1, 100_000);
        assertThat(heart.dueAt()).isEqualTo(340_000);
        heart.received(200_000);
        assertThat(heart.check(240_000)).isEqualTo(Verdict.QUIET);
        assertThat(heart.dueAt()).isEqualTo(440_000);
    }

    @Test
    void anyByteAnswersAPing() {
        heart.check(240_000);

        assertThat(heart.received(240_300)).isTrue();
        assertThat(heart.received(240_400)).isFalse();
        assertThat(heart.check(255_000)).isEqualTo(Verdict.QUIET);
        assertThat(heart.srttMillis()).isEqualTo(300);
    }

    @Test
    void aPingSentForAnotherReasonMustBeAnsweredToo() {
        heart.pinged(1_000);
        heart.pinged(9_000);

        assertThat(heart.check(10_000)).isEqualTo(Verdict.DOUBT);
        assertThat(heart.dueAt()).isEqualTo(16_000);
        assertThat(heart.check(16_000)).isEqualTo(Verdict.DEAD);
        assertThat(heart.failedRung()).as("it was silent for no rung").isEqualTo(Ladder.NONE);
    }

    @Test
    void isInDoubtOnceAndThenCallsTheConnectionDead() {
        heart.check(240_000);

        assertThat(heart.check(248_999)).isEqualTo(Verdict.QUIET);
        assertThat(heart.check(249_000)).as("a spare wire must not be closed by the room before the verdict")
                .isEqualTo(Verdict.DOUBT);
        assertThat(heart.check(254_999)).isEqualTo(Verdict.QUIET);
        assertThat(heart.check(255_000)).isEqualTo(Verdict.DEAD);
        assertThat(Ladder.millis(heart.failedRung())).isEqualTo(240_000);
    }

    @Test
    void waitsByNetworkAndRoundTrip() {
        assertThat(timeoutAfter(Pace.FAST, 50)).isEqualTo(6_000);
        assertThat(timeoutAfter(Pace.FAST, 1_000)).isEqualTo(7_000);
        assertThat(timeoutAfter(Pace.FAST, 14_000)).isEqualTo(15_000);
        assertThat(timeoutAfter(Pace.CELL, 50)).isEqualTo(8_000);
        assertThat(timeoutAfter(Pace.CELL, 19_000)).isEqualTo(20_000);
        assertThat(timeoutAfter(Pace.SLOW, 50)).isEqualTo(15_000);
        assertThat(timeoutAfter(Pace.SLOW, 30_000)).isEqualTo(45_000);
    }

    private long timeoutAfter(Pace pace, long rtt) {
        Heartbeat one = heart(pace);
        one.pinged(0);
        one.received(rtt);
        return one.timeoutMillis();
    }

    @Test
    void asksAndWaitsFiveSecondsWhenTheAppComesToTheFront() {
        heart.received(59_000);
        heart.received(59_900);
        heart.foreground(true, 60_000);
        heart.ask(60_000);

        assertThat(heart.check(60_000)).isEqualTo(Verdict.PING);
        assertThat(heart.check(64_999)).isNotEqualTo(Verdict.DEAD);
        assertThat(heart.check(65_000)).isEqualTo(Verdict.DEAD);
    }

    @Test
    void takesNothingThatMayHaveLainInTheSocketForAnAnswerWhenTheAppComesToTheFrontAfterASilence() {
        heart.foreground(true, 60_000);
        heart.ask(60_000);

        assertThat(heart.check(60_000)).isEqualTo(Verdict.PROVE);
        assertThat(heart.received(62_000)).isFalse();
        assertThat(heart.check(64_999)).isNotEqualTo(Verdict.DEAD);
        assertThat(heart.check(65_000)).isEqualTo(Verdict.DEAD);
    }

    @Test
    void findsADeadLinkWithinTenSecondsOfUsingItInTheFront() {
        heart.foreground(true, 0);
        heart.received(100);
        heart.sent(1, 60_000);
        heart.expects(60_000);

        assertThat(heart.dueAt()).isEqualTo(61_500);
        assertThat(heart.check(61_500)).isEqualTo(Verdict.PING);
        heart.check(65_500);
        assertThat(heart.check(69_500)).isEqualTo(Verdict.DEAD);
    }

    @Test
    void soItDoesForAFewKilobytesOnWifi() {
        heart.foreground(true, 0);
        heart.received(100);
        heart.sent(6_000, 60_000);
        heart.expects(60_000);

        assertThat(heart.dueAt()).isEqualTo(62_000);
        assertThat(heart.check(62_000)).isEqualTo(Verdict.PING);
        heart.check(66_000);
        assertThat(heart.check(70_000)).isEqualTo(Verdict.DEAD);
    }

    @Test
    void aPingBehindWhatIsQueuedIsWaitedForOnceItCanHaveLeft() {
        Heartbeat slow = heart(Pace.SLOW);
        slow.sent(16_000, 1_000);
        slow.pinged(2_000);

        assertThat(slow.check(55_999)).isEqualTo(Verdict.QUIET);
        assertThat(slow.check(56_000)).as("6 s before the verdict").isEqualTo(Verdict.DOUBT);
        assertThat(slow.check(61_999)).isEqualTo(Verdict.QUIET);
        assertThat(slow.check(62_000)).isEqualTo(Verdict.DEAD);
    }

    @Test
    void whatTheQueueTookIsNoRoundTrip() {
        Heartbeat slow = heart(Pace.SLOW);
        slow.sent(16_000, 1_000);
        slow.pinged(2_000);
        assertThat(slow.received(18_000)).isTrue();
        assertThat(slow.srttMillis()).isZero();

        slow.sent(500, 30_000);
        slow.pinged(30_000);
        slow.received(30_900);
        assertThat(slow.srttMillis()).isEqualTo(900);
    }

    @Test
    void whatTheRoomHasReadIsNotWaitedFor() {
        Heartbeat slow = heart(Pace.SLOW);
        slow.sent(16_000, 1_000);
        long mark = slow.backlog().written();
        slow.sent(2_000, 1_000);
        slow.backlog().read(mark, 3_000);
        slow.pinged(3_000);

        slow.check(44_000);
        assertThat(slow.check(49_999)).isEqualTo(Verdict.QUIET);
        assertThat(slow.check(50_000)).isEqualTo(Verdict.DEAD);
    }

    @Test
    void whatIsNotAnsweredInItsTimeMakesAPingWhoeverLooks() {
        heart.received(59_000);
        heart.received(59_900);
        heart.sent(100, 60_000);
        heart.doubt(65_000);
        assertThat(heart.check(65_000)).isEqualTo(Verdict.PING);
        heart.doubt(66_000);
        assertThat(heart.check(66_000)).as("one is out").isEqualTo(Verdict.QUIET);
        heart.check(74_000);
        assertThat(heart.check(79_999)).as("not judged the sooner").isEqualTo(Verdict.QUIET);
        assertThat(heart.check(80_000)).isEqualTo(Verdict.DEAD);
        assertThat(heart.failedRung()).isEqualTo(Ladder.NONE);
    }

    @Test
    void anAnswerInTimeMakesNoPing() {
        heart.foreground(true, 0);
        heart.received(100);
        heart.expects(60_000);
        heart.received(61_000);

        assertThat(heart.check(62_000)).isEqualTo(Verdict.QUIET);
    }

    @Test
    void aSlowNetworkIsNotCalledDeadForBeingLookedAt() {
        Heartbeat slow = heart(Pace.SLOW);
        slow.foreground(true, 60_000);
        slow.ask(60_000);
        slow.check(60_000);

        assertThat(slow.timeoutMillis()).isEqualTo(45_000);
    }

    @Test
    void staysBelowFourMinutesWhileTheUserLooks() {
        ladder.ok(8);
        Heartbeat known = heart(Pace.FAST);
        beat(known, 240_000);
        assertThat(known.intervalMillis()).isEqualTo(885_000);
        known.foreground(true, 250_000);
        assertThat(known.intervalMillis()).isEqualTo(240_000);
    }

    private static void beat(Heartbeat heart, long at) {
        assertThat(heart.check(at)).isEqualTo(Verdict.PING);
        heart.received(at + 100);
    }

    @Test
    void climbsARungWithEachSilenceSurvived() {
        long at = 0;
        for (long seconds : new long[]{240, 240, 240, 285, 345, 465, 585, 885, 885}) {
            at = heart.dueAt();
            assertThat(heart.intervalMillis()).isEqualTo(seconds * 1_000);
            beat(heart, at);
        }
    }

    @Test
    void aPingThatDozeHeldBackProvesTheLongerSilence() {
        beat(heart, 900_000);

        assertThat(Ladder.millis(ladder.good())).isEqualTo(885_000);
    }

    @Test
    void alarmsThatRingEveryNineMinutesLeadToLongerOnesAfterOneBeat() {
        beat(heart, 540_000);
        assertThat(heart.intervalMillis()).isEqualTo(585_000);
    }

    @Test
    void aPingThatDozeHeldBackProvesNothingByFailing() {
        heart.check(900_000);
        heart.check(909_000);

        assertThat(heart.check(915_000)).isEqualTo(Verdict.DEAD);
        assertThat(heart.failedRung()).isEqualTo(Ladder.NONE);
    }

    @Test
    void aFailureIsEvidenceFromNineTenthsToFiveQuartersOfThePlannedSilence() {
        assertThat(failedAfter(215_999)).isEqualTo(Ladder.NONE);
        assertThat(Ladder.millis(failedAfter(216_000))).isEqualTo(240_000);
        assertThat(Ladder.millis(failedAfter(300_000))).isEqualTo(240_000);
        assertThat(failedAfter(300_001)).isEqualTo(Ladder.NONE);
    }

    private int failedAfter(long silence) {
        Heartbeat one = heart(Pace.FAST);
        one.ask(silence - 1);
        one.check(silence);
        return one.failedRung();
    }

    @Test
    void afterAFreezeItPingsAgainInsteadOfJudging() {
        heart.check(240_000);

        assertThat(heart.check(240_000 + 600_000)).isEqualTo(Verdict.PROVE);
        assertThat(heart.received(240_000 + 603_000)).as("it lay in the socket").isFalse();
        heart.check(240_000 + 600_000 + 9_000);
        assertThat(heart.check(240_000 + 600_000 + 15_000)).isEqualTo(Verdict.DEAD);
        assertThat(heart.failedRung()).isEqualTo(Ladder.NONE);
    }

    @Test
    void afterAThawItPingsSoonAndTakesNothingForEvidence() {
        heart.woke(200_000);

        assertThat(heart.check(200_000)).isEqualTo(Verdict.PROVE);
        heart.received(200_600);
        assertThat(heart.proved(200_600)).isTrue();
        assertThat(ladder.good()).isEqualTo(Ladder.NONE);
        beat(heart, 200_600 + 240_000);
        assertThat(Ladder.millis(ladder.good())).isEqualTo(240_000);
    }

    @Test
    void bytesThatLayInTheSocketAreNoSignOfLifeAfterAThaw() {
        heart.received(200_000);
        heart.woke(200_050);
        assertThat(heart.check(200_050)).isEqualTo(Verdict.PROVE);
        assertThat(heart.received(200_100)).isFalse();
        assertThat(heart.received(203_000)).as("a busy phone takes long to read it all").isFalse();
        heart.check(209_050);
        assertThat(heart.check(215_050)).isEqualTo(Verdict.DEAD);
    }

    @Test
    void norIsAnAckThatWasDueInTheFreezeAndGoesOutBeforeTheyAreRead() {
        heart.sent(16, 200_000);
        heart.received(200_010);
        heart.woke(200_050);
        assertThat(heart.check(200_050)).isEqualTo(Verdict.PROVE);
        heart.check(209_050);
        assertThat(heart.check(215_050)).isEqualTo(Verdict.DEAD);
    }

    @Test
    void aProofCountsOnlyOnceItsPingIsOut() {
        heart.woke(200_000);
        assertThat(heart.proved(200_000)).as("an answer to an older ping").isFalse();
        assertThat(heart.check(200_000)).isEqualTo(Verdict.PROVE);
        assertThat(heart.proved(200_100)).isTrue();
        assertThat(heart.check(216_000)).isEqualTo(Verdict.QUIET);
        assertThat(heart.proved(216_000)).as("nothing is to be proved").isFalse();
    }

    @Test
    void norIsTheirArrivalAnAnswerToWhatWasSentRightAfterTheThaw() {
        heart.foreground(true, 100_000);
        heart.woke(100_000);
        heart.ask(100_000);
        heart.pinged(100_000);
        heart.received(100_100);

        assertThat(heart.check(100_100)).isEqualTo(Verdict.PROVE);
        assertThat(heart.received(100_200)).isFalse();
        assertThat(heart.check(105_099)).isNotEqualTo(Verdict.DEAD);
        assertThat(heart.check(105_100)).isEqualTo(Verdict.DEAD);
    }

    @Test
    void aPhoneThatJustSpokeIsNotAskedForHavingSlept() {
        heart.received(100_000);
        heart.received(101_000);
        heart.woke(102_000);
        assertThat(heart.dueAt()).isEqualTo(101_000 + 240_000);
    }

    @Test
    void pingsSoonWhenAskedAndNotTwice() {
        heart.ask(1_000);
        assertThat(heart.check(1_000)).isEqualTo(Verdict.PING);
        heart.ask(1_001);
        assertThat(heart.check(1_001)).isEqualTo(Verdict.QUIET);
    }

    @Test
    void takesTheServersIntervalWithinItsBoundsAndPatience() {
        heart.hints(60, 900, 300, 0, 0);
        assertThat(heart.intervalMillis()).as("the rung at or below the hint").isEqualTo(285_000);
        heart.next(5, 0);
        assertThat(heart.intervalMillis()).isEqualTo(60_000);
        heart.next(5_000, 0);
        assertThat(heart.intervalMillis()).isEqualTo(900_000);

        Heartbeat impatient = heart(Pace.FAST);
        impatient.hints(0, 0, 600, 90, 0);
        assertThat(impatient.intervalMillis()).isEqualTo(60_000);
    }

    @Test
    void aServerThatNamesLessThanTheLowestRungGetsThat() {
        heart.hints(1, 0, 5, 0, 0);
        assertThat(heart.intervalMillis()).isEqualTo(5_000);
        assertThat(heart.proposedSeconds(0)).isZero();
    }

    @Test
    void tellsTheRoomWhatToExpectAndKeepsToIt() {
        ladder.ok(8);
        Heartbeat known = heart(Pace.FAST);
        known.hints(0, 1_800, 0, 240, 0);
        assertThat(known.intervalMillis()).as("2/3 of the room's patience").isEqualTo(160_000);
        assertThat(known.proposedSeconds(0)).isEqualTo(1_185);
        known.proposed(1_185, 0);
        assertThat(known.intervalMillis()).isEqualTo(240_000);
        beat(known, 240_000);
        assertThat(known.intervalMillis()).isEqualTo(1_185_000);
    }

    @Test
    void doesNotBelieveAbsurdHints() {
        long[] absurd = {0, 1, 61, 0xFFFFFFFFL};
        for (long min : absurd) {
            for (long max : absurd) {
                for (long hint : absurd) {
                    for (long idle : absurd) {
                        Heartbeat one = heart(Pace.FAST);
                        one.hints(min, max, hint, idle, 0);
                        assertThat(one.intervalMillis()).isBetween(1_000L, 1_800_000L);
                        one.next(0xFFFFFFFFL, 0);
                        assertThat(one.intervalMillis()).isBetween(1_000L, 1_800_000L);
                    }
                }
            }
        }
    }
}
