package io.longwire.saver.keep;

import java.time.Duration;

/** How long the rows of a table are kept, and by which indexed column of unix ms that is counted. */
enum Kept {
    /** As long as its messages may be asked for: 8 days past the last that can expire. */
    HEADS("msg_head", "expire_at < ?", Duration.ofDays(8)), //
    RECEIPTS("receipt", "stored_at < ?", Duration.ofDays(7)), //
    AUDIT("audit", "at < ?", Duration.ofDays(400)), //
    /** Whoever follows them and has not asked for an hour reads all anew. */
    BANS("ban", "ended_at < ?", Duration.ofDays(1)), //
    /** Done and deleted ones. */
    SCHEDULES("schedule", "changed_at < ? AND state IN (3, 4)", Duration.ofDays(30));

    private final String table;
    private final String condition;
    private final Duration time;

    Kept(String table, String condition, Duration time) {
        this.table = table;
        this.condition = condition;
        this.time = time;
    }

    String table() {
        return table;
    }

    String condition() {
        return condition;
    }

    long millis() {
        return time.toMillis();
    }
}
