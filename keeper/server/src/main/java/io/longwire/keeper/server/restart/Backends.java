package io.longwire.keeper.server.restart;

import io.grpc.StatusRuntimeException;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.server.reach.Processes;
import io.longwire.rpc.keeper.Signals;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the product backends fare: whether more of their calls to centers fail than before. Calls block. */
final class Backends {
    private static final Logger LOG = LoggerFactory.getLogger(Backends.class);
    private static final long SECONDS = 5;
    private static final long FEW = 5; // failures that prove nothing
    private static final double MORE = 0.02;

    private final Processes processes;

    Backends(Processes processes) {
        this.processes = processes;
    }

    /** What each center has counted since it started, by instance; those that do not answer are left out. */
    Map<String, Signals> calls() {
        var counted = new HashMap<String, Signals>();
        for (Member center : processes.list("center")) {
            try {
                counted.put(center.instance(), processes.state(center, SECONDS).getSignals());
            } catch (StatusRuntimeException silent) {
                LOG.info("{} did not tell how its calls fare: {}", center.instance(), silent.getStatus());
            }
        }
        return counted;
    }

    /** Whether too many failed since, in one sentence; empty = no. */
    Optional<String> failing(Map<String, Signals> before) {
        return failing(before, calls());
    }

    // A center that is new has begun at 0; one that is gone has told nothing more.
    static Optional<String> failing(Map<String, Signals> before, Map<String, Signals> after) {
        long calls = 0;
        long failures = 0;
        for (Map.Entry<String, Signals> center : after.entrySet()) {
            Signals old = before.getOrDefault(center.getKey(), Signals.getDefaultInstance());
            calls += Math.max(0, center.getValue().getWork() - old.getWork());
            failures += Math.max(0, center.getValue().getFailures() - old.getFailures());
        }
        double usual = ratio(before.values().stream().mapToLong(Signals::getFailures).sum(),
                before.values().stream().mapToLong(Signals::getWork).sum());
        return failures >= FEW && ratio(failures, calls) - usual > MORE
                ? Optional.of(String.format(Locale.ROOT,
                        "center: %d of %d calls failed in this wave (expected: at most 2 %% more than the %.1f %% "
                                + "before)",
                        failures, Math.max(calls, failures), usual * 100))
                : Optional.empty();
    }

    private static double ratio(long failures, long calls) {
        long all = Math.max(calls, failures);
        return all == 0 ? 0 : (double) failures / all;
    }
}
