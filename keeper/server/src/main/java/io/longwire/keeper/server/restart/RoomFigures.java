package io.longwire.keeper.server.restart;

import java.util.List;

/**
 * What a keeper reads of a process that is being restarted, by the names that rooms give it: a process without one
 * counts as 0 of it. A test of the whole platform holds them to what rooms tell.
 */
public final class RoomFigures {
    /** Endpoints bound now. */
    public static final String SESSIONS = "room_sessions";
    /** How late the slowest loop is, in ms. */
    public static final String LOOP_LAG = "room_loop_lag_ms";
    /** Sessions that ended and were bound nowhere else. */
    public static final String NOWHERE = "room_sessions_ended_total{then=nowhere}";
    /** Counters that may not grow: work that was given up, and bugs. */
    public static final List<String> NEVER = List.of("room_ends_dropped_total", "room_loop_bugs_total",
            "room_mailbox_full_total", "rpc_handler_failures_total");

    private RoomFigures() {
    }
}
