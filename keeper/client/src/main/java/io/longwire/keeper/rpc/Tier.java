package io.longwire.keeper.rpc;

import io.longwire.keeper.cluster.Rendezvous;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Members of a pool that are tried alike, and how one is chosen among those whose breaker is closed. Immutable, but for
 * what the targets themselves are; any thread, without locks: a turn is a number that the pool counts up.
 */
final class Tier<I, R> {
    private static final int MOST_TURNS = 10_000;

    private final List<Target<I, R>> targets;
    private final List<Target<I, R>> turns;

    /** @param weighted whether the members have turns by their weight, instead of one each */
    Tier(List<Target<I, R>> targets, boolean weighted) {
        this.targets = List.copyOf(targets);
        this.turns = weighted ? smooth(this.targets) : this.targets;
    }

    List<Target<I, R>> targets() {
        return targets;
    }

    boolean several() {
        return targets.size() > 1;
    }

    /** The next one in turn. */
    @Nullable
    Target<I, R> next(int turn, @Nullable Target<I, R> except, long now) {
        int size = turns.size();
        int start = size < 2 ? 0 : Math.floorMod(turn, size);
        for (int i = 0; i < size; i++) {
            Target<I, R> target = turns.get((start + i) % size);
            if (target != except && target.allows(now)) {
                return target;
            }
        }
        return null;
    }

    /** The one with the fewest items under way; the first in turn of several. */
    @Nullable
    Target<I, R> idlest(int turn, @Nullable Target<I, R> except, long now) {
        int size = targets.size();
        int start = size < 2 ? 0 : Math.floorMod(turn, size);
        Target<I, R> best = null;
        int fewest = Integer.MAX_VALUE;
        for (int i = 0; i < size; i++) {
            Target<I, R> target = targets.get((start + i) % size);
            if (target != except) {
                int pending = target.stream().pending();
                if (pending < fewest && target.allows(now)) {
                    best = target;
                    fewest = pending;
                }
            }
        }
        return best;
    }

    /** The one with the highest rendezvous weight for the key. */
    @Nullable
    Target<I, R> best(long key, @Nullable Target<I, R> except, long now) {
        Target<I, R> best = null;
        long bestScore = 0;
        for (int i = 0; i < targets.size(); i++) {
            Target<I, R> target = targets.get(i);
            long score = Rendezvous.score(target.seed, key);
            if (target != except && (best == null || Long.compareUnsigned(score, bestScore) > 0)
                    && target.ready(now)) {
                best = target;
                bestScore = score;
            }
        }
        return best == null || best.allows(now) ? best : best(key, except, now); // another thread took its trial
    }

    // nginx's smooth weighted round robin, written out once for a whole round: each turn everybody gains its weight,
    // the richest has the turn and pays for all. So 5, 1, 1 is a a b a c a a, and a turn costs one addition later.
    private static <I, R> List<Target<I, R>> smooth(List<Target<I, R>> targets) {
        int[] weights = weights(targets);
        int sum = 0;
        for (int weight : weights) {
            sum += weight;
        }
        int[] credit = new int[weights.length];
        var turns = new ArrayList<Target<I, R>>(sum);
        for (int turn = 0; turn < sum; turn++) {
            int richest = 0;
            for (int i = 0; i < credit.length; i++) {
                credit[i] += weights[i];
                richest = credit[i] > credit[richest] ? i : richest;
            }
            credit[richest] -= sum;
            turns.add(targets.get(richest));
        }
        return List.copyOf(turns);
    }

    // Without their common divisor, and so small that a round has a bound.
    private static <I, R> int[] weights(List<Target<I, R>> targets) {
        int[] weights = new int[targets.size()];
        long sum = 0;
        int divisor = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = targets.get(i).weight;
            sum += weights[i];
            divisor = gcd(weights[i], divisor);
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] = sum / Math.max(1, divisor) <= MOST_TURNS
                    ? weights[i] / Math.max(1, divisor)
                    : Math.max(1, (int) (weights[i] * (long) MOST_TURNS / sum));
        }
        return weights;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
