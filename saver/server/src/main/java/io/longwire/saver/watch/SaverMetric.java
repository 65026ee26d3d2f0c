package io.longwire.saver.watch;

import io.longwire.keeper.metrics.Metric;

/** Everything the saver counts. */
public enum SaverMetric implements Metric {
    APPENDS("saver_appends_total", "Appends answered, by result code."), //
    APPEND_TIME("saver_append_seconds", "From an append's arrival to its answer."), //
    FETCHES("saver_fetches_total", "Fetches answered, by where they read: inbox, ledger, partial, unavailable."), //
    FETCH_TIME("saver_fetch_seconds", "From a fetch's arrival to its answer."), //
    ENDS("saver_ends_total", "Ends answered, by result: now, before, no-message, unavailable."), //
    END_LOOKUPS("saver_end_lookups_total",
            "Ends whose message had to be looked up in the ledger; the others' rows were known here."), //
    UNACKED("saver_unacked_total",
            "Deliveries that a ready endpoint did not ack, by kind: free, or backoff from the third on."), //
    FAST_DOWNGRADES("saver_fast_downgrades_total",
            "FAST messages taken as DURABLE, by why: no-replica, not-confirmed, ledger, retry."), //
    FAST_ADOPTED("saver_fast_adopted_total",
            "FAST messages whose row was written from the inbox: the end came first, or the saver died."), //
    FAST_ORPHANS("saver_fast_orphans_total",
            "FAST messages whose row could not be written within 10 min; delivered, but not in the ledger."), //
    OWN_ENDS("saver_own_ends_total",
            "Messages the saver ended for its own reasons, by how: expired, overflowed, collapsed, dead, deleted."), //
    COLD_MARKS("saver_cold_marks_total", "Appends that the inbox did not confirm; their slot was marked COLD."), //
    COLD_SLOTS("saver_cold_slots", "Slots that are COLD for this saver now."), //
    REPAIRED_SLOTS("saver_repaired_slots_total", "COLD slots refilled from the ledger and marked clean."), //
    REPAIRED_MESSAGES("saver_repaired_messages_total", "Messages a repair put back into an inbox."), //
    REPAIR_FAILURES("saver_repair_failures_total", "Repairs given up half way; tried again within a second."), //
    PARKED_MESSAGES("saver_parked_messages_total",
            "Messages taken out of inboxes whose endpoint was not seen for 72 h; the ledger has them."), //
    LEDGER_BATCHES("saver_ledger_batches_total", "Batches committed, by queue."), //
    LEDGER_ROWS("saver_ledger_rows_total", "Rows committed, by queue."), //
    LEDGER_RETRIES("saver_ledger_retries_total",
            "Batches sent again after a lost connection or a deadlock, by queue."), //
    LEDGER_BISECTED("saver_ledger_bisected_total", "Batches cut in two because a row in them failed, by queue."), //
    LEDGER_FAILED_ROWS("saver_ledger_failed_rows_total",
            "Rows given up: their own error, or their deadline, by queue."), //
    LEDGER_QUEUE_FULL("saver_ledger_queue_full_total", "Rows refused because a queue was full, by queue."), //
    LEDGER_QUEUED("saver_ledger_queued_rows", "Rows waiting to be sent, all queues."), //
    REDIS_CONNECTS("saver_redis_connects_total", "Connections to Redis nodes made and checked."), //
    REDIS_BREAKS("saver_redis_breaks_total", "Connections to Redis nodes lost or given up."), //
    REDIS_FAILED("saver_redis_failed_total", "Commands without an answer in time, or answered with an error."), //
    DUE_LEASED("saver_due_leased_total", "Due endpoints leased for a look."), //
    DUE_OUTCOMES("saver_due_outcomes_total", "What a look found: told, not-ready, offline, unknown, empty."), //
    PARTITIONS_AHEAD("saver_partitions_ahead_seconds",
            "Time until the ledger runs out of partitions; alert below 12 h."), //
    PARTITIONS_DROPPED("saver_partitions_dropped_total", "Partitions dropped after compaction or age."), //
    COMPACTED_COLD("saver_compacted_cold_total", "Live messages copied to msg_cold."), //
    PARTITION_FAILURES("saver_partition_failures_total", "Rounds of partition keeping that failed; tried again."), //
    CONSERVATION_GAP("saver_conservation_gap_total", "Messages that a conservation scan could not account for."), //
    ENDPOINT_READS("saver_endpoint_reads_total", "Endpoints looked up in the ledger because the cache had none."), //
    HEAD_READS("saver_head_reads_total", "Shared payloads read from the ledger because the cache had none."), //
    RECEIPTS_DROPPED("saver_receipts_dropped_total",
            "Receipts not kept, to be told again: their queue was full, or the ledger away for 10 s."), //
    SEEN_DROPPED("saver_seen_dropped_total",
            "Notes of endpoints seen that were given up: queue full or ledger away; the next fetch notes it again."), //
    ENDPOINTS_UNSEEN("saver_endpoints_unseen_total", "Endpoints deleted because they were not seen for 270 days."), //
    ENDPOINTS_ERASED("saver_endpoints_erased_total", "Gone endpoints of which nothing is kept any more."), //
    AGING_FAILURES("saver_aging_failures_total", "Rounds over unseen and gone endpoints that failed; tried again."), //
    RETENTION_DELETED("saver_retention_deleted_total", "Rows deleted because their time was over, by table."), //
    RETENTION_FAILURES("saver_retention_failures_total", "Rounds of deleting old rows that failed; tried again."), //
    LAW_ROWS("saver_law_rows", "Conservation law, last closed half hour: rows accepted."), //
    LAW_LIVE("saver_law_live", "Conservation law, last closed half hour: rows that live."), //
    LAW_ENDED("saver_law_ended_total",
            "Conservation law, closed half hours: rows that had ended when they were scanned, by how."), //
    LAW_GAP("saver_law_gap", "Conservation law, last closed half hour: rows neither ended nor live; must be 0."), //
    LAW_HIDDEN("saver_law_hidden",
            "Conservation law, last closed half hour: live messages in no inbox; served since."), //
    LAW_UNTIL("saver_law_until_seconds", "Conservation law: until when it was scanned, unix seconds; 0 = not here."), //
    LAW_FAILURES("saver_law_failures_total", "Scans of the conservation law that failed; tried again."), //
    USAGE_FAILURES("saver_usage_failures_total", "Rounds of usage or recount that failed; tried again."), //
    BROADCASTS_MADE("saver_broadcasts_made_total", "Broadcasts kept, by what they began as: running, held."), //
    BROADCASTS_CHANGED("saver_broadcasts_changed_total", "Changes of broadcasts that changed something."), //
    BROADCASTS_EXPIRED("saver_broadcasts_expired_total", "Broadcasts that ended because their time was over."), //
    BROADCAST_FAILURES("saver_broadcast_failures_total",
            "Rounds over expired and old broadcasts that failed; tried again."), //
    ACTIVE_LISTS("saver_active_lists_total",
            "Pages of active broadcasts given to rooms, by from: ledger, or kept as nothing has changed since."), //
    WALKS_LEASED("saver_walks_leased_total",
            "Walks of broadcasts given to a center, by kind: first, or again when another one's lease ran out."), //
    WALKS_CUT("saver_walks_cut_total",
            "Leases of walks that left some for a later turn, by why: limit, bytes, broadcasts."), //
    WALKS_FENCED("saver_walks_fenced_total", "Reports of walks refused: the lease is another center's by now."), //
    BROADCAST_NOTES("saver_broadcast_notes_total",
            "Endpoints noted as having acked, shown or clicked a broadcast, by kind; repeated ones count again."), //
    BROADCAST_NOTES_UNKNOWN("saver_broadcast_notes_unknown_total",
            "Chunks of notes that were ignored: there is no such broadcast."), //
    MATCHES_LEFT("saver_matches_left_total",
            "Questions for profiles that were not answered, or not to the end: the caller had given up."), //
    MATCHED_ENDPOINTS("saver_matched_endpoints_total",
            "Endpoints whose profile was asked for conditions of an audience."), //
    ESTIMATED_ENDPOINTS("saver_estimated_endpoints_total", "Endpoints looked at to estimate audiences."), //
    LIST_PARTS("saver_list_parts_total", "Parts of uploaded lists kept, repeated ones too."), //
    LISTS_SEALED("saver_lists_sealed_total", "Uploaded lists sorted and sealed."), //
    LIST_ACK_SLICES("saver_list_ack_slices_total", "Slices of lists whose acks were counted, each time."), //
    LIST_ACK_FAILURES("saver_list_ack_failures_total", "Looks for acks of lists that did not get through."), //
    LIST_SEAL_TIME("saver_list_seal_seconds", "Sorting an uploaded list and writing its chunks.");

    private final String id;
    private final String sentence;

    SaverMetric(String id, String sentence) {
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
