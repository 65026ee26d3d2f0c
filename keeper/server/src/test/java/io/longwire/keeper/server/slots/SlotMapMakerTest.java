package io.longwire.keeper.server.slots;

import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.cluster.SlotMapRecord;
import java.nio.ShortBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SlotMapMakerTest {
    @Test
    void spreadsTheSlotsEvenlyOverBothRanks() {
        var record = SlotMapMaker.make(1, registers(6, "dc1"), 0);

        int[] owned = new int[6];
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            owned[owner(record, slot, 0)]++;
            owned[owner(record, slot, 1)]++;
            assertThat(owner(record, slot, 0)).isNotEqualTo(owner(record, slot, 1));
        }
        for (int count : owned) {
            assertThat(count / (Slots.COUNT * 2 / 6.0)).isBetween(0.9, 1.1);
        }
    }

    @Test
    void movesOnlyTheSlotsOfAMemberThatLeaves() {
        var before = SlotMapMaker.make(1, registers(5, "dc1"), 0);
        var after = SlotMapMaker.make(2, registers(5, "dc1").subList(0, 4), 0);

        for (int slot = 0; slot < Slots.COUNT; slot++) {
            String first = before.getInstances(owner(before, slot, 0));
            String second = before.getInstances(owner(before, slot, 1));
            var now = List.of(after.getInstances(owner(after, slot, 0)), after.getInstances(owner(after, slot, 1)));
            for (String stays : List.of(first, second)) {
                if (!stays.equals("register-4")) {
                    assertThat(now).contains(stays);
                }
            }
        }
    }

    @Test
    void takesTheSecondOwnerFromAnotherIdcWhereThereIsOne() {
        var members = new ArrayList<>(registers(3, "dc1"));
        members.add(member("other", "dc2", false));
        var record = SlotMapMaker.make(1, members, 0);

        for (int slot = 0; slot < Slots.COUNT; slot++) {
            assertThat(record.getIdcs(owner(record, slot, 0))).isNotEqualTo(record.getIdcs(owner(record, slot, 1)));
        }
    }

    @Test
    void dependsOnTheMembersAloneAndNotOnTheirOrder() {
        var shuffled = new ArrayList<>(registers(7, "dc1"));
        Collections.reverse(shuffled);

        assertThat(SlotMapMaker.make(3, shuffled, 0)).isEqualTo(SlotMapMaker.make(3, registers(7, "dc1"), 0));
    }

    @Test
    void namesNoOwnerWhereThereIsNoMember() {
        var alone = SlotMapMaker.make(1, registers(1, "dc1"), 0);

        assertThat(owner(alone, 9, 0)).isZero();
        assertThat(owner(alone, 9, 1)).isEqualTo(0xffff);
        assertThat(owner(SlotMapMaker.make(2, List.of(), 0), 9, 0)).isEqualTo(0xffff);
    }

    @Test
    void keepsAVanishedMemberForTheHoldDownAndADrainingOneNotAtAll() {
        var holdDown = new HoldDown(Duration.ofSeconds(10));
        var two = registers(2, "dc1");
        holdDown.follow(two, seconds(1));

        assertThat(holdDown.follow(two.subList(0, 1), seconds(2))).hasSize(2);
        assertThat(holdDown.untilNext(seconds(5))).isEqualTo(seconds(7));
        assertThat(holdDown.follow(two.subList(0, 1), seconds(12))).containsExactly(two.getFirst());
        assertThat(holdDown.follow(two, seconds(13))).hasSize(2);
        assertThat(holdDown.follow(List.of(two.getFirst(), member("register-1", "dc1", true)), seconds(14)))
                .containsExactly(two.getFirst());
        assertThat(holdDown.untilNext(seconds(14))).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void holdsThoseOfAStandingMapFromTheMomentItIsReadOn() {
        var holdDown = new HoldDown(Duration.ofSeconds(10));
        var three = registers(3, "dc1");
        holdDown.follow(three.subList(1, 2), seconds(1));
        holdDown.follow(List.of(), seconds(5)); // register-1 is missed since then

        holdDown.hold(three, seconds(7));

        assertThat(holdDown.follow(three.subList(0, 1), seconds(8))).containsExactlyInAnyOrderElementsOf(three);
        assertThat(holdDown.follow(three.subList(0, 1), seconds(15))).containsExactlyInAnyOrder(three.getFirst(),
                three.getLast());
        assertThat(holdDown.follow(three.subList(0, 1), seconds(17))).containsExactly(three.getFirst());
    }

    @Test
    void holdsNobodyOfAStandingMapWhenAllWereStartedAnew() {
        var holdDown = new HoldDown(Duration.ofSeconds(10));
        var old = registers(2, "dc1");
        var fresh = List.of(member("fresh-1", "dc1", false), member("fresh-2", "dc1", false));

        holdDown.hold(old, seconds(1));
        assertThat(holdDown.follow(List.of(), seconds(2))).as("nobody is there yet").hasSize(2);
        assertThat(holdDown.follow(fresh.subList(0, 1), seconds(3))).containsExactly(fresh.getFirst());

        var another = new HoldDown(Duration.ofSeconds(10));
        another.follow(old.subList(0, 1), seconds(1));
        another.hold(old, seconds(2));
        assertThat(another.follow(old.subList(0, 1), seconds(3))).as("one of the map is known, and alive").hasSize(2);
    }

    private static long seconds(int n) {
        return Duration.ofSeconds(n).toNanos();
    }

    private static int owner(SlotMapRecord record, int slot, int rank) {
        ShortBuffer owners = record.getOwners().asReadOnlyByteBuffer().asShortBuffer();
        return owners.get(slot * 2 + rank) & 0xffff;
    }

    private static List<Member> registers(int count, String idc) {
        var members = new ArrayList<Member>();
        for (int i = 0; i < count; i++) {
            members.add(member("register-" + i, idc, false));
        }
        return members;
    }

    private static Member member(String instance, String idc, boolean draining) {
        return new Member("register", instance, 1, "127.0.0.1", idc, "127.0.0.1:1", "", 0, draining, Map.of());
    }
}
