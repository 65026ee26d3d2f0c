package io.longwire.e2e.load;

import io.longwire.e2e.load.Backend.Outcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** What a load got accepted, by kind, and how its revokes were answered. Any thread. */
public final class Tally {
    private final Map<Kind, AtomicInteger> accepted = zeros(Kind.class);
    private final Map<Outcome, AtomicInteger> revokes = zeros(Outcome.class);

    /** Of an order; it is of one alone. */
    public enum Kind {
        PLAIN, COLLAPSE,
        /** To a few endpoints. */
        FEW,
        /** To so many that the body is kept once. */
        LONG_LIST, SCHEDULE, FAST,
        /** Accepted = written to the phone's connection, or dropped. */
        TRANSIENT
    }

    void accepted(Kind kind) {
        of(accepted, kind).incrementAndGet();
    }

    /** Accepted = taken back, or on its way; refused = too late; unknown = not answered with 200. */
    void revoked(Outcome outcome) {
        of(revokes, outcome).incrementAndGet();
    }

    /** Counts what the other one has, too. */
    public void add(Tally other) {
        other.accepted.forEach((kind, count) -> of(accepted, kind).addAndGet(count.get()));
        other.revokes.forEach((outcome, count) -> of(revokes, outcome).addAndGet(count.get()));
    }

    /** Orders accepted in all. */
    public int orders() {
        return accepted.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    /** Kinds of which nothing was accepted, and REVOKE if none succeeded; of a mixed run that is long enough none. */
    public List<String> missing() {
        var missing = new ArrayList<String>();
        accepted.forEach((kind, count) -> {
            if (count.get() == 0) {
                missing.add(kind.name());
            }
        });
        if (of(revokes, Outcome.ACCEPTED).get() == 0) {
            missing.add("REVOKE");
        }
        return missing;
    }

    private static <E extends Enum<E>> Map<E, AtomicInteger> zeros(Class<E> type) {
        var zeros = new EnumMap<E, AtomicInteger>(type);
        for (E each : type.getEnumConstants()) {
            zeros.put(each, new AtomicInteger());
        }
        return zeros;
    }

    private static <E extends Enum<E>> AtomicInteger of(Map<E, AtomicInteger> counts, E key) {
        return counts.getOrDefault(key, new AtomicInteger());
    }

    @Override
    public String toString() {
        return "accepted " + accepted + "; revokes: " + of(revokes, Outcome.ACCEPTED) + " succeeded, "
                + of(revokes, Outcome.REFUSED) + " too late, " + of(revokes, Outcome.UNKNOWN)
                + " not answered with 200";
    }
}
