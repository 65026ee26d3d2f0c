package io.longwire.room.client;

import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.cluster.Members;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rooms that live, and those that lived once. A room that was never seen may be too new for our view, so only one
 * that was seen and went away counts as gone; an index is not used again for 24 h. Immutable.
 */
final class RoomView {
    static final RoomView EMPTY = new RoomView(Map.of(), new BitSet());

    private final Map<Integer, Member> live;
    private final BitSet seen;

    private RoomView(Map<Integer, Member> live, BitSet seen) {
        this.live = Map.copyOf(live);
        this.seen = seen;
    }

    /** The view after this list of members arrived. */
    RoomView with(Members members) {
        var now = new HashMap<Integer, Member>();
        BitSet everSeen = (BitSet) seen.clone();
        for (Member member : members.list()) {
            now.put(member.index(), member);
            everSeen.set(member.index());
        }
        return new RoomView(now, everSeen);
    }

    @Nullable
    Member live(int incarnation) {
        return live.get(incarnation);
    }

    /** By rising incarnation. */
    List<LiveRoom> rooms() {
        return live.values().stream()
                .map(member -> new LiveRoom(member.index(), sessions(member), member.draining(), member.instance()))
                .sorted(Comparator.comparingInt(LiveRoom::incarnation)).toList();
    }

    private static long sessions(Member member) {
        try {
            return Math.max(0, Long.parseLong(member.attributes().getOrDefault("sessions", "0")));
        } catch (NumberFormatException ofAnotherVersion) {
            return 0;
        }
    }

    boolean gone(int incarnation) {
        return seen.get(incarnation) && !live.containsKey(incarnation);
    }
}
