package io.longwire.coordinator;

import io.longwire.keeper.metrics.Metric;

/** Everything the coordinator counts. */
public enum CoordinatorMetric implements Metric {
    UPLINKS("coordinator_uplinks_total",
            "Uplinks answered, by outcome: kept, full, too_often, refused, unavailable."), //
    UPLINK_DOUBLES("coordinator_uplink_doubles_total", "Uplinks that had been kept before."), //
    UPLINK_BYTES("coordinator_uplink_bytes_total", "Bytes of the uplinks that were kept."), //
    KEEP_TIME("coordinator_keep_seconds", "From a batch of uplinks to its answer."), //
    KEEPING("coordinator_keeping", "Uplinks that wait for Redis."), //
    KEEPING_FULL("coordinator_keeping_full_total", "Uplinks refused because too many waited for Redis."), //
    NOT_REPLICATED("coordinator_not_replicated_total", "Batches that no replica confirmed in time."), //
    GIVEN("coordinator_given_total", "Events given to consumers, by attempt: first, again."), //
    FINISHED("coordinator_finished_total", "Events that consumers finished."), //
    REQUEUED("coordinator_requeued_total", "Events that consumers, or the end of their streams, gave back."), //
    TIMED_OUT("coordinator_timed_out_total", "Events whose time in flight passed at a stream of this process."), //
    DIED("coordinator_died_total", "Events that became dead letters of a channel after their last attempt."), //
    DEAD_PUSHED_OUT("coordinator_dead_pushed_out_total",
            "Dead letters that went for newer ones, or were not kept, by bound: count (channel), bytes (app)."), //
    LOST_IN_CHANNEL("coordinator_lost_in_channel_total",
            "Events that were to be given again and had been removed by age."), //
    PRESENCE("coordinator_presence_total",
            "Events of sessions that rooms told, by outcome: kept, full (a resync follows), gone (room closed)."), //
    ROOMS_CLOSED("coordinator_rooms_closed_total",
            "Partitions in which a room that died was told gone, once for all of its sessions there."), //
    ROOM_LOOKS_FAILED("coordinator_room_looks_failed_total", "Looks for such rooms that Redis did not answer."), //
    SNAPSHOT_ROOMS_FAILED("coordinator_snapshot_rooms_failed_total",
            "Questions of snapshots that a room did not answer."), //
    TRIMMED("coordinator_trimmed_total", "Events removed because every channel had finished them."), //
    TOO_OLD("coordinator_too_old_total", "Events removed by age though not every channel had finished them."), //
    TRIM_FAILED("coordinator_trim_failed_total", "Looks for what can be removed that Redis did not answer."), //
    LEASES("coordinator_leases", "Partitions of channels that this process gives out."), //
    LEASES_LOST("coordinator_leases_lost_total", "Leases found to be another's."), //
    STREAMS("coordinator_streams", "Pull streams of consumers."), //
    STREAMS_FULL("coordinator_streams_full_total", "Streams and polls refused because there were too many."), //
    CALLS("coordinator_calls_total", "Calls of consumers, by call."), //
    CALLS_REFUSED("coordinator_calls_refused_total", "Calls of consumers refused, by status."), //
    CALLBACK_REQUESTS("coordinator_callback_requests_total",
            "Requests to backends, by outcome: done, or why their events were not taken."), //
    CALLBACK_TIME("coordinator_callback_seconds", "From a batch of events taken to its answer."), //
    CALLBACKS_IN_FLIGHT("coordinator_callbacks_in_flight", "Requests to backends under way."), //
    CALLBACK_BREAKS("coordinator_callback_breaks_total", "Times that an app's backend began to be left alone."), //
    CALLBACK_BREAKERS_OPEN("coordinator_callback_breakers_open", "Apps whose backend is left alone."), //
    REPLIES("coordinator_replies_total",
            "Replies of products to requests, by outcome: sent, gone, timed_out, unknown, invalid, dropped."), //
    REPLIES_UNDER_WAY("coordinator_replies_under_way", "Replies on their way to phones."), //
    RECEIPTS("coordinator_receipts_total",
            "Receipts of messages brought to streams, by outcome: kept, double (kept before), held (no room now)."), //
    RECEIPT_LOOKS_FAILED("coordinator_receipt_looks_failed_total",
            "Looks for receipts that a saver or Redis did not answer."), //
    PACE_CUTS("coordinator_pace_cuts_total",
            "Times that the pace of an app's broadcasts was halved, by why: errors, slow, queue."), //
    PACE_APPS_SLOWED("coordinator_pace_apps_slowed",
            "Apps whose broadcasts are to be slower because of their backend, or because it asks for it."), //
    PUSH_PACES("coordinator_push_paces_total", "Push-Pace headers of backends, by outcome: followed, unreadable."), //
    KEY_LOOKUPS("coordinator_key_lookups_total", "API keys asked of a saver."), //
    STORE_CALLS_FAILED("coordinator_store_calls_failed_total",
            "Calls of channels that Redis did not answer, by script."), //
    REDIS_CONNECTS("coordinator_redis_connects_total", "Sessions made to Redis."), //
    REDIS_BREAKS("coordinator_redis_breaks_total", "Sessions to Redis that broke or were given up."), //
    REDIS_FAILED("coordinator_redis_failed_total", "Commands that Redis did not answer or the queue refused.");

    private final String id;
    private final String sentence;

    CoordinatorMetric(String id, String sentence) {
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
