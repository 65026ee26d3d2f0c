package io.longwire.keeper.server.config;

import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.cluster.Members;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who was seen to drain, known for longer than it is a member: most processes leave a quarter of a second after they
 * say so, between two looks of a rollout. Thread-safe.
 */
final class Drains implements AutoCloseable {
    private static final int KEPT = 10_000;

    private final Cluster cluster;
    private final Map<String, Cluster.Subscription> parts = new ConcurrentHashMap<>();
    private final Set<String> seen = Collections.synchronizedSet(Collections.newSetFromMap(new Latest()));

    Drains(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Sees who drains of this part from now on. */
    void watch(String part) {
        parts.computeIfAbsent(part, one -> cluster.onMembers(one, this::note));
    }

    /** Whether this start of a process drained, or does. */
    boolean has(String member) {
        return seen.contains(member);
    }

    @Override
    public void close() {
        parts.values().forEach(Cluster.Subscription::cancel);
    }

    private void note(Members members) {
        members.list().stream().filter(Member::draining).map(Member::instance).forEach(seen::add);
    }

    private static final class Latest extends LinkedHashMap<String, Boolean> {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > KEPT;
        }
    }
}
