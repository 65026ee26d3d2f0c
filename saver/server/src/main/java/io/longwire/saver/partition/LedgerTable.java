package io.longwire.saver.partition;

import java.time.Duration;

/** The tables that are cut by message id, how they are cut, and when a part may go, counted from its upper bound. */
enum LedgerTable {
    /** Goes when everything that lives in it is in msg_cold. */
    MSG_LOG("msg_log", Duration.ofMinutes(30), Duration.ofHours(3)), //
    /** Goes when no end in it can be asked for any more. */
    END_LOG("end_log", Duration.ofHours(2), Duration.ofDays(8)), //
    /** Goes when the longest ttl (30 d) and the time of ends (8 d) are over. */
    MSG_COLD("msg_cold", Duration.ofDays(1), Duration.ofDays(38));

    private final String id;
    private final Duration step;
    private final Duration kept;

    LedgerTable(String id, Duration step, Duration kept) {
        this.id = id;
        this.step = step;
        this.kept = kept;
    }

    String id() {
        return id;
    }

    long stepMillis() {
        return step.toMillis();
    }

    long keptMillis() {
        return kept.toMillis();
    }
}
