package io.longwire.dispatcher.rooms;

import io.longwire.dispatcher.rooms.RoomDirectory.Candidate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RoomChoiceTest {
    private static final int PHONES = 20_000;

    @Test
    void givesAPhoneTheSameFirstRoomWhileOthersComeAndGo() {
        var four = rooms("dc1", 4, 1000);
        var five = new ArrayList<>(four);
        five.addAll(rooms("dc1", 5, 1000).subList(8, 10));
        int moved = 0;
        for (long phone = 0; phone < PHONES; phone++) {
            String before = first(four, phone);
            String after = first(five, phone);
            if (!before.equals(after)) {
                assertThat(after).as("who moves goes to the new room").isEqualTo("room-dc1-4");
                moved++;
            }
        }
        assertThat(moved).isBetween(PHONES / 6, PHONES / 4);
    }

    @Test
    void spreadsPhonesByWhatRoomsCanStillAccept() {
        var mixed = new ArrayList<>(rooms("dc1", 1, 3000));
        mixed.add(new Candidate("small", "dc1", "10.0.9.9", 443, true, 1000));
        Map<String, Integer> counts = new HashMap<>();
        for (long phone = 0; phone < PHONES; phone++) {
            counts.merge(first(mixed, phone), 1, Integer::sum);
        }
        assertThat(counts.get("small")).isBetween((int) (PHONES * 0.23), (int) (PHONES * 0.27));
    }

    @Test
    void namesEachRoomOnceBeforeASecondPortOfOne() {
        var list = RoomChoice.choose(rooms("dc1", 4, 1000), 7, List.of(), 0, 8);

        assertThat(list).hasSize(8);
        assertThat(list.subList(0, 4)).extracting(Candidate::instance).doesNotHaveDuplicates();
        assertThat(list).doesNotHaveDuplicates();
    }

    @Test
    void startsWithTheCallersIdcAndTurnsToAnotherOnEachRetry() {
        var all = new ArrayList<>(rooms("dc1", 2, 1000));
        all.addAll(rooms("dc2", 2, 1000));

        assertThat(RoomChoice.choose(all, 3, List.of("dc2"), 0, 8).getFirst().idc()).isEqualTo("dc2");
        assertThat(RoomChoice.choose(all, 3, List.of("dc2"), 1, 8).getFirst().idc()).isEqualTo("dc1");
        assertThat(RoomChoice.choose(all, 3, List.of("dc2"), 2, 8).getFirst().idc()).isEqualTo("dc2");
    }

    private static String first(List<Candidate> rooms, long phone) {
        return RoomChoice.choose(rooms, phone, List.of(), 0, 1).getFirst().instance();
    }

    /** Two listeners each. */
    private static List<Candidate> rooms(String idc, int count, int freeAccept) {
        var rooms = new ArrayList<Candidate>();
        for (int i = 0; i < count; i++) {
            String name = "room-" + idc + "-" + i;
            rooms.add(new Candidate(name, idc, "10.0.0." + i, 443, true, freeAccept));
            rooms.add(new Candidate(name, idc, "10.0.0." + i, 7001, true, freeAccept));
        }
        return rooms;
    }
}
