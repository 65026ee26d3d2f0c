package io.longwire.keeper.server.console.cluster;

import java.util.List;

/**
 * One number that the console shows of a process.
 *
 * @param name in the console's JSON
 * @param metric as the process names it, without "longwire_"; summed over its tags
 * @param rate shown as growth a second
 */
record Figure(String part, String name, String metric, boolean rate) {
    /** Every part has these. */
    private static final String ANY = "";

    static final List<Figure> ALL = List.of(
    // @formatter:off
            now("room", "connections", "room_connections"),
            now("room", "sessions", "room_sessions"),
            rate("room", "logins", "room_logins_total"),
            rate("room", "written", "room_written_total"),
            rate("room", "acked", "room_acked_total"),
            now("room", "loop_lag_ms", "room_loop_lag_ms"),
            now("room", "ends_waiting", "room_ends_waiting"),
            now("register", "sessions", "register_sessions"),
            now("register", "slots", "register_slots_owned"),
            rate("register", "lookups", "register_lookups_total"),
            rate("register", "puts", "register_puts_total"),
            rate("saver", "appends", "saver_appends_total"),
            rate("saver", "fetches", "saver_fetches_total"),
            rate("saver", "ends", "saver_ends_total"),
            now("saver", "queued_rows", "saver_ledger_queued_rows"),
            now("saver", "cold_slots", "saver_cold_slots"),
            rate("center", "calls", "center_calls_total"),
            rate("center", "accepted", "center_accepted_total"),
            rate("center", "refused", "center_refused_total"),
            now("center", "in_flight", "center_in_flight"),
            rate("coordinator", "uplinks", "coordinator_uplinks_total"),
            rate("coordinator", "given", "coordinator_given_total"),
            now("coordinator", "streams", "coordinator_streams"),
            rate("dispatcher", "requests", "dispatcher_requests_total"),
            rate("dispatcher", "registered", "dispatcher_registrations_total"),
            now("dispatcher", "rooms", "dispatcher_rooms"),
            now("keeper", "leading", "keeper_leading"),
            now("keeper", "registers", "keeper_registers"),
            now(ANY, "fenced", "cluster_fenced"),
            rate(ANY, "rpc_failures", "rpc_failures_total"));
            // @formatter:on

    boolean of(String anyPart) {
        return part.equals(ANY) || part.equals(anyPart);
    }

    private static Figure now(String part, String name, String metric) {
        return new Figure(part, name, metric, false);
    }

    private static Figure rate(String part, String name, String metric) {
        return new Figure(part, name, metric, true);
    }
}
