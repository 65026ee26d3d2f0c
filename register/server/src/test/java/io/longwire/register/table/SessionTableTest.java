package io.longwire.register.table;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SessionTableTest {
    private static final int ROOM_A = 1;
    private static final int ROOM_B = 65_535;
    private static final long EP = 0x1234_5678_9abc_d007L;

    private final Set<Integer> dead = new HashSet<>();
    private final SessionTable table = new SessionTable(100_000, room -> !dead.contains(room));
    private final SessionEntry other = new SessionEntry();
    private final SessionEntry found = new SessionEntry();

    @AfterEach
    void close() {
        table.close();
    }

    @Test
    void findsWhatWasPut() {
        assertThat(table.put(EP, SessionTable.MAX_CONN_SEQ, ROOM_B, -7, other)).isEqualTo(PutOutcome.STORED);

        assertThat(table.find(EP, found)).isTrue();
        assertThat(found.endpointId()).isEqualTo(EP);
        assertThat(found.connSeq()).isEqualTo(SessionTable.MAX_CONN_SEQ);
        assertThat(found.roomIncarnation()).isEqualTo(ROOM_B);
        assertThat(found.handle()).isEqualTo(-7);
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void newerSessionDisplacesTheOlderOne() {
        table.put(EP, 10, ROOM_A, 1, other);

        assertThat(table.put(EP, 11, ROOM_B, 2, other)).isEqualTo(PutOutcome.DISPLACED);
        assertThat(other.connSeq()).isEqualTo(10);
        assertThat(other.roomIncarnation()).isEqualTo(ROOM_A);
        assertThat(other.handle()).isEqualTo(1);
        assertThat(table.find(EP, found)).isTrue();
        assertThat(found.connSeq()).isEqualTo(11);
    }

    @Test
    void delayedPutOfAnOldRoomLosesToTheNewerLogin() {
        table.put(EP, 11, ROOM_B, 2, other);

        assertThat(table.put(EP, 10, ROOM_A, 1, other)).isEqualTo(PutOutcome.INCUMBENT);
        assertThat(other.connSeq()).isEqualTo(11);
        assertThat(other.roomIncarnation()).isEqualTo(ROOM_B);
        assertThat(other.handle()).isEqualTo(2);
        assertThat(table.find(EP, found)).isTrue();
        assertThat(found.roomIncarnation()).isEqualTo(ROOM_B);
    }

    @Test
    void lateOfflineOfAnOldRoomNeverErasesTheNewerSession() {
        table.put(EP, 10, ROOM_A, 1, other);
        table.put(EP, 11, ROOM_B, 2, other);

        assertThat(table.remove(EP, 10, ROOM_A)).isEqualTo(RemoveOutcome.SUPERSEDED);
        assertThat(table.find(EP, found)).isTrue();
        assertThat(table.remove(EP, 11, ROOM_B)).isEqualTo(RemoveOutcome.REMOVED);
        assertThat(table.remove(EP, 11, ROOM_B)).isEqualTo(RemoveOutcome.ABSENT);
        assertThat(table.find(EP, found)).isFalse();
        assertThat(table.size()).isZero();
    }

    @Test
    void onlyANewerSessionSaysThatARemovedOneIsSuperseded() {
        table.put(EP, 10, ROOM_A, 1, other);

        assertThat(table.remove(EP, 10, ROOM_B)).as("the same one under another incarnation")
                .isEqualTo(RemoveOutcome.ABSENT);
        assertThat(table.remove(EP, 11, ROOM_B)).as("an older one").isEqualTo(RemoveOutcome.ABSENT);
        assertThat(table.find(EP, found)).as("is not touched").isTrue();
        assertThat(found.roomIncarnation()).isEqualTo(ROOM_A);
    }

    @Test
    void sameSessionAgainIsStoredWithItsNewHandle() {
        table.put(EP, 10, ROOM_A, 1, other);

        assertThat(table.put(EP, 10, ROOM_A, 9, other)).isEqualTo(PutOutcome.STORED);
        assertThat(table.find(EP, found)).isTrue();
        assertThat(found.handle()).isEqualTo(9);
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void equalConnSeqOfAnotherLiveRoomStays() {
        table.put(EP, 10, ROOM_A, 1, other);

        assertThat(table.put(EP, 10, ROOM_B, 2, other)).isEqualTo(PutOutcome.INCUMBENT);
        assertThat(other.roomIncarnation()).isEqualTo(ROOM_A);
    }

    @Test
    void entryOfADeadRoomIsAbsentAndGivesWayToAnyConnSeq() {
        table.put(EP, 10, ROOM_A, 1, other);
        dead.add(ROOM_A);

        assertThat(table.find(EP, found)).isFalse();
        assertThat(table.remove(EP, 10, ROOM_B)).isEqualTo(RemoveOutcome.ABSENT);
        assertThat(table.put(EP, 10, ROOM_B, 2, other)).isEqualTo(PutOutcome.STORED);
        assertThat(table.find(EP, found)).isTrue();
        assertThat(found.roomIncarnation()).isEqualTo(ROOM_B);

        dead.add(ROOM_B);
        assertThat(table.put(EP, 3, 7, 3, other)).isEqualTo(PutOutcome.STORED);
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void sweepErasesOnlyTheRoomsGone() {
        for (int i = 1; i <= 5_000; i++) {
            table.put((long) i << 12 | 7, i, i % 3, i, other);
        }

        assertThat(table.sweep(7, room -> room == 1)).isEqualTo(1_667);
        assertThat(table.sweep(7, room -> room == 1)).isZero();
        assertThat(table.size()).isEqualTo(3_333);
        for (int i = 1; i <= 5_000; i++) {
            assertThat(table.find((long) i << 12 | 7, found)).isEqualTo(i % 3 != 1);
        }
    }

    @Test
    void showsTheEntriesOfOneRoomInOneSlot() {
        table.put(1 << 12 | 7, 1, ROOM_A, 1, other);
        table.put(2 << 12 | 7, 2, ROOM_B, 1, other);
        table.put(3 << 12 | 8, 3, ROOM_A, 1, other);

        List<Long> shown = new ArrayList<>();
        table.forEachOf(7, ROOM_A, (endpointId, connSeq, room, handle) -> shown.add(endpointId));
        table.forEachOf(7, 3, (endpointId, connSeq, room, handle) -> shown.add(endpointId));

        assertThat(shown).containsExactly(1L << 12 | 7);
    }

    @Test
    void fullTableRefusesNewEndpointsOnly() {
        try (var small = new SessionTable(2, room -> true)) {
            small.put(1, 1, ROOM_A, 1, other);
            small.put(2, 1, ROOM_A, 1, other);

            assertThat(small.put(3, 1, ROOM_A, 1, other)).isEqualTo(PutOutcome.FULL);
            assertThat(small.find(3, found)).isFalse();
            assertThat(small.put(2, 2, ROOM_A, 1, other)).isEqualTo(PutOutcome.DISPLACED);
            small.remove(1, 1, ROOM_A);
            assertThat(small.put(3, 1, ROOM_A, 1, other)).isEqualTo(PutOutcome.STORED);
        }
    }

    @Test
    void costsAtMostFortyBytesAnEntryOverAllSlots() {
        try (var large = new SessionTable(1_000_000, room -> true)) {
            // 6 slots stand for all: each takes its steps of growth at sizes of its own.
            for (int i = 1; i <= 6 * 80_000; i++) {
                large.put((long) i << 12 | i % 6, 1, ROOM_A, 1, other);
                if (i % 1_000 == 0 && i > 6 * 9_000) {
                    assertThat(large.bytes()).as("%s entries", i).isLessThanOrEqualTo(i * 40L);
                }
            }
        }
    }

    @Test
    void givesMemoryBack() {
        for (int i = 1; i <= 30_000; i++) {
            table.put((long) i << 12 | 7, 1, i <= 29_000 ? ROOM_A : ROOM_B, 1, other);
        }

        table.sweep(7, room -> room == ROOM_A);
        assertThat(table.bytes()).isLessThan(60_000);
        table.clear(7);
        assertThat(table.bytes()).isZero();
        assertThat(table.size()).isZero();
        assertThat(table.put(1 << 12 | 7, 1, ROOM_A, 1, other)).isEqualTo(PutOutcome.STORED);
    }

    @Test
    void closedTableIsEmptyAndFull() {
        table.put(EP, 10, ROOM_A, 1, other);
        table.close();

        assertThat(table.find(EP, found)).isFalse();
        assertThat(table.put(EP, 10, ROOM_A, 1, other)).isEqualTo(PutOutcome.FULL);
    }

    @Test
    void refusesNumbersThatDoNotFit() {
        assertThatThrownBy(() -> table.put(EP, 0, ROOM_A, 1, other))
                .hasMessage("conn_seq: 0 (expected: 1 to 2^48 - 1)");
        assertThatThrownBy(() -> table.put(EP, 1L << 48, ROOM_A, 1, other)).hasMessageStartingWith("conn_seq: ");
        assertThatThrownBy(() -> table.put(EP, 1, 65_536, 1, other))
                .hasMessage("room_incarnation: 65536 (expected: 0 to 65535)");
    }
}
