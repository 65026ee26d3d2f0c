package io.longwire.register.client;

import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.rpc.register.SessionBatchReply;
import io.longwire.rpc.register.SessionResult;
import io.longwire.testkit.cluster.FakeCluster;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SessionWriterTest {
    private static final int SLOT = 7;
    private static final long EP = 1L << 12 | SLOT;
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualClock clock = new VirtualClock();
    private final FakeCluster cluster = FakeCluster.of("room");
    private final FakeRpc rpc = new FakeRpc();
    private final PrometheusMetrics metrics = new PrometheusMetrics();
    private final FakeSessions room = new FakeSessions();
    private final FakeOwner a = new FakeOwner(rpc, "a");
    private final FakeOwner b = new FakeOwner(rpc, "b");
    private final FakeOwner c = new FakeOwner(rpc, "c");
    private final SessionWriter writer = new SessionWriter(rpc, cluster, clock, metrics, room, Runnable::run);
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void start() {
        cluster.publish(SlotMaps.of(1, "a", "b"));
        clock.advance(SECOND);
        a.flushed.clear();
        b.flushed.clear();
    }

    @AfterEach
    void close() {
        writer.close();
        metrics.close();
    }

    @Test
    void newbornRoomFlushesEverySlotToEveryOwnerEmptyOnesToo() {
        cluster.publish(SlotMaps.of(2, "c", "b"));
        clock.advance(SECOND);

        assertThat(c.flushed).doesNotHaveDuplicates().hasSize(SlotMaps.OWNED);
        assertThat(b.flushed).isEmpty();
        assertThat(writer.dirtySlots()).isZero();
        assertThat(room.fetchedAgain).isEmpty();
    }

    @Test
    void putGoesToBothOwnersAndEachAcknowledgementIsTold() {
        put(EP, 5);

        assertThat(a.sessions).containsEntry(EP, 5L);
        assertThat(b.sessions).containsEntry(EP, 5L);
        assertThat(told).containsExactly("first Stored[]", "second Stored[]");
        remove(EP, 5);
        assertThat(a.sessions).isEmpty();
        assertThat(b.sessions).isEmpty();
    }

    @Test
    void aRemovalIsToldOnceWhatTheOwnersFound() {
        put(EP, 5);
        b.sessions.remove(EP);

        writer.remove(EP, 5, (removed, superseded, absent) -> told.add(removed + " " + superseded + " " + absent));
        writer.remove(EP + 1, 5, (removed, superseded, absent) -> told.add("no owner"));

        assertThat(told).endsWith("1 0 1", "no owner").hasSize(4);
    }

    @Test
    void aPutIsSettledWhenEachOwnerHasAnsweredOrWillNot() {
        b.refusesPuts = true;
        put(EP, 5, new Told() {
            @Override
            public void onSettled() {
                told.add("settled");
            }
        });
        b.refusesPuts = false;
        clock.advance(SECOND.multipliedBy(2));

        assertThat(told).containsExactly("first Stored[]", "owed 1", "settled", "second Stored[]");
    }

    @Test
    void findsTheOwnersKnownAlreadyBeforeItsThreadHasRun() {
        var later = new ArrayList<Runnable>();
        try (var other = new SessionWriter(rpc, cluster, clock, metrics, room, later::add)) {
            room.put(EP, 5);
            other.put(EP, 5, 9, new Told(), Runnable::run);

            assertThat(told).containsExactly("first Stored[]", "second Stored[]");
            assertThat(a.flushed).isEmpty();
            later.forEach(Runnable::run);
            assertThat(a.flushed.size() + b.flushed.size()).isPositive();
        }
    }

    @Test
    void tellsOfTheSessionThatWasDisplacedOrThatStays() {
        a.putAnswer = SessionResult.newBuilder().setCode(SessionResult.Code.DISPLACED).setOther(wire(4, 3));
        b.putAnswer = SessionResult.newBuilder().setCode(SessionResult.Code.INCUMBENT).setOther(wire(6, 3));

        put(EP, 5);

        assertThat(told).containsExactly("first " + new PutResult.Displaced(new Session(EP, 4, 3, 8)),
                "second " + new PutResult.Incumbent(new Session(EP, 6, 3, 8)));
    }

    @Test
    void unacknowledgedPutIsOwedAndAcknowledgedLateByTheFlushOfItsSlot() {
        b.refusesPuts = true;
        put(EP, 5);
        assertThat(told).containsExactly("first Stored[]", "owed 1");

        clock.advance(SECOND.multipliedBy(2));
        assertThat(b.flushed).isEmpty();
        b.refusesPuts = false;
        clock.advance(SECOND);

        assertThat(told).containsExactly("first Stored[]", "owed 1", "second Stored[]");
        assertThat(b.sessions).containsEntry(EP, 5L);
        assertThat(b.flushed).containsExactly(SLOT);
        assertThat(a.flushed).isEmpty();
        assertThat(writer.dirtySlots()).isZero();
    }

    @Test
    void lateFirstAcknowledgementIsStillTheFirst() {
        a.refusesPuts = true;
        b.refusesPuts = true;
        put(EP, 5);
        assertThat(told).containsExactly("owed 0");

        a.refusesPuts = false;
        b.refusesPuts = false;
        clock.advance(SECOND);

        assertThat(told).containsExactly("owed 0", "first Stored[]", "second Stored[]");
    }

    @Test
    void fencedAnswerIsNoAcknowledgement() {
        a.putAnswer = SessionResult.newBuilder().setCode(SessionResult.Code.FENCED);
        put(EP, 5);

        assertThat(told).containsExactly("first Stored[]", "owed 1");
        a.putAnswer = null;
        clock.advance(SECOND);
        assertThat(a.sessions).containsEntry(EP, 5L);
    }

    @Test
    void unacknowledgedRemoveIsMadeGoodByAFlush() {
        put(EP, 5);
        rpc.hold("a:1");
        remove(EP, 5);
        rpc.breakAll("a:1");
        rpc.behave("a:1", batch -> a.answer((io.longwire.rpc.register.SessionBatch) batch));
        assertThat(a.sessions).containsEntry(EP, 5L);

        clock.advance(SECOND);

        assertThat(a.sessions).isEmpty();
        assertThat(a.flushed).containsExactly(SLOT);
    }

    @Test
    void flushIsNotEndedWhenOneOfItsPutsWasNotTaken() {
        put(EP, 5);
        put(EP + 4096, 6);
        b.wanted.add(SLOT);
        put(EP + 8192, 7);
        b.refusesPuts = true;

        clock.advance(SECOND);

        // An end would have erased all three.
        assertThat(b.sessions).hasSize(3);
        assertThat(b.flushed).isEmpty();
        b.refusesPuts = false;
        clock.advance(SECOND);
        assertThat(b.sessions).hasSize(3);
        assertThat(b.flushed).containsExactly(SLOT);
    }

    @Test
    void flushEndWaitsForTheAnswersToItsPuts() {
        put(EP, 5);
        b.wanted.add(SLOT);
        put(EP + 4096, 6);
        rpc.hold("b:1");

        clock.advance(SECOND);

        assertThat(rpc.open).hasSize(3);
        assertThat(rpc.open.toString()).contains("FLUSH_BEGIN").doesNotContain("FLUSH_END");
        rpc.answerAll("b:1", batch -> answer(b, batch));
        assertThat(rpc.open).hasSize(1);
        assertThat(rpc.open.toString()).contains("FLUSH_END");
    }

    @Test
    void slotGainedByANewMapIsSentAtOnceAndOneThatIsKeptIsNot() {
        put(EP, 5);

        cluster.publish(SlotMaps.of(2, "a", "c"));
        clock.advance(SECOND);

        assertThat(c.sessions).containsEntry(EP, 5L);
        assertThat(c.flushed).hasSize(SlotMaps.OWNED);
        assertThat(c.epoch).isEqualTo(2);
        assertThat(a.flushed).isEmpty();
        assertThat(rpc.closed).containsExactly("b:1");
        assertThat(told).containsExactly("first Stored[]", "second Stored[]");
    }

    @Test
    void whatWasOwedToAnOwnerThatLeftIsFetchedAgainAfterTheNextFlush() {
        b.refusesPuts = true;
        put(EP, 5);

        cluster.publish(SlotMaps.of(2, "a", "c"));
        clock.advance(SECOND);

        assertThat(room.fetchedAgain).containsOnly(SLOT).hasSize(2);
        assertThat(c.sessions).containsEntry(EP, 5L);
    }

    @Test
    void putWithoutAnyOwnerIsFetchedAgainOnceThereIsOne() {
        cluster.publish(SlotMaps.of(2, "", ""));
        put(EP, 5);
        assertThat(told).containsExactly("owed 0");

        cluster.publish(SlotMaps.of(3, "a", "b"));
        clock.advance(SECOND);

        assertThat(a.sessions).containsEntry(EP, 5L);
        assertThat(room.fetchedAgain).containsExactly(SLOT, SLOT);
    }

    @Test
    void newIncarnationPutsEverythingAgainAndFetches() {
        put(EP, 5);
        a.incarnations.clear();

        cluster.reincarnate(2);
        clock.advance(SECOND);

        assertThat(a.incarnations).containsExactly(2);
        assertThat(a.flushed).hasSize(SlotMaps.OWNED);
        assertThat(b.flushed).hasSize(SlotMaps.OWNED);
        assertThat(room.fetchedAgain).hasSize(2 * SlotMaps.OWNED);
        assertThat(rpc.closed).containsExactlyInAnyOrder("a:1", "b:1");
    }

    @Test
    void incumbentThatIsItsOwnDeadIncarnationIsAskedAgain() {
        cluster.reincarnate(2);
        clock.advance(SECOND);
        told.clear();
        a.putAnswer = SessionResult.newBuilder().setCode(SessionResult.Code.INCUMBENT).setOther(wire(5, 1));
        put(EP, 5);
        assertThat(told).containsExactly("first Stored[]", "owed 1");

        a.putAnswer = null;
        clock.advance(SECOND);

        assertThat(told).containsExactly("first Stored[]", "owed 1", "second Stored[]");
        assertThat(room.conflicts).isEmpty();
    }

    @Test
    void sessionRemovedWhileItsSlotIsFlushedDoesNotStay() {
        put(EP, 5);
        b.wanted.add(SLOT);
        put(EP + 4096, 6);
        room.duringVisit = () -> {
            room.duringVisit = () -> {
            };
            // As if the loop had removed it before the flush's put was queued: the put comes last.
            remove(EP, 5);
            b.sessions.put(EP, 5L);
        };

        clock.advance(SECOND);
        assertThat(b.flushed).containsExactly(SLOT);
        clock.advance(SECOND);

        assertThat(b.sessions).containsOnlyKeys(EP + 4096);
        assertThat(b.flushed).containsExactly(SLOT, SLOT);
    }

    @Test
    void flushThatMeetsAnotherSessionTellsTheRoom() {
        put(EP, 5);
        a.putAnswer = SessionResult.newBuilder().setCode(SessionResult.Code.INCUMBENT).setOther(wire(6, 3));
        b.wanted.add(SLOT);
        a.wanted.add(SLOT);
        writer.remove(EP + 4096, 1);

        clock.advance(SECOND);

        assertThat(room.conflicts)
                .containsExactly(EP + "/5 " + new PutResult.Incumbent(new Session(EP, 6, 3, 8)));
        assertThat(a.flushed).containsExactly(SLOT);
    }

    @Test
    void flushesAtABoundedPace() {
        for (int i = 0; i < 10_000; i++) {
            room.put((long) i << 12 | i % 50, 1);
        }
        cluster.publish(SlotMaps.of(2, "a", "c"));
        assertThat(c.sessions.size()).isLessThanOrEqualTo(2_200);

        clock.advance(Duration.ofMillis(10));
        assertThat(c.sessions.size()).isBetween(2_200, 4_200);
        clock.advance(Duration.ofMillis(90));
        assertThat(c.sessions).hasSize(10_000);
    }

    @Test
    void visitThatIsNeverDoneIsMadeAgain() {
        put(EP, 5);
        room.neverDone = true;
        b.wanted.add(SLOT);
        put(EP, 6);
        clock.advance(SECOND.multipliedBy(5));
        assertThat(b.flushed).isEmpty();

        room.neverDone = false;
        clock.advance(SECOND.multipliedBy(9));

        assertThat(b.flushed).containsExactly(SLOT);
    }

    @Test
    void fullTableIsLeftInPeaceForAWhile() {
        put(EP, 5);
        a.putAnswer = SessionResult.newBuilder().setCode(SessionResult.Code.FULL);
        put(EP, 6);
        assertThat(told).contains("owed 1");
        a.heard.clear();

        clock.advance(SECOND.multipliedBy(9));
        assertThat(a.heard).containsExactly("put " + EP + "/6");
        a.putAnswer = null;
        clock.advance(SECOND.multipliedBy(4));

        assertThat(a.sessions).containsEntry(EP, 6L);
    }

    @Test
    void floodOfOwedPutsFallsBackToFetchingWholeSlots() {
        b.refusesPuts = true;
        for (int i = 0; i < 70_000; i++) {
            put((long) i << 12 | SLOT, 5);
        }
        told.clear();
        b.refusesPuts = false;

        clock.advance(SECOND.multipliedBy(2));

        assertThat(b.sessions).hasSize(70_000);
        assertThat(told).hasSize(65_536).containsOnly("second Stored[]");
        assertThat(room.fetchedAgain).containsExactly(SLOT);
    }

    private Object answer(FakeOwner owner, Object batch) {
        Object reply = owner.answer((io.longwire.rpc.register.SessionBatch) batch);
        return reply == null ? SessionBatchReply.getDefaultInstance() : reply;
    }

    private void put(long endpointId, long connSeq) {
        room.put(endpointId, connSeq);
        writer.put(endpointId, connSeq, 9, new Told(), Runnable::run);
    }

    private void put(long endpointId, long connSeq, SessionListener listener) {
        room.put(endpointId, connSeq);
        writer.put(endpointId, connSeq, 9, listener, Runnable::run);
    }

    private class Told implements SessionListener {
        @Override
        public void onFirstAck(PutResult result) {
            told.add("first " + result);
        }

        @Override
        public void onSecondAck(PutResult result) {
            told.add("second " + result);
        }

        @Override
        public void onOwed(int acks) {
            told.add("owed " + acks);
        }
    }

    private void remove(long endpointId, long connSeq) {
        room.remove(endpointId);
        writer.remove(endpointId, connSeq);
    }

    private static io.longwire.rpc.register.Session wire(long connSeq, int incarnation) {
        return io.longwire.rpc.register.Session.newBuilder().setEndpointId(EP).setConnSeq(connSeq)
                .setRoomIncarnation(incarnation).setHandle(8).build();
    }
}
