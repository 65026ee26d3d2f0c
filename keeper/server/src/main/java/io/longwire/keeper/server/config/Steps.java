package io.longwire.keeper.server.config;

import io.longwire.keeper.cluster.Rendezvous;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Which processes a rollout tells, step by step: one, 5 %, 25 %, all. Another version begins with another process, so
 * that no machine is always the first to suffer. Pure.
 */
final class Steps {
    /** Number of the step that tells everybody. */
    static final int ALL = 4;
    private static final double SECOND = 0.05;
    private static final double THIRD = 0.25;

    private Steps() {
    }

    /** How many processes of so many have been told after a step. */
    static int told(int step, int processes) {
        return switch (step) {
            case 1 -> Math.min(1, processes);
            case 2 -> Math.max(1, (int) Math.ceil(processes * SECOND));
            case 3 -> Math.max(1, (int) Math.ceil(processes * THIRD));
            default -> processes;
        };
    }

    /** The next step that tells somebody more, or the last. */
    static int next(int step, int told, int processes) {
        int next = step + 1;
        while (next < ALL && told(next, processes) <= told) {
            next++;
        }
        return Math.min(next, ALL);
    }

    /** Those to be told in a step besides those that were told before. */
    static List<String> choose(int step, Collection<String> names, Collection<String> told, long version) {
        long more = told(step, names.size()) - names.stream().filter(told::contains).count();
        return names.stream().filter(name -> !told.contains(name))
                .sorted(Comparator.comparingLong((String name) -> Rendezvous.score(name, version) ^ Long.MIN_VALUE)
                        .thenComparing(name -> name))
                .limit(Math.max(0, more)).toList();
    }
}
