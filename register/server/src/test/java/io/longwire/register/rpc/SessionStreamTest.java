package io.longwire.register.rpc;

import io.longwire.keeper.config.Live;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.register.fakes.SlotMaps;
import io.longwire.register.slots.Ownership;
import io.longwire.register.slots.Rooms;
import io.longwire.register.table.SessionTable;
import io.longwire.rpc.cluster.Stamp;
import io.longwire.rpc.register.LookupBatch;
import io.longwire.rpc.register.LookupResult;
import io.longwire.rpc.register.SessionBatch;
import io.longwire.rpc.register.SessionChange;
import io.longwire.rpc.register.SessionResult.Code;
import io.longwire.testkit.cluster.FakeCluster;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Both streams over a real table: ordering rules, flushes, fencing, epochs. */
class SessionStreamTest {
    private static final int SLOT = 7;
    private static final int LOST = 8;
    private static final long EP = 1L << 12 | SLOT;
    private static final long EP2 = 2L << 12 | SLOT;
    private static final int ROOM_A = 1;
    private static final int ROOM_B = 2;

    private final VirtualClock clock = new VirtualClock();
    private final FakeCluster cluster = FakeCluster.of("register");
    private final PrometheusMetrics metrics = new PrometheusMetrics();
    private final Rooms rooms = new Rooms(clock);
    private final SessionTable table = new SessionTable(10_000, rooms);
    private final Ownership ownership = new Ownership(cluster, table, rooms, clock,
            Live.fixed(Duration.ofSeconds(30)));
    private final SessionCounters counters = new SessionCounters(metrics);
    private final Lookups lookups = new Lookups(cluster, clock, table, ownership, metrics);
    private final SessionStream fromA = stream();
    private final SessionStream fromB = stream();
    private long epoch = 5;

    @BeforeEach
    void gain() {
        rooms.listen(ownership);
        rooms.follow(FakeCluster.members("room", ROOM_A, ROOM_B));
        ownership.follow(SlotMaps.of(5, slot -> slot == SLOT));
        cluster.publish(SlotMaps.of(99, slot -> false));
        clock.advance(Duration.ofSeconds(2));
    }

    @AfterEach
    void close() {
        table.close();
        metrics.close();
    }

    @Test
    void lateOfflineOfAnOldRoomNeverErasesANewerSession() {
        assertThat(a(put(EP, 10))).containsExactly(Code.STORED);
        assertThat(b(put(EP, 11))).containsExactly(Code.DISPLACED);

        assertThat(a(remove(EP, 10))).containsExactly(Code.SUPERSEDED);

        assertThat(lookup(EP).getSession().getRoomIncarnation()).isEqualTo(ROOM_B);
    }

    @Test
    void delayedPutOfAnOldRoomLosesToTheNewerLogin() {
        b(put(EP, 11));

        var reply = fromA.apply(batch(ROOM_A, put(EP, 10)));

        assertThat(reply.getResults(0).getCode()).isEqualTo(Code.INCUMBENT);
        assertThat(reply.getResults(0).getOther().getConnSeq()).isEqualTo(11);
        assertThat(reply.getResults(0).getOther().getRoomIncarnation()).isEqualTo(ROOM_B);
        assertThat(lookup(EP).getSession().getConnSeq()).isEqualTo(11);
    }

    @Test
    void equalConnSeqOfADeadIncarnationIsReplaced() {
        a(put(EP, 10));
        assertThat(b(put(EP, 10))).containsExactly(Code.INCUMBENT);

        rooms.follow(FakeCluster.members("room", ROOM_B));

        assertThat(b(put(EP, 10))).containsExactly(Code.STORED);
        assertThat(a(put(EP, 12))).containsExactly(Code.FENCED);
        assertThat(lookup(EP).getSession().getRoomIncarnation()).isEqualTo(ROOM_B);
    }

    @Test
    void flushErasesWhatTheRoomNoLongerHasAndOnlyThat() {
        a(put(EP, 10), put(EP2, 10));
        b(put(3L << 12 | SLOT, 10));

        assertThat(a(begin(SLOT), put(EP2, 10), end(SLOT)))
                .containsExactly(Code.FLUSHED, Code.STORED, Code.FLUSHED);

        assertThat(lookup(EP).getState()).isNotEqualTo(LookupResult.State.ONLINE);
        assertThat(lookup(EP2).getState()).isEqualTo(LookupResult.State.ONLINE);
        assertThat(table.size()).isEqualTo(2);
        assertThat(counters.flushErased.count()).isEqualTo(1);
    }

    @Test
    void flushKeepsWhatWasPutTheOrdinaryWayMeanwhile() {
        a(put(EP, 10));
        a(begin(SLOT));
        a(put(EP, 11));
        a(put(EP2, 5));

        a(end(SLOT));

        assertThat(lookup(EP).getSession().getConnSeq()).isEqualTo(11);
        assertThat(lookup(EP2).getState()).isEqualTo(LookupResult.State.ONLINE);
    }

    @Test
    void flushDoesNotEraseASessionThatMovedToAnotherRoomMeanwhile() {
        a(put(EP, 10));
        a(begin(SLOT));
        b(put(EP, 11));

        a(end(SLOT));

        assertThat(lookup(EP).getSession().getRoomIncarnation()).isEqualTo(ROOM_B);
    }

    @Test
    void flushTornByABrokenStreamErasesAndCompletesNothing() {
        a(put(EP, 10));
        a(begin(SLOT));

        var again = stream();
        assertThat(codes(again, ROOM_A, end(SLOT))).containsExactly(Code.FENCED);

        assertThat(lookup(EP).getState()).isEqualTo(LookupResult.State.ONLINE);
        b(begin(SLOT), end(SLOT));
        assertThat(lookup(EP2).getState()).isEqualTo(LookupResult.State.UNKNOWN);
    }

    @Test
    void offlineOnlyAfterEveryRoomHasFlushed() {
        a(begin(SLOT), put(EP, 10), end(SLOT));
        assertThat(lookup(EP).getState()).isEqualTo(LookupResult.State.ONLINE);
        assertThat(lookup(EP2).getState()).isEqualTo(LookupResult.State.UNKNOWN);

        b(begin(SLOT), end(SLOT));

        assertThat(lookup(EP2).getState()).isEqualTo(LookupResult.State.OFFLINE);
        assertThat(lookup(EP2).getCompleteByFlush()).isTrue();
    }

    @Test
    void offlineByTimeSaysSo() {
        clock.advance(Duration.ofSeconds(30));

        assertThat(lookup(EP).getState()).isEqualTo(LookupResult.State.OFFLINE);
        assertThat(lookup(EP).getCompleteByFlush()).isFalse();
    }

    @Test
    void flushByAMapOlderThanTheGainDoesNotCount() {
        epoch = 4;
        assertThat(a(begin(SLOT), put(EP, 10), end(SLOT)))
                .containsExactly(Code.NOT_OWNER, Code.STORED, Code.FENCED);

        epoch = 6;
        assertThat(b(begin(SLOT), end(SLOT))).containsExactly(Code.FLUSHED, Code.FLUSHED);
        assertThat(lookup(EP2).getState()).isEqualTo(LookupResult.State.UNKNOWN);
    }

    @Test
    void flushOverALossOfTheSlotDoesNotCount() {
        a(begin(SLOT));
        ownership.follow(SlotMaps.of(6, slot -> false));
        ownership.follow(SlotMaps.of(7, slot -> slot == SLOT));
        epoch = 7;

        assertThat(a(end(SLOT))).containsExactly(Code.NOT_OWNER);
    }

    @Test
    void slotOfAnotherIsRefusedAndTheMapOfTheStampIsHeard() {
        long elsewhere = 1L << 12 | LOST;
        epoch = 9;
        var reply = fromA.apply(batch(ROOM_A, put(elsewhere, 1), remove(elsewhere, 1), begin(LOST), put(EP, 1)));

        assertThat(reply.getResultsList().stream().map(r -> r.getCode())).containsExactly(Code.NOT_OWNER,
                Code.NOT_OWNER, Code.NOT_OWNER, Code.STORED);
        assertThat(reply.getStamp().getMapEpoch()).isEqualTo(99);
        assertThat(cluster.heardStamps()).extracting(Stamp::getMapEpoch).containsExactly(9L);
        assertThat(lookup(elsewhere).getState()).isEqualTo(LookupResult.State.UNKNOWN);
    }

    @Test
    void absenceIsUnknownToACallerWithANewerMap() {
        a(begin(SLOT), put(EP, 1), end(SLOT));
        b(begin(SLOT), end(SLOT));
        epoch = 6;

        assertThat(lookup(EP).getState()).isEqualTo(LookupResult.State.ONLINE);
        assertThat(lookup(EP2).getState()).isEqualTo(LookupResult.State.UNKNOWN);
        epoch = 4;
        assertThat(lookup(EP2).getState()).isEqualTo(LookupResult.State.OFFLINE);
    }

    @Test
    void fencedRegisterAcksNothingAndKnowsNothing() {
        a(put(EP, 1));
        cluster.fence(true);

        assertThat(a(put(EP, 2), remove(EP, 1), begin(SLOT), end(SLOT))).containsExactly(Code.FENCED, Code.FENCED,
                Code.FENCED, Code.FENCED);
        assertThat(lookup(EP).getState()).isEqualTo(LookupResult.State.UNKNOWN);
        cluster.fence(false);
        assertThat(lookup(EP).getSession().getConnSeq()).isEqualTo(1);
    }

    @Test
    void namesTheSlotsThatAreStillToBeFlushed() {
        a(begin(SLOT), end(SLOT));
        assertThat(fromB.apply(batch(ROOM_B, put(EP, 1))).getFlushWantedList()).isEmpty();

        clock.advance(Duration.ofSeconds(2));

        assertThat(fromB.apply(batch(ROOM_B, put(EP, 1))).getFlushWantedList()).containsExactly(SLOT);
        assertThat(fromB.apply(batch(ROOM_B, put(EP, 1))).getFlushWantedList()).isEmpty();
        assertThat(fromA.apply(batch(ROOM_A, put(EP2, 1))).getFlushWantedList()).isEmpty();
    }

    @Test
    void forgetsTheOldestOfTooManyOpenFlushes() {
        ownership.follow(SlotMaps.of(6, slot -> true));
        epoch = 6;
        for (int slot = 0; slot <= SlotFlushes.MAX_OPEN; slot++) {
            a(begin(slot));
        }

        assertThat(a(end(0), end(1), end(SlotFlushes.MAX_OPEN))).containsExactly(Code.FENCED, Code.FLUSHED,
                Code.FLUSHED);
    }

    @Test
    void nonsenseEndsTheStream() {
        assertThatThrownBy(() -> a(begin(4096))).hasMessage("slot: 4096 (expected: 0 to 4095)");
        assertThatThrownBy(() -> a(put(EP, 0))).hasMessage("conn_seq: 0 (expected: 1 to 2^48 - 1)");
    }

    private SessionStream stream() {
        return new SessionStream(cluster, clock, table, ownership, rooms, counters);
    }

    private List<Code> a(SessionChange.Builder... changes) {
        return codes(fromA, ROOM_A, changes);
    }

    private List<Code> b(SessionChange.Builder... changes) {
        return codes(fromB, ROOM_B, changes);
    }

    private List<Code> codes(SessionStream stream, int room, SessionChange.Builder... changes) {
        return stream.apply(batch(room, changes)).getResultsList().stream().map(result -> result.getCode()).toList();
    }

    private SessionBatch batch(int room, SessionChange.Builder... changes) {
        var batch = SessionBatch.newBuilder().setRoomIncarnation(room)
                .setStamp(Stamp.newBuilder().setMapEpoch(epoch));
        for (SessionChange.Builder change : changes) {
            batch.addChanges(change);
        }
        return batch.build();
    }

    private LookupResult lookup(long endpointId) {
        return lookups.answer(LookupBatch.newBuilder().setStamp(Stamp.newBuilder().setMapEpoch(epoch))
                .addEndpointIds(endpointId).build()).getResults(0);
    }

    private static SessionChange.Builder put(long endpointId, long connSeq) {
        return SessionChange.newBuilder().setKind(SessionChange.Kind.PUT).setEndpointId(endpointId)
                .setConnSeq(connSeq).setHandle(1);
    }

    private static SessionChange.Builder remove(long endpointId, long connSeq) {
        return SessionChange.newBuilder().setKind(SessionChange.Kind.REMOVE).setEndpointId(endpointId)
                .setConnSeq(connSeq);
    }

    private static SessionChange.Builder begin(int slot) {
        return SessionChange.newBuilder().setKind(SessionChange.Kind.FLUSH_BEGIN).setSlot(slot);
    }

    private static SessionChange.Builder end(int slot) {
        return SessionChange.newBuilder().setKind(SessionChange.Kind.FLUSH_END).setSlot(slot);
    }
}
