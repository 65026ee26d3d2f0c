package io.longwire.keeper.metrics;

/** One metric of a service; all of a service stand in one enum that implements this. */
public interface Metric {
    /** Prometheus name without the "longwire_" prefix, with its unit at the end: room_logins_total. */
    String id();

    /** One sentence for docs/metrics.md. */
    String sentence();
}
