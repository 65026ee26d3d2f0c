package io.longwire.register.client;

import io.longwire.keeper.metrics.Metric;

/** What a caller of the register counts. */
public enum RegisterClientMetric implements Metric {
    LOOKUPS("register_client_lookups_total", "Lookups answered, by result: online, offline, unknown."), //
    LOOKUP_FAILURES("register_client_lookup_failures_total",
            "Questions to one owner that failed: time-out, broken connection, full queue, open breaker."), //
    PUTS_OWED("register_client_puts_owed_total", "Puts that an owner had not acknowledged in time."), //
    REMOVES_OWED("register_client_removes_owed_total", "Removes that an owner had not acknowledged in time."), //
    OWED_OVERFLOWS("register_client_owed_overflows_total",
            "Owed puts no longer known one by one: their whole slot is fetched again."), //
    FLUSHES("register_client_flushes_total", "Slot flushes, by result: done, failed."), //
    FLUSHED_SESSIONS("register_client_flushed_sessions_total", "Sessions sent in slot flushes."), //
    DIRTY_SLOTS("register_client_dirty_slots", "Slots to be flushed, summed over owners."), //
    CONFLICTS("register_client_conflicts_total", "Flushed sessions that met another session at the owner.");

    private final String id;
    private final String sentence;

    RegisterClientMetric(String id, String sentence) {
        this.id = id;
        this.sentence = sentence;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String sentence() {
        return sentence;
    }
}
