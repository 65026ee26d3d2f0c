package io.longwire.center.status;

import io.longwire.register.client.Lookup;
import io.longwire.rpc.center.EndpointStatus;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.saver.EndpointRecord;
import java.util.Locale;

/**
 * What register and room say of an endpoint at this moment. Immutable.
 *
 * @param told what the room of the session answered; {@link Presence#NOT_TOLD} = nothing
 * @param room the instance that holds the session; empty if there is none
 */
record Seen(Lookup session, ControlResult told, String room) {

    /** With what the ledger knows of it; `waiting` is left to the caller. */
    EndpointStatus.Builder answer(String endpoint, EndpointRecord record) {
        var answer = EndpointStatus.newBuilder().setEndpoint(endpoint).setState(Presence.label(session))
                .setRoom(room).setSeenMs(record.getSeenMs())
                .setRegistered(record.getState().name().toLowerCase(Locale.ROOT));
        return switch (session) {
            case Lookup.Online online -> answer.setConnSeq(online.session().connSeq()).setSinceMs(told.getBoundMs())
                    .setAppRunning(switch (told.getCode()) {
                        case DONE -> "yes";
                        case NOT_READY -> "no";
                        default -> "";
                    });
            case Lookup.Offline offline -> answer.setSinceMs(record.getSeenMs());
            case Lookup.Unknown unknown -> answer;
        };
    }
}
