package io.longwire.keeper.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which metrics of a part say how it fares. A keeper reads them from each process before and after a change and stops a
 * rollout that makes them worse. Counters alone: whoever reads takes differences. Immutable.
 *
 * @param work what failures are counted against: calls, logins, messages; failures may be among them
 * @param failures what went wrong through the part's own doing or setting
 * @param disconnects connections that ended
 * @param open gauge of those that are open
 * @param time how long work takes
 */
public record Vitals(List<Counted> work, List<Counted> failures, List<Counted> disconnects, Optional<Metric> open,
        Optional<Metric> time) {
    /** What every part has: what it asked of others, and how often that or its own answer failed. */
    public static final Vitals RUNTIME = new Vitals(List.of(Counted.all(RuntimeMetric.RPC_ITEMS)),
            List.of(Counted.all(RuntimeMetric.RPC_FAILURES), Counted.all(RuntimeMetric.RPC_HANDLER_FAILURES)),
            List.of(), Optional.empty(), Optional.empty());

    public Vitals {
        work = List.copyOf(work);
        failures = List.copyOf(failures);
        disconnects = List.copyOf(disconnects);
    }

    /**
     * A counter, summed over its tags.
     *
     * @param but values of the tag that do not count
     */
    public record Counted(Metric metric, Set<String> but) {
        public Counted {
            but = Set.copyOf(but);
        }

        static Counted all(Metric metric) {
            return new Counted(metric, Set.of());
        }
    }

    public Vitals work(Metric metric) {
        return new Vitals(with(work, Counted.all(metric)), failures, disconnects, open, time);
    }

    /** @param but values of its tag that are no failure */
    public Vitals failures(Metric metric, String... but) {
        return new Vitals(work, with(failures, new Counted(metric, Set.of(but))), disconnects, open, time);
    }

    /** @param but values of its tag that are as it should be */
    public Vitals disconnects(Metric closed, Metric openNow, String... but) {
        return new Vitals(work, failures, with(disconnects, new Counted(closed, Set.of(but))), Optional.of(openNow),
                time);
    }

    public Vitals time(Metric timer) {
        return new Vitals(work, failures, disconnects, open, Optional.of(timer));
    }

    private static List<Counted> with(List<Counted> list, Counted one) {
        var more = new ArrayList<>(list);
        more.add(one);
        return more;
    }
}
