package io.longwire.keeper.server.console.cluster;

import io.longwire.keeper.cluster.Member;
import java.util.List;
import java.util.Map;

/**
 * What one look at a process found.
 *
 * @param version of the software; empty = not told
 * @param health "ok", "failing", "draining" whatever its checks complain of, or "unreachable"
 * @param troubles what its checks complain of
 * @param raw its metrics as they were
 * @param figures what is shown of them, by the names of {@link Figure}
 */
record Look(Member member, long atNanos, String version, String health, List<String> troubles,
        Map<String, Double> raw, Map<String, Double> figures) {
    static final String DRAINING = "draining";

    Look {
        troubles = List.copyOf(troubles);
        raw = Map.copyOf(raw);
        figures = Map.copyOf(figures);
    }

    /** It was told to drain, whether it answers or not. */
    boolean draining() {
        return member.draining() || health.equals(DRAINING);
    }
}
