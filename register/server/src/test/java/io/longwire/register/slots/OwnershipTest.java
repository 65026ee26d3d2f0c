package io.longwire.register.slots;

import io.longwire.keeper.config.Live;
import io.longwire.register.fakes.SlotMaps;
import io.longwire.register.table.SessionEntry;
import io.longwire.register.table.SessionTable;
import io.longwire.testkit.cluster.FakeCluster;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The truth table of completeness, and what a change of the map does. */
class OwnershipTest {
    private static final int SLOT = 7;
    private static final long EP = 1L << 12 | SLOT;

    private final VirtualClock clock = new VirtualClock();
    private final FakeCluster cluster = FakeCluster.of("register");
    private final Rooms rooms = new Rooms(clock);
    private final SessionTable table = new SessionTable(10_000, rooms);
    private final Ownership ownership = new Ownership(cluster, table, rooms, clock,
            Live.fixed(Duration.ofSeconds(30)));
    private final SessionEntry entry = new SessionEntry();

    @BeforeEach
    void listen() {
        rooms.listen(ownership);
    }

    @AfterEach
    void close() {
        table.close();
    }

    @Test
    void ownsWhatTheMapSays() {
        assertThat(ownership.owned(SLOT)).isNull();
        ownership.follow(SlotMaps.of(5, slot -> slot < 10));

        assertThat(ownership.owned(9)).isNotNull();
        assertThat(ownership.owned(10)).isNull();
        assertThat(ownership.count()).isEqualTo(10);
        assertThat(ownership.epoch()).isEqualTo(5);
        ownership.follow(SlotMaps.of(4, slot -> true));
        assertThat(ownership.count()).isEqualTo(10);
    }

    @Test
    void completeByFlushOnceEveryLiveRoomHasFlushed() {
        rooms.follow(FakeCluster.members("room", 1, 300));
        gain(5);
        clock.advance(Duration.ofSeconds(2));

        assertThat(completeness()).isEqualTo(Completeness.NONE);
        ownership.flushed(slot(), 1);
        assertThat(completeness()).isEqualTo(Completeness.NONE);
        ownership.flushed(slot(), 300);
        assertThat(completeness()).isEqualTo(Completeness.BY_FLUSH);
    }

    @Test
    void membershipHasASecondToSettle() {
        rooms.follow(FakeCluster.members("room", 1));
        gain(5);
        ownership.flushed(slot(), 1);

        assertThat(completeness()).isEqualTo(Completeness.NONE);
        clock.advance(Duration.ofSeconds(1));
        assertThat(completeness()).isEqualTo(Completeness.BY_FLUSH);
    }

    @Test
    void completeByTimeAfterHalfAMinuteAndByFlushAfterThat() {
        rooms.follow(FakeCluster.members("room", 1));
        gain(5);

        clock.advance(Duration.ofMillis(29_999));
        assertThat(completeness()).isEqualTo(Completeness.NONE);
        clock.advance(Duration.ofMillis(1));
        assertThat(completeness()).isEqualTo(Completeness.BY_TIME);
        ownership.flushed(slot(), 1);
        assertThat(completeness()).isEqualTo(Completeness.BY_FLUSH);
    }

    @Test
    void roomThatVanishedNoLongerCounts() {
        rooms.follow(FakeCluster.members("room", 1, 2));
        gain(5);
        clock.advance(Duration.ofSeconds(2));
        ownership.flushed(slot(), 1);

        rooms.follow(FakeCluster.members("room", 1));

        assertThat(completeness()).isEqualTo(Completeness.BY_FLUSH);
    }

    @Test
    void roomThatJoinsLaterOwesAFlushToo() {
        rooms.follow(FakeCluster.members("room", 1));
        gain(5);
        clock.advance(Duration.ofSeconds(2));
        ownership.flushed(slot(), 1);

        rooms.follow(FakeCluster.members("room", 1, 2));
        assertThat(completeness()).isEqualTo(Completeness.NONE);
        ownership.flushed(slot(), 2);
        assertThat(completeness()).isEqualTo(Completeness.BY_FLUSH);
    }

    @Test
    void roomThatSpeaksBeforeItIsAMemberCounts() {
        rooms.follow(FakeCluster.members("room", 1));
        gain(5);
        clock.advance(Duration.ofSeconds(2));
        ownership.flushed(slot(), 1);

        rooms.admit(2);

        assertThat(completeness()).isEqualTo(Completeness.NONE);
    }

    @Test
    void roomThatFlickeredHasToFlushAgain() {
        rooms.follow(FakeCluster.members("room", 1, 2));
        gain(5);
        clock.advance(Duration.ofSeconds(2));
        ownership.flushed(slot(), 1);
        ownership.flushed(slot(), 2);

        rooms.follow(FakeCluster.members("room", 1));
        rooms.follow(FakeCluster.members("room", 1, 2));

        assertThat(completeness()).isEqualTo(Completeness.NONE);
        assertThat(slot().isFlushedBy(2)).isFalse();
    }

    @Test
    void withoutAnyKnownRoomOnlyTimeCompletes() {
        gain(5);
        clock.advance(Duration.ofSeconds(29));
        assertThat(completeness()).isEqualTo(Completeness.NONE);
        clock.advance(Duration.ofSeconds(1));
        assertThat(completeness()).isEqualTo(Completeness.BY_TIME);
    }

    @Test
    void keepsCompletenessAndEntriesOverAnEpochInWhichTheSlotStays() {
        rooms.follow(FakeCluster.members("room", 1));
        gain(5);
        clock.advance(Duration.ofSeconds(2));
        ownership.flushed(slot(), 1);
        table.put(EP, 1, 1, 1, entry);
        OwnedSlot before = slot();

        ownership.follow(SlotMaps.of(6, slot -> slot == SLOT || slot == 9));

        assertThat(ownership.stillOwns(before)).isTrue();
        assertThat(before.gainedEpoch()).isEqualTo(5);
        assertThat(completeness()).isEqualTo(Completeness.BY_FLUSH);
        assertThat(table.find(EP, entry)).isTrue();
    }

    @Test
    void slotLostAndGainedAgainStartsEmptyAndIncomplete() {
        rooms.follow(FakeCluster.members("room", 1));
        gain(5);
        clock.advance(Duration.ofSeconds(40));
        ownership.flushed(slot(), 1);
        table.put(EP, 1, 1, 1, entry);
        OwnedSlot before = slot();

        ownership.follow(SlotMaps.of(6, slot -> false));
        assertThat(ownership.stillOwns(before)).isFalse();
        gain(7);

        assertThat(ownership.stillOwns(before)).isFalse();
        assertThat(table.find(EP, entry)).isFalse();
        assertThat(completeness()).isEqualTo(Completeness.NONE);
    }

    @Test
    void lostSlotIsClearedUnlessItCameBack() {
        rooms.follow(FakeCluster.members("room", 1));
        gain(5);
        table.put(EP, 1, 1, 1, entry);
        ownership.clearLost(SLOT);
        assertThat(table.size()).isEqualTo(1);

        ownership.follow(SlotMaps.of(6, slot -> false));
        ownership.clearLost(SLOT);

        assertThat(table.size()).isZero();
    }

    @Test
    void healthSaysWhatIsMissing() {
        assertThat(ownership.health()).contains("no slot map yet: lookups answer UNKNOWN");
        ownership.follow(SlotMaps.of(5, slot -> false));
        assertThat(ownership.health()).contains("owns no slot by map 5");
        gain(6);
        assertThat(ownership.health()).contains("1 of 1 slots are not complete: absent endpoints are UNKNOWN");
        clock.advance(Duration.ofSeconds(30));
        assertThat(ownership.health()).isEmpty();
    }

    @Test
    void drainWaitsUntilTheSlotsAreGivenToOthers() {
        gain(5);
        assertThat(ownership.handOver(Duration.ofMinutes(1))).as("nobody could take them").isTrue();
        cluster.show("register", cluster.self(), FakeCluster.member("register", 9));
        assertThat(ownership.handOver(Duration.ofMillis(1))).isFalse();
        assertThat(cluster.draining()).isTrue();

        ownership.follow(SlotMaps.of(6, slot -> false));

        assertThat(ownership.handOver(Duration.ofMinutes(1))).isTrue();
    }

    private void gain(long epoch) {
        ownership.follow(SlotMaps.of(epoch, slot -> slot == SLOT));
    }

    private OwnedSlot slot() {
        return Objects.requireNonNull(ownership.owned(SLOT));
    }

    private Completeness completeness() {
        return slot().completeness(clock.millis());
    }
}
