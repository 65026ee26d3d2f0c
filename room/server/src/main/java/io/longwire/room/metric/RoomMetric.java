package io.longwire.room.metric;

import io.longwire.keeper.metrics.Metric;

/** Everything a room counts, each with its sentence for docs/metrics.md. */
public enum RoomMetric implements Metric {
    CONNECTIONS("room_connections", "Connections open now."), //
    SESSIONS("room_sessions", "Endpoints bound now, parked ones included."), //
    PARKED("room_parked_connections", "Dropped connections that wait for a resume."), //
    UNAUTHENTICATED("room_unauthenticated_connections", "Connections open that have not logged in."), //
    ACCEPTED("room_accepted_total", "Connections accepted."), //
    REFUSED("room_refused_total", "Connections or logins refused at the door, by reason."), //
    BANS("room_bans", "Banned endpoints and networks that this room knows of."), //
    BANNED_SESSIONS("room_banned_sessions_total", "Sessions ended because their endpoint was banned."), //
    LOGINS("room_logins_total", "CONNECT frames answered, by code."), //
    LOGINS_BY_REACH("room_logins_by_reach_total",
            "CONNECT frames of known hosts, by how well the phone says it can be woken."), //
    BINDS("room_binds_total", "Bindings answered, by code."), //
    RESUMED("room_resumed_total", "Sessions that went on after a flash disconnect without a register write."), //
    LOGIN_SECONDS("room_login_seconds", "From CONNECT to CONNECT_ACK."), //
    OWED_LOGINS("room_logins_without_register_total", "Bindings accepted before any register owner had answered."), //
    SESSIONS_ENDED("room_sessions_ended_total",
            "Sessions taken from the register, by where their endpoint was then: elsewhere, nowhere."), //
    CLOSED("room_closed_total", "Connections closed, by reason."), //
    PUSHES("room_pushes_total", "Pushes asked of this room, by the code answered."), //
    WRITTEN("room_written_total", "Messages written to sockets, pushed or fetched."), //
    TRANSIENT_DROPPED("room_transient_dropped_total", "TRANSIENT messages that could not be written at once."), //
    NOT_SEALED("room_not_sealed_total",
            "Messages ended because they were not sealed, for endpoints behind an app of another signer."), //
    ACKED("room_acked_total", "Messages ended by an ack of the phone."), //
    DEFERRED("room_deferred_total", "Messages put off because the app was not running."), //
    ACK_TIMEOUTS("room_ack_timeouts_total", "Messages not acked within 15 s of being written."), //
    STOPPED("room_endpoints_stopped_total", "Endpoint windows stopped after two ack time-outs."), //
    STRANGE_ACKS("room_strange_acks_total", "Acked ids that were not in the window, by what was done."), //
    ENDS_WAITING("room_ends_waiting", "Acks and attempts not yet confirmed by a saver."), //
    ENDS_DROPPED("room_ends_dropped_total", "Unconfirmed acks dropped at the bound; each costs one redelivery."), //
    RECEIPTS("room_receipts_total", "Receipts of messages that had been acked before, by kind."), //
    RECEIPTS_DROPPED("room_receipts_dropped_total",
            "Receipts dropped because too many waited for a saver, or came at once."), //
    ENDS_RETRIED("room_ends_retried_total", "Acks and attempts sent to a saver once more."), //
    FETCHES("room_fetches_total", "Inbox fetches, by outcome."), //
    FETCH_RETRIES("room_fetch_retries_total", "Fetches put off to a later second by failure or budget."), //
    PROFILES("room_profiles_total", "PROFILE frames answered, by code."), //
    UPLINKS("room_uplinks_total", "UPLINK frames answered, by code; OK = durable at a coordinator."), //
    UPLINKS_WAITING("room_uplinks_waiting", "Uplinks that no coordinator has answered yet."), //
    UPLINKS_WAITING_BYTES("room_uplinks_waiting_bytes", "Bytes of those, each with 512 on top of its body."), //
    UPLINKS_SHED("room_uplinks_shed_total", "Uplinks answered BUSY: the loop was late, or too many were under way."), //
    UPLINK_REPLIES_UNHEARD("room_uplink_replies_unheard_total",
            "Answers to uplinks whose connection was gone; the phone asks again."), //
    BROADCASTS("room_broadcasts", "Broadcasts in force."), //
    WALKS("room_broadcast_walks", "Walks that are on, over all loops."), //
    BROADCAST_WRITTEN("room_broadcast_written_total", "Broadcasts written to phones, by when: walk, login, ready."), //
    BROADCAST_BEHIND("room_broadcast_behind_total", "Sessions a walk could not write to, and looks at again."), //
    BROADCAST_LEFT("room_broadcast_left_total", "Sessions behind after the last pass: left to their next login."), //
    BROADCAST_SEEN("room_broadcast_seen_total", "Broadcasts that a binding said its endpoint has."), //
    BROADCAST_STRANGE_ACKS("room_broadcast_strange_acks_total", "Acks of sequences that are no broadcast in force."), //
    BROADCAST_LISTS_FAILED("room_broadcast_lists_failed_total", "Lists of broadcasts that no saver gave."), //
    PROFILE_QUESTIONS_FAILED("room_profile_questions_failed_total",
            "Questions about up to 1,000 profiles that no saver answered."), //
    NOTES_SENT("room_broadcast_notes_sent_total", "Who acked, saw or clicked a broadcast: confirmed by a saver."), //
    NOTES_RETRIED("room_broadcast_notes_retried_total", "Calls with such notes that failed; sent again."), //
    NOTES_DROPPED("room_broadcast_notes_dropped_total", "Such notes dropped because too many waited for a saver."), //
    TRAITS_BEYOND("room_phone_traits_beyond_total",
            "Logins of phones whose traits were one kind too many: they count as unknown."), //
    PRESENCE_TOLD("room_presence_told_total", "Events of sessions sent to coordinators, by kind."), //
    PRESENCE_LOST("room_presence_lost_total",
            "Such events given up because too many waited, or nobody knew of them; a resync tells."), //
    PRESENCE_FAILED("room_presence_failed_total", "Chunks of such events that no coordinator answered; sent again."), //
    PRESENCE_WAITING("room_presence_waiting", "Such events that wait for the feed's thread."), //
    APP_FRAMES_DOWN("room_app_frames_down_total", "Messages and answers that phones say their apps got, by app."), //
    APP_BYTES_DOWN("room_app_bytes_down_total", "Bytes of those, before TLS."), //
    APP_FRAMES_UP("room_app_frames_up_total", "Uplinks and profiles that phones say their apps have sent, by app."), //
    APP_BYTES_UP("room_app_bytes_up_total", "Bytes of those, before TLS."), //
    CONTROLS("room_controls_total", "Control requests of other parts, by kind."), //
    STRAY_REMOVED("room_stray_sessions_total",
            "Pushes to a session that is not here: its register entry is removed."), //
    FRAMES_SKIPPED("room_frames_skipped_total", "Ignorable frames of an unknown type."), //
    MAILBOX_FULL("room_mailbox_full_total", "Requests shed because a loop's mailbox was full."), //
    LOOP_LAG("room_loop_lag_ms", "How late the slowest loop ran its last tick."), //
    LOOP_BUGS("room_loop_bugs_total", "Unexpected exceptions on a loop; each ended at most one connection."), //
    CERTIFICATES("room_certificate_changes_total", "Changed certificate files, by outcome: reloaded or refused."), //
    CERTIFICATE_DAYS("room_certificate_days",
            "Days until the first certificate of a TLS listener ends; 36500 without one."), //
    TRANSPORT_ERRORS("room_transport_errors_total",
            "Sockets that ended in an error below the protocol: TLS, PROXY, reset.");

    private final String id;
    private final String sentence;

    RoomMetric(String id, String sentence) {
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
