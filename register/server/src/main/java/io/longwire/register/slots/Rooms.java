package io.longwire.register.slots;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.cluster.Members;
import io.longwire.register.table.LiveRooms;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which room incarnations are alive.
 *
 * <p>A room that speaks to us before we see it among the members is taken for alive, or its acknowledged sessions
 * would count as absent; if it is not a member after 15 s it is dead. A room that was a member and is one no longer
 * is dead: it may still speak, not knowing that its session expired, and is refused until it comes with a new
 * incarnation.
 *
 * <p>{@link #isLive} is one volatile read of an immutable bitmap; everything else is guarded by this object.
 */
public final class Rooms implements LiveRooms {
    static final long PROVISIONAL_MILLIS = 15_000;
    static final long SWEEP_AFTER_MILLIS = 30_000;
    private static final int MAX_ROOM = 0xffff;

    /** Told of every change, on the thread that made it, with no lock held. */
    public interface Listener {
        void roomsChanged();

        void roomDied(int room);
    }

    private final Clock clock;
    private final Map<Integer, Long> provisionalSince = new HashMap<>();
    private final Map<Integer, Long> deadSince = new HashMap<>();
    private final Set<Integer> members = new HashSet<>();
    private volatile long[] live = new long[0];
    private volatile Listener listener = new Listener() {
        @Override
        public void roomsChanged() {
            // nobody listens yet
        }

        @Override
        public void roomDied(int room) {
            // nobody listens yet
        }
    };

    public Rooms(Clock clock) {
        this.clock = clock;
    }

    public void listen(Listener told) {
        listener = told;
    }

    @Override
    public boolean isLive(int room) {
        return has(live, room);
    }

    /** Whether a room that speaks to us now may: false if it is dead and should have taken a new incarnation. */
    public boolean admit(int room) {
        if (room < 0 || room > MAX_ROOM) {
            throw new IllegalArgumentException("room_incarnation: " + room + " (expected: 0 to 65535)");
        }
        if (isLive(room)) {
            return true;
        }
        synchronized (this) {
            if (deadSince.containsKey(room)) {
                return false;
            }
            provisionalSince.putIfAbsent(room, clock.millis());
            publish();
        }
        listener.roomsChanged();
        return true;
    }

    /** The rooms that are members now. */
    public void follow(Members rooms) {
        var died = new HashSet<Integer>();
        synchronized (this) {
            var now = new HashSet<Integer>();
            for (Member member : rooms.list()) {
                now.add(member.index() & MAX_ROOM);
            }
            if (now.equals(members)) {
                return;
            }
            died.addAll(members);
            died.removeAll(now);
            members.clear();
            members.addAll(now);
            provisionalSince.keySet().removeAll(now);
            deadSince.keySet().removeAll(now);
            died.forEach(room -> deadSince.put(room, clock.millis()));
            publish();
        }
        tell(died);
    }

    /** Every second or so: ends the trust in rooms that never became members. */
    public void expire() {
        var died = new HashSet<Integer>();
        synchronized (this) {
            long now = clock.millis();
            provisionalSince.forEach((room, since) -> {
                if (now - since >= PROVISIONAL_MILLIS) {
                    died.add(room);
                }
            });
            if (died.isEmpty()) {
                return;
            }
            provisionalSince.keySet().removeAll(died);
            died.forEach(room -> deadSince.put(room, now));
            publish();
        }
        tell(died);
    }

    /** Rooms dead long enough that their entries may be erased: a membership that only flickered costs nothing. */
    long[] sweepable() {
        long[] bits = new long[0];
        long now = clock.millis();
        synchronized (this) {
            for (Map.Entry<Integer, Long> dead : deadSince.entrySet()) {
                bits = now - dead.getValue() >= SWEEP_AFTER_MILLIS ? with(bits, dead.getKey()) : bits;
            }
        }
        return bits;
    }

    long[] live() {
        return live;
    }

    static boolean has(long[] bits, int room) {
        int word = room >>> 6;
        return word < bits.length && (bits[word] >>> room & 1) != 0;
    }

    private void tell(Set<Integer> died) {
        died.forEach(listener::roomDied);
        listener.roomsChanged();
    }

    private void publish() {
        long[] bits = new long[0];
        for (int room : members) {
            bits = with(bits, room);
        }
        for (int room : provisionalSince.keySet()) {
            bits = with(bits, room);
        }
        live = bits;
    }

    private static long[] with(long[] bits, int room) {
        long[] longer = room >>> 6 < bits.length ? bits : Arrays.copyOf(bits, (room >>> 6) + 1);
        longer[room >>> 6] |= 1L << room;
        return longer;
    }
}
