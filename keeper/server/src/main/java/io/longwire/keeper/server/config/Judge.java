package io.longwire.keeper.server.config;

import io.longwire.rpc.keeper.RolloutLimits;
import io.longwire.rpc.keeper.Signals;
import io.longwire.rpc.keeper.Watched;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Whether processes fare worse since they have a version: by what each counted between the begin of the rollout and
 * being told, and what it counted since. A few failures are no proof, so each figure wants a number of events first.
 * Processes are judged one by one while they are few, and all together when they are many: then one process's bad
 * second is not everybody's rollback. Lost connections and times want the version to have run for a while as well: in
 * half a second a few are a large share of it. Pure.
 */
final class Judge {
    static final RolloutLimits USUAL = RolloutLimits.newBuilder().setErrorRatio(0.02).setDisconnectRatio(0.05)
            .setP99Factor(2).build();
    private static final int FEW = 5;
    private static final long MIN_FAILURES = 5;
    private static final long MIN_DISCONNECTS = 5;
    private static final long MIN_TIMES = 50;
    private static final int MIN_SLOW = 5;
    private static final double FAST_ENOUGH_SECONDS = 0.02;
    private static final double MINUTE_MILLIS = 60_000;
    private static final double P99 = 0.99;

    private Judge() {
    }

    /** What a process counts now, beside what it counted before. */
    record Seen(Watched watched, Signals now, long nowMillis) {
    }

    /** Rates of one stretch of time. */
    private record Stretch(long work, long failures, long disconnects, double lostPerMinute, long open,
            List<Double> bounds, List<Long> times) {
        static Stretch of(Signals from, long fromMillis, Signals to, long toMillis) {
            var times = new ArrayList<Long>();
            for (int i = 0; i < to.getCountsCount(); i++) {
                times.add(Math.max(0, to.getCounts(i) - (i < from.getCountsCount() ? from.getCounts(i) : 0)));
            }
            long lost = Math.max(0, to.getDisconnects() - from.getDisconnects());
            return new Stretch(Math.max(0, to.getWork() - from.getWork()),
                    Math.max(0, to.getFailures() - from.getFailures()), lost,
                    lost * MINUTE_MILLIS / Math.max(1, Judge.millis(from, fromMillis, to, toMillis)),
                    Math.max(from.getOpen(), to.getOpen()), to.getBoundsSecondsList(), times);
        }

        static Stretch nothing() {
            return new Stretch(0, 0, 0, 0, 0, List.of(), List.of());
        }

        Stretch and(Stretch other) {
            var sums = new ArrayList<Long>();
            for (int i = 0; i < Math.max(times.size(), other.times.size()); i++) {
                sums.add((i < times.size() ? times.get(i) : 0L) + (i < other.times.size() ? other.times.get(i) : 0L));
            }
            return new Stretch(work + other.work, failures + other.failures, disconnects + other.disconnects,
                    lostPerMinute + other.lostPerMinute, open + other.open, bounds.isEmpty() ? other.bounds : bounds,
                    sums);
        }

        double errors() {
            long all = Math.max(work, failures);
            return all == 0 ? 0 : (double) failures / all;
        }

        double disconnectsPerMinute() {
            return lostPerMinute / Math.max(1, open);
        }

        long timed() {
            return times.stream().mapToLong(Long::longValue).sum();
        }

        // Within its bucket as if the times were spread evenly; the last bucket counts as its lower bound. So many at
        // least lie above it: of few calls the slowest one is no tail.
        double p99(int above) {
            double rank = Math.min(timed() * P99, (double) timed() - above);
            double below = 0;
            for (int i = 0; i < times.size(); i++) {
                double lower = i == 0 ? 0 : bounds.get(i - 1);
                if (below + times.get(i) >= rank && times.get(i) > 0) {
                    double upper = i < bounds.size() ? bounds.get(i) : lower;
                    return lower + (upper - lower) * (rank - below) / times.get(i);
                }
                below += times.get(i);
            }
            return 0;
        }
    }

    /**
     * What is worse, in one sentence; empty = nothing.
     *
     * @param leastMillis how long a process must have had the version before its lost connections and times count
     */
    static Optional<String> verdict(List<Seen> seen, RolloutLimits limits, long leastMillis) {
        if (seen.size() <= FEW) {
            return seen.stream().map(one -> verdict(one.watched.getInstance(), List.of(one), limits, leastMillis))
                    .flatMap(Optional::stream).findFirst();
        }
        return verdict(seen.size() + " processes", seen, limits, leastMillis);
    }

    // Failures count at once: they are what a version is stopped for first.
    private static Optional<String> verdict(String who, List<Seen> seen, RolloutLimits limits, long leastMillis) {
        List<Seen> longEnough = seen.stream().filter(one -> millis(one.watched.getTold(), one.watched.getToldMs(),
                one.now, one.nowMillis) >= leastMillis).toList();
        return failing(who, sum(seen, Judge::before), sum(seen, Judge::since), limits).or(() -> suffering(who,
                sum(longEnough, Judge::before), sum(longEnough, Judge::since), limits));
    }

    private static Stretch sum(List<Seen> seen, Function<Seen, Stretch> stretch) {
        return seen.stream().map(stretch).reduce(Stretch.nothing(), Stretch::and);
    }

    /** How long it was between two counts: by the process's own clock, or, of one that does not say, by keepers'. */
    static long millis(Signals from, long fromMillis, Signals to, long toMillis) {
        return from.getUptimeMs() > 0 && to.getUptimeMs() >= from.getUptimeMs()
                ? to.getUptimeMs() - from.getUptimeMs()
                : toMillis - fromMillis;
    }

    /** The limits with the usual ones where none is given. */
    static RolloutLimits orUsual(RolloutLimits given) {
        return RolloutLimits.newBuilder()
                .setErrorRatio(given.getErrorRatio() > 0 ? given.getErrorRatio() : USUAL.getErrorRatio())
                .setDisconnectRatio(given.getDisconnectRatio() > 0
                        ? given.getDisconnectRatio()
                        : USUAL.getDisconnectRatio())
                .setP99Factor(given.getP99Factor() > 0 ? given.getP99Factor() : USUAL.getP99Factor()).build();
    }

    private static Stretch before(Seen one) {
        Watched watched = one.watched;
        return watched.hasFirst()
                ? Stretch.of(watched.getFirst(), watched.getFirstMs(), watched.getTold(), watched.getToldMs())
                : Stretch.nothing();
    }

    private static Stretch since(Seen one) {
        return Stretch.of(one.watched.getTold(), one.watched.getToldMs(), one.now, one.nowMillis);
    }

    private static Optional<String> failing(String who, Stretch before, Stretch since, RolloutLimits limits) {
        if (since.failures >= MIN_FAILURES && since.errors() - before.errors() > limits.getErrorRatio()) {
            return Optional.of(String.format(Locale.ROOT,
                    "%s: %.1f %% of %d calls failed (expected: at most %.1f %% above the %.1f %% of before)", who,
                    since.errors() * 100, Math.max(since.work, since.failures), limits.getErrorRatio() * 100,
                    before.errors() * 100));
        }
        return Optional.empty();
    }

    private static Optional<String> suffering(String who, Stretch before, Stretch since, RolloutLimits limits) {
        if (since.disconnects >= MIN_DISCONNECTS
                && since.disconnectsPerMinute() - before.disconnectsPerMinute() > limits.getDisconnectRatio()) {
            return Optional.of(String.format(Locale.ROOT,
                    "%s: lost %.1f %% of its connections a minute (expected: at most %.1f %% above the %.1f %% of "
                            + "before)",
                    who, since.disconnectsPerMinute() * 100, limits.getDisconnectRatio() * 100,
                    before.disconnectsPerMinute() * 100));
        }
        double p99 = since.p99(MIN_SLOW - 1);
        if (since.timed() >= MIN_TIMES && before.timed() >= MIN_TIMES && p99 > FAST_ENOUGH_SECONDS
                && p99 > before.p99(0) * limits.getP99Factor()) {
            return Optional.of(String.format(Locale.ROOT,
                    "%s: p99 is %.0f ms (expected: at most %.1f times the %.0f ms of before)", who, p99 * 1000,
                    limits.getP99Factor(), before.p99(0) * 1000));
        }
        return Optional.empty();
    }
}
