package io.longwire.register.rpc;

import io.longwire.keeper.metrics.Metrics;
import io.longwire.register.RegisterMetric;

/** The counters of session changes, looked up once. Thread-safe. */
final class SessionCounters {
    final Metrics.Counter stored;
    final Metrics.Counter displaced;
    final Metrics.Counter incumbent;
    final Metrics.Counter full;
    final Metrics.Counter removed;
    final Metrics.Counter superseded;
    final Metrics.Counter absent;
    final Metrics.Counter flushes;
    final Metrics.Counter flushErased;
    final Metrics.Counter fenced;
    final Metrics.Counter deadRoom;
    final Metrics.Counter notOwner;

    SessionCounters(Metrics metrics) {
        stored = metrics.counter(RegisterMetric.PUTS, "result", "stored");
        displaced = metrics.counter(RegisterMetric.PUTS, "result", "displaced");
        incumbent = metrics.counter(RegisterMetric.PUTS, "result", "incumbent");
        full = metrics.counter(RegisterMetric.PUTS, "result", "full");
        removed = metrics.counter(RegisterMetric.REMOVES, "result", "removed");
        superseded = metrics.counter(RegisterMetric.REMOVES, "result", "superseded");
        absent = metrics.counter(RegisterMetric.REMOVES, "result", "absent");
        flushes = metrics.counter(RegisterMetric.FLUSHES);
        flushErased = metrics.counter(RegisterMetric.FLUSH_ERASED);
        fenced = metrics.counter(RegisterMetric.REFUSED, "reason", "fenced");
        deadRoom = metrics.counter(RegisterMetric.REFUSED, "reason", "dead_room");
        notOwner = metrics.counter(RegisterMetric.REFUSED, "reason", "not_owner");
    }
}
