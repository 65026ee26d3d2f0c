package io.longwire.center;

import io.longwire.keeper.metrics.Metric;

/** Every metric of center. */
public enum CenterMetric implements Metric {
    CALLS("center_calls_total", "API calls answered, by call."), //
    REFUSED("center_refused_total", "API calls and batch items refused, by code."), //
    CALL_TIME("center_call_seconds", "From the last byte of a call to its answer."), //
    ACCEPTED("center_accepted_total", "DURABLE messages for which a caller got accepted."), //
    DUPLICATES("center_duplicates_total", "Sends answered with the message of their idempotency key."), //
    TRANSIENT("center_transient_total", "TRANSIENT messages, by outcome."), //
    ACCEPT_TIME("center_accept_seconds", "From the checked request to accepted."), //
    IN_FLIGHT("center_in_flight", "Messages that wait for their store."), //
    IN_FLIGHT_FULL("center_in_flight_full_total", "Messages refused because too many waited for their store."), //
    APPEND_RETRIES("center_append_retries_total", "Appends asked again with the same id."), //
    STALE_IDS("center_stale_ids_total", "Messages minted anew because the saver found their id too old."), //
    NOT_MINTED("center_not_minted_total", "Messages refused because no id could be minted."), //
    ROUTING("center_routing", "Accepted messages on their way to a room."), //
    ROUTING_FULL("center_routing_full_total",
            "Accepted messages left to the due set because too many were on their way."), //
    ROUTED("center_routed_total", "Where the way of an accepted message ended, by result."), //
    ROUTE_RETRIES("center_route_retries_total", "Further tries to route a message whose session was unknown."), //
    COLD_LOOKS("center_cold_looks_total", "Second lookups of messages accepted without a confirmed inbox."), //
    KEY_LOOKUPS("center_key_lookups_total", "API keys asked of a saver."), //
    KEY_LOOKUPS_FULL("center_key_lookups_full_total", "API keys refused because too many were being asked for."), //
    BODY_BYTES("center_body_bytes", "Bytes of request bodies held."), //
    BODIES_FULL("center_bodies_full_total", "Calls refused because too many bytes of bodies were held."), //
    SCHEDULES_WORKED("center_schedules_worked_total",
            "Schedules worked at one of their times, by outcome: sent, duplicate, refused, missed, left."), //
    SCHEDULES_FIRING("center_schedules_firing", "Schedules being sent and settled."), //
    SCHEDULES_FULL("center_schedules_full_total",
            "Due schedules left to their lease, or not leased, because too many were firing."), //
    AUDIT_FAILED("center_audit_failed_total", "Audit records that could not be written; the change was not made."), //
    KEYS_NOTED("center_keys_noted_total", "Times the last use of an API key was written down."), //
    KEYS_ELSEWHERE("center_keys_elsewhere_total", "Calls refused because their key is not for that address."), //
    REVOKED("center_revoked_total", "Messages to be taken back, for each endpoint, by outcome."), //
    WALKS_ORDERED("center_walks_ordered_total", "Walks of broadcasts ordered from rooms, by outcome."), //
    WALK_ROUNDS_FAILED("center_walk_rounds_failed_total", "Rounds of leasing walks that a saver did not answer."), //
    CHANGE_LOOKS_FAILED("center_change_looks_failed_total",
            "Looks for changes of broadcasts that a saver did not answer."), //
    BROADCAST_STAGES("center_broadcast_stages_total",
            "Stages of broadcasts that ended here, by outcome: advanced, walked, stopped."), //
    PRODUCT_PACES("center_product_paces", "Apps whose broadcasts this center slows down for their backends' sake."), //
    PRODUCT_PACES_FULL("center_product_paces_full_total",
            "Looks for what an app's backend bears that were not taken because too many apps were followed."), //
    LIST_TARGETS("center_list_targets_total",
            "Endpoints of lists that a broadcast was to be stored for, by outcome; each try counts."), //
    LIST_STEPS_FAILED("center_list_steps_failed_total",
            "Steps of walking a list that failed, and were to be done again."), //
    QUOTA_EXCEEDED("center_quota_exceeded_total", "Messages refused by their app's quota.");

    private final String id;
    private final String sentence;

    CenterMetric(String id, String sentence) {
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
