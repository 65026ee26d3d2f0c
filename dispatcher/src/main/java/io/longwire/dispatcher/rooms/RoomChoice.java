package io.longwire.dispatcher.rooms;

import io.longwire.dispatcher.rooms.RoomDirectory.Candidate;
import io.longwire.keeper.cluster.Rendezvous;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Orders the listeners for one phone. Sticky: weighted rendezvous hashing of the phone over the rooms (score = -w /
 * ln u,
 * Schindelhauer and Schomaker 2005) gives the same phone the same first room while that room lives, and new phones in
 * proportion to what rooms can still accept. Scattered: neighbours in the list differ in host, then in port. On a retry
 * (attempt > 0) the list starts with another IDC each time.
 */
final class RoomChoice {
    private RoomChoice() {
    }

    /**
     * At most {@code limit} listeners, best first.
     *
     * @param phone what stickiness goes by: the endpoint, or the caller's address while it has none
     * @param idcs preferred IDCs, best first
     */
    static List<Candidate> choose(List<Candidate> all, long phone, List<String> idcs, int attempt, int limit) {
        Map<Candidate, Double> scores = new HashMap<>();
        for (Candidate candidate : all) {
            scores.put(candidate, score(candidate, phone));
        }
        List<String> order = rotated(idcOrder(all, scores, idcs), attempt);
        var sorted = new ArrayList<>(all);
        sorted.sort(Comparator.comparingInt((Candidate c) -> order.indexOf(c.idc()))
                .thenComparing(Comparator.comparingDouble((Candidate c) -> scores.getOrDefault(c, 0.0)).reversed()));
        return scatter(sorted, limit);
    }

    private static double score(Candidate candidate, long phone) {
        long hash = Rendezvous.score(candidate.instance(), phone);
        double uniform = ((hash >>> 11) + 0.5) / (1L << 53);
        // the port only breaks the tie between listeners of one room
        return -candidate.freeAccept() / Math.log(uniform) * (1 + 1e-9 * (Rendezvous.score(candidate.instance()
                + candidate.port(), phone) & 0xffff));
    }

    // Preferred IDCs first, then the others by their best room.
    private static List<String> idcOrder(List<Candidate> all, Map<Candidate, Double> scores, List<String> preferred) {
        var order = new ArrayList<String>();
        for (String idc : preferred) {
            if (all.stream().anyMatch(c -> c.idc().equals(idc)) && !order.contains(idc)) {
                order.add(idc);
            }
        }
        all.stream().sorted(Comparator.comparingDouble((Candidate c) -> scores.getOrDefault(c, 0.0)).reversed())
                .map(Candidate::idc).filter(idc -> !order.contains(idc)).distinct().forEach(order::add);
        return order;
    }

    private static List<String> rotated(List<String> order, int attempt) {
        int by = order.isEmpty() ? 0 : Math.floorMod(attempt, order.size());
        var turned = new ArrayList<>(order.subList(by, order.size()));
        turned.addAll(order.subList(0, by));
        return turned;
    }

    // Takes the best one left whose host was not just given; other hosts first, then other ports of the same hosts.
    private static List<Candidate> scatter(List<Candidate> sorted, int limit) {
        var left = new ArrayList<>(sorted);
        var chosen = new ArrayList<Candidate>();
        Set<String> used = new HashSet<>();
        while (chosen.size() < limit && !left.isEmpty()) {
            Candidate next = left.stream().filter(c -> !used.contains(c.instance())).findFirst().orElse(null);
            if (next == null) {
                used.clear();
                next = left.getFirst();
            }
            used.add(next.instance());
            left.remove(next);
            chosen.add(next);
        }
        return chosen;
    }
}
