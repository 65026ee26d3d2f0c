package io.longwire.e2e.order;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/**
 * Runs a world through every order of its steps, up to exchanging neighbours that have nothing in common. A world
 * cannot be copied, so each order is run from the beginning.
 *
 * <p>Sleep sets (Godefroid, 1996): after an order beginning with a step was explored in full, that step sleeps in the
 * sibling branches until something that depends on it has happened; an order in which it wakes up too late would be
 * one seen before. No reachable outcome is left out.
 */
final class Interleavings<W extends Interleavings.World> {
    private final Supplier<W> maker;
    private final BiPredicate<W, List<String>> atTheEnd;
    private int runs;
    private boolean enough;

    /** What is run. */
    interface World {
        /** What may happen now; the world has ended when nothing may. */
        List<Step> enabled();

        /** Lets it happen, with all that follows at once. */
        void happen(Step step);
    }

    /** @param atTheEnd sees a world that has ended, with the names of its steps; false = no more of them */
    Interleavings(Supplier<W> maker, BiPredicate<W, List<String>> atTheEnd) {
        this.maker = maker;
        this.atTheEnd = atTheEnd;
    }

    /** Explores everything, or until it is enough, and returns how many worlds have ended. */
    int explore() {
        explore(List.of(), List.of());
        return runs;
    }

    private void explore(List<String> path, List<Step> asleep) {
        W world = replay(path);
        List<Step> enabled = List.copyOf(world.enabled());
        if (enabled.isEmpty()) {
            runs++;
            enough = !atTheEnd.test(world, path);
            return;
        }
        var done = new ArrayList<>(asleep);
        for (Step step : enabled) {
            if (enough || done.stream().anyMatch(other -> other.name().equals(step.name()))) {
                continue;
            }
            var longer = new ArrayList<>(path);
            longer.add(step.name());
            explore(longer, done.stream().filter(other -> other.independentOf(step)).toList());
            done.add(step);
        }
    }

    private W replay(List<String> path) {
        W world = maker.get();
        for (String name : path) {
            world.happen(world.enabled().stream().filter(step -> step.name().equals(name)).findFirst()
                    .orElseThrow(() -> new IllegalStateException("step: " + name + " (expected: runs repeat)")));
        }
        return world;
    }
}
