package io.longwire.dispatcher.rooms;

import io.longwire.dispatcher.DispatcherMetric;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.cluster.Members;
import io.longwire.keeper.metrics.Metrics;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rooms that take new phones, as the cluster tells: a new list replaces the old one whole. When the last room goes,
 * or ZooKeeper does, the last list is kept: phones are better served by a stale address than by none. Thread-safe.
 */
public final class RoomDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RoomDirectory.class);

    private final Cluster.Subscription subscription;
    private volatile List<Candidate> candidates = List.of();

    /**
     * One listener of one room.
     *
     * @param freeAccept logins a second it could still take; its weight
     */
    record Candidate(String instance, String idc, String host, int port, boolean tls, int freeAccept) {
    }

    public RoomDirectory(Cluster cluster, Metrics metrics) {
        subscription = cluster.onMembers("room", this::follow);
        metrics.gauge(DispatcherMetric.ROOMS_KNOWN, () -> candidates.size());
    }

    List<Candidate> candidates() {
        return candidates;
    }

    /** One sentence while no room is known. */
    public Optional<String> health() {
        return candidates.isEmpty() ? Optional.of("no room is listed") : Optional.empty();
    }

    private void follow(Members rooms) {
        var found = new ArrayList<Candidate>();
        for (Member room : rooms.list()) {
            if (!room.draining()) {
                addListeners(room, found);
            }
        }
        if (!found.isEmpty()) {
            candidates = List.copyOf(found);
        }
    }

    private static void addListeners(Member room, List<Candidate> found) {
        String listen = room.attributes().getOrDefault("listen", "");
        for (String listener : listen.isEmpty() ? new String[0] : listen.split(",", -1)) {
            try {
                URI uri = URI.create(listener);
                found.add(new Candidate(room.instance(), room.idc(), uri.getHost(), uri.getPort(),
                        "tls".equals(uri.getScheme()), weight(room)));
            } catch (IllegalArgumentException bad) {
                LOG.warn("room {} publishes a listener that is no address: {}", room.instance(), listener);
            }
        }
    }

    private static int weight(Member room) {
        try {
            return Math.max(1, Integer.parseInt(room.attributes().getOrDefault("freeAccept", "1000")));
        } catch (NumberFormatException bad) {
            return 1;
        }
    }

    @Override
    public void close() {
        subscription.cancel();
    }
}
