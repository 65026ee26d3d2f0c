package io.longwire.keeper.server.slots;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.metrics.Metrics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The alarm for processes that work with an old slot map: every process tells the epoch it uses, and none may use an
 * older one than this keeper knew 30 s ago, however often new ones come. One that tells none has no map, and counts as
 * behind. Looks every 5 s on the clock's thread, without asking anybody; reading is volatile.
 */
public final class MapSkew implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MapSkew.class);
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration ALLOWED = Duration.ofSeconds(30);
    private static final int NAMED = 5;

    private final Cluster cluster;
    private final Clock clock;
    private final Clock.Cancellable timer;
    private volatile List<Member> behind = List.of();
    private final Map<String, Long> seen = new HashMap<>(); // since when, by instance; the timer's, as the next three
    private final ArrayDeque<Known> young = new ArrayDeque<>(); // maps that one need not have yet, the oldest first
    private long epoch;
    private long old; // the newest that everybody must have; 0 = none

    private record Known(long epoch, long since) {
    }

    /** Starts at once; may wait for ZooKeeper. */
    public MapSkew(Cluster cluster, Clock clock, Metrics metrics) {
        this.cluster = cluster;
        this.clock = clock;
        Epochs.PARTS.forEach(cluster::members); // the first look at a part may wait, and the timer's thread must not
        metrics.gauge(KeeperMetric.MAP_SKEW, () -> behind.size());
        this.timer = clock.every(EVERY, this::look);
    }

    /** Who is behind, in one sentence. */
    public Optional<String> complaint() {
        List<Member> now = behind;
        return now.isEmpty()
                ? Optional.empty()
                : Optional.of(now.size() + " processes use an old slot map (expected: the published one within "
                        + ALLOWED.toSeconds() + " s): "
                        + now.stream().limit(NAMED).map(member -> member.attributes().getOrDefault("name",
                                member.instance()) + " " + Epochs.used(member)).collect(Collectors.joining(", ")));
    }

    @Override
    public void close() {
        timer.cancel();
    }

    private void look() {
        long known = cluster.registerMap().epoch();
        if (known < epoch) {
            young.clear();
            old = 0;
        }
        if (known != epoch) {
            epoch = known;
            young.add(new Known(known, clock.nanos()));
        }
        while (!young.isEmpty() && late(young.getFirst().since())) {
            old = young.removeFirst().epoch();
        }
        List<Member> all = Epochs.PARTS.stream().flatMap(this::members).toList();
        seen.keySet().retainAll(all.stream().map(Member::instance).toList());
        all.forEach(member -> seen.putIfAbsent(member.instance(), clock.nanos()));
        List<Member> now = all.stream().filter(member -> Epochs.used(member) < old
                && late(seen.getOrDefault(member.instance(), clock.nanos()))).toList();
        boolean news = now.size() != behind.size();
        behind = now;
        if (news) {
            LOG.warn("map skew: {}", complaint().orElse("over"));
        }
    }

    private boolean late(long from) {
        return clock.nanos() - from > ALLOWED.toNanos();
    }

    private Stream<Member> members(String part) {
        return cluster.members(part).list().stream();
    }
}
