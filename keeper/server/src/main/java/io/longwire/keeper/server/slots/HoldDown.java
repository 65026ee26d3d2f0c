package io.longwire.keeper.server.slots;

import io.longwire.keeper.cluster.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which members a map is made from: who joins counts at once, who drains stops counting at once, and who vanishes
 * counts for the hold-down time longer, as a restart or a flap is cheaper to wait for than two moves of its slots.
 * Belongs to one thread.
 */
public final class HoldDown {
    private final long holdNanos;
    private final Map<String, Held> known = new HashMap<>();
    private final Set<String> mapped = new HashSet<>(); // by a map that was held, until anybody is alive
    private final Set<String> unseen = new HashSet<>(); // of those, known by the map alone

    /** @param lostAt nanos at which it was missed first; 0 while it is alive */
    private record Held(Member member, long lostAt) {
    }

    public HoldDown(Duration hold) {
        this.holdNanos = hold.toNanos();
    }

    /** Takes the members alive now and returns those that count, by instance. Call again within {@link #untilNext}. */
    public List<Member> follow(List<Member> alive, long nowNanos) {
        Map<String, Member> present = new HashMap<>();
        alive.forEach(member -> present.put(member.instance(), member));
        if (!present.isEmpty()) {
            if (Collections.disjoint(present.keySet(), mapped)) { // all have been started anew: none comes back
                known.keySet().removeAll(unseen);
            }
            mapped.clear();
            unseen.clear();
        }
        known.replaceAll((instance, held) -> present.containsKey(instance) || held.lostAt != 0
                ? held
                : new Held(held.member, nowNanos == 0 ? 1 : nowNanos));
        present.forEach((instance, member) -> known.put(instance, new Held(member, 0)));
        known.values().removeIf(held -> held.member.draining()
                || (held.lostAt != 0 && nowNanos - held.lostAt >= holdNanos));
        var counting = new ArrayList<Member>();
        known.values().forEach(held -> counting.add(held.member));
        return List.copyOf(counting);
    }

    /**
     * Those of a map that somebody else has published, who are not known here, count as vanished now; unless those who
     * are alive are all others, as when everything was started anew.
     */
    public void hold(List<Member> ofMap, long nowNanos) {
        for (Member member : ofMap) {
            mapped.add(member.instance());
            if (known.putIfAbsent(member.instance(), new Held(member, nowNanos == 0 ? 1 : nowNanos)) == null) {
                unseen.add(member.instance());
            }
        }
    }

    /** Nanos until a vanished member stops counting; Long.MAX_VALUE if none has vanished. */
    public long untilNext(long nowNanos) {
        long soonest = Long.MAX_VALUE;
        for (Held held : known.values()) {
            if (held.lostAt != 0) {
                soonest = Math.min(soonest, Math.max(0, held.lostAt + holdNanos - nowNanos));
            }
        }
        return soonest;
    }
}
