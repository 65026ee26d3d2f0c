package io.longwire.register;

import io.longwire.keeper.metrics.Metric;

/** What a register counts. */
public enum RegisterMetric implements Metric {
    SESSIONS("register_sessions", "Entries in the table, those of dead rooms included until swept."), //
    TABLE_BYTES("register_table_bytes", "Native memory held by the table."), //
    SLOTS_OWNED("register_slots_owned", "Slots that are ours by the newest map."), //
    SLOTS_BY_FLUSH("register_slots_complete_by_flush", "Our slots that every live room has flushed."), //
    SLOTS_BY_TIME("register_slots_complete_by_time",
            "Our slots that count as complete only because 30 s have passed since we got them."), //
    MAP_EPOCH("register_map_epoch", "Epoch of the slot map in force."), //
    PUTS("register_puts_total", "Puts, by result: stored, displaced, incumbent, full."), //
    REMOVES("register_removes_total", "Removes, by result: removed, superseded, absent."), //
    FLUSHES("register_flushes_total", "Slots flushed by rooms to the end."), //
    FLUSH_ERASED("register_flush_erased_total", "Stale entries erased by flushes."), //
    REFUSED("register_changes_refused_total", "Changes not applied, by reason: fenced, dead_room, not_owner."), //
    LOOKUPS("register_lookups_total", "Lookups, by result: online, offline, offline_by_time, unknown."), //
    ANSWER_TIME("register_answer_seconds", "From a batch of lookups or changes read to its answer."), //
    SWEPT("register_swept_total", "Entries of dead rooms erased.");

    private final String id;
    private final String sentence;

    RegisterMetric(String id, String sentence) {
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
