package io.longwire.room.fetch;

import io.longwire.room.metric.RoomMetric;
import io.longwire.room.rig.Phone;
import io.longwire.room.rig.RoomRig;
import io.longwire.rpc.room.ControlItem;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.FetchResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FetchTest {
    private final RoomRig rig = new RoomRig();

    @Test
    void triesAgainAfterOneTwoFourSecondsUntilItSucceeds() {
        rig.saver.fetchCode = FetchResult.Code.UNAVAILABLE;
        long waiting = rig.store(5);
        Phone phone = rig.loggedIn(5);
        int first = rig.saver.fetches.size();

        List<Integer> after = new ArrayList<>();
        for (int second = 1; second <= 130; second++) {
            int before = rig.saver.fetches.size();
            rig.advance(Duration.ofSeconds(1));
            if (rig.saver.fetches.size() > before) {
                after.add(second);
            }
        }
        assertThat(first).isEqualTo(1);
        assertThat(after).hasSizeBetween(6, 8); // 1 + 2 + 4 + 8 + 16 + 32 = 63, then every 60
        assertThat(phone.pushes()).isEmpty();

        rig.saver.fetchCode = FetchResult.Code.OK;
        rig.advance(Duration.ofSeconds(61));
        assertThat(phone.pushedIds()).containsExactly(waiting);
        phone.ackUpTo(1);
        int done = rig.saver.fetches.size();
        rig.advance(Duration.ofSeconds(61));
        assertThat(rig.saver.fetches).hasSize(done);
    }

    @Test
    void aPartialAnswerIsDeliveredAndAskedAgain() {
        rig.saver.fetchCode = FetchResult.Code.PARTIAL;
        long waiting = rig.store(5);
        Phone phone = rig.loggedIn(5);
        assertThat(phone.pushedIds()).containsExactly(waiting);
        rig.saver.fetchCode = FetchResult.Code.OK;
        long fromTheLedger = rig.store(5);

        rig.advance(Duration.ofMillis(1_100));

        assertThat(phone.pushedIds()).containsExactly(waiting, fromTheLedger);
        assertThat(rig.saver.fetches.getLast().getSkipIdsList()).containsExactly(waiting);
    }

    @Test
    void drainsALargeInboxWindowByWindowInOrderOfIds() {
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(rig.store(5));
        }
        Phone phone = rig.loggedIn(5);
        assertThat(phone.pushes()).hasSize(8);

        for (int i = 0; i < 10; i++) {
            phone.ackUpTo(phone.pushes().getLast().getSeq());
            rig.advance(Duration.ofMillis(100));
        }

        assertThat(phone.pushedIds()).containsExactlyElementsOf(all);
        assertThat(rig.saver.inboxes.get(5L)).isEmpty();
    }

    @Test
    void goesOnPastWhatWasAckedWhileNoSaverConfirmsIt() {
        rig.saver.endCode = EndResult.Code.UNAVAILABLE;
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.add(rig.store(5));
        }
        Phone phone = rig.loggedIn(5);

        ackAll(phone);

        assertThat(phone.pushedIds()).containsExactlyElementsOf(all);
    }

    @Test
    void anInboxThatShowsNothingButWhatWasAckedIsNotAskedAgainAndAgain() {
        rig.saver.mostSkipped = 64;
        rig.saver.endCode = EndResult.Code.UNAVAILABLE;
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(rig.store(5));
        }
        Phone phone = rig.loggedIn(5);
        for (int i = 0; i < 8; i++) {
            phone.ackUpTo(phone.pushes().getLast().getSeq());
        }
        rig.saver.hold = true; // or it would be asked without an end
        phone.ackUpTo(phone.pushes().getLast().getSeq());
        int before = rig.saver.fetches.size();
        for (int i = 0; i < 20; i++) {
            rig.saver.release();
            rig.settle();
        }
        assertThat(rig.saver.fetches.size() - before).as("within no time").isLessThan(3);

        rig.saver.hold = false;
        rig.saver.endCode = EndResult.Code.ENDED_NOW;
        rig.saver.release();
        rig.advance(Duration.ofSeconds(5));
        ackAll(phone);

        assertThat(phone.pushedIds()).containsExactlyElementsOf(all);
    }

    @Test
    void aReasonThatComesWhileAFetchIsUnderWayHasItsOwnFetch() {
        rig.saver.hold = true;
        Phone phone = rig.loggedIn(5);
        rig.saver.hold = false;
        long storedMeanwhile = rig.store(5);
        assertThat(rig.control(ControlItem.Kind.FETCH, rig.session(5)))
                .isCompletedWithValue(ControlResult.Code.DONE);
        assertThat(phone.pushes()).isEmpty();

        rig.saver.release();
        rig.settle();

        assertThat(phone.pushedIds()).containsExactly(storedMeanwhile);
    }

    @Test
    void aPushDuringAFetchIsNotWrittenTwice() {
        rig.saver.hold = true;
        long id = rig.store(5);
        Phone phone = rig.loggedIn(5);
        rig.push(rig.item(rig.session(5), id).build());

        rig.saver.release();
        rig.settle();

        assertThat(phone.pushedIds()).containsExactly(id);
    }

    @Test
    void anAnswerForASessionThatIsGoneIsDropped() {
        rig.saver.hold = true;
        rig.store(5);
        Phone phone = rig.loggedIn(5);
        phone.drop();

        rig.saver.release();
        rig.settle();

        assertThat(phone.pushes()).isEmpty();
        assertThat(rig.metrics.count(RoomMetric.LOOP_BUGS)).isZero();
    }

    @Test
    void waitsForTheTimeTheSaverNames() {
        Phone phone = rig.loggedIn(5);
        rig.saver.nextDueMillis = rig.now() + 5_000;
        rig.control(ControlItem.Kind.FETCH, rig.session(5));
        int before = rig.saver.fetches.size();
        rig.advance(Duration.ofSeconds(4));
        assertThat(rig.saver.fetches).hasSize(before);
        rig.saver.nextDueMillis = 0;
        long due = rig.store(5);

        rig.advance(Duration.ofSeconds(2));

        assertThat(phone.pushedIds()).containsExactly(due);
    }

    @Test
    void looksASecondAfterAnAckThoughTheSaverNamedALaterTime() {
        Phone phone = rig.loggedIn(5);
        rig.saver.nextDueMillis = rig.now() + Duration.ofMinutes(30).toMillis();
        rig.control(ControlItem.Kind.FETCH, rig.session(5));
        rig.saver.nextDueMillis = 0;
        long held = rig.store(5);
        rig.advance(Duration.ofSeconds(20));
        assertThat(phone.pushedIds()).as("no ack yet").isEmpty();

        long fresh = rig.store(5);
        rig.push(rig.item(rig.session(5), fresh).build());
        phone.ackUpTo(phone.pushes().getLast().getSeq());
        rig.advance(Duration.ofSeconds(2));

        assertThat(phone.pushedIds()).containsExactly(fresh, held);
    }

    @Test
    void looksAgainUntilTheSaverKnowsOfTheAck() {
        Phone phone = rig.loggedIn(5);
        rig.saver.endCode = EndResult.Code.UNAVAILABLE;
        rig.saver.nextDueMillis = rig.now() + Duration.ofMinutes(30).toMillis();
        rig.control(ControlItem.Kind.FETCH, rig.session(5));
        long held = rig.store(5);
        long fresh = rig.store(5);
        rig.push(rig.item(rig.session(5), fresh).build());
        phone.ackUpTo(phone.pushes().getLast().getSeq());
        rig.advance(Duration.ofSeconds(6));
        assertThat(phone.pushedIds()).as("held back: the saver does not know").containsExactly(fresh);

        rig.saver.endCode = EndResult.Code.ENDED_NOW;
        rig.saver.nextDueMillis = 0;
        rig.advance(Duration.ofSeconds(2));

        assertThat(phone.pushedIds()).containsExactly(fresh, held);
    }

    @Test
    void manyThatMustLookAgainAreSpreadAndPaced() {
        var slow = new RoomRig(new io.longwire.room.phone.LoopLimits(100, 1_000, 5, 1_000, RoomRig.UPLINKS));
        List<Phone> phones = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            phones.add(slow.loggedIn(100 + i));
        }
        int before = slow.saver.fetches.size();
        for (int i = 0; i < 30; i++) {
            slow.loops.fetchAgain(100 + i, slow.session(100 + i).handle());
        }
        slow.settle();
        assertThat(slow.saver.fetches).hasSize(before);

        slow.advance(Duration.ofSeconds(2));
        assertThat(slow.saver.fetches.size() - before).isBetween(5, 16); // a burst of 5, then 5 a second
        slow.advance(Duration.ofSeconds(10));
        assertThat(slow.saver.fetches).hasSize(before + 30);
        assertThat(phones).noneMatch(phone -> phone.closedByRoom);
    }

    private void ackAll(Phone phone) {
        for (long before = 0; before < phone.pushes().getLast().getSeq();) {
            before = phone.pushes().getLast().getSeq();
            phone.ackUpTo(before);
            rig.advance(Duration.ofMillis(50));
        }
    }
}
