package io.longwire.room.login;

import io.longwire.device.Code;
import io.longwire.device.ProtocolError;
import io.longwire.device.credential.Claims;
import io.longwire.device.v1.BindResult;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.room.broadcast.LoopBroadcasts;
import io.longwire.room.fetch.Fetcher;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Session;
import java.util.List;

/**
 * What a session gets once it is bound: what waits in its inbox, and the broadcasts that it lacks. Owner: the loop.
 *
 * @param fetcher of the inbox
 */
public record Deliveries(Fetcher fetcher, LoopBroadcasts broadcasts) {
    /** Notes what a binding says it has of broadcasts; false = it was refused for that. */
    boolean take(BindRequest request, int index, EndpointBinding binding, Claims claims) {
        try {
            var seen = broadcasts.seen(claims.appId(), binding.getBcastSeen());
            request.seen(index, seen, broadcasts.floor(claims.appId(), binding.getBcastSeen(), seen));
            return true;
        } catch (ProtocolError broken) {
            request.settle(index, BindResult.newBuilder().setEndpointId(claims.endpointId()).setCode(broken.code())
                    .setText(String.valueOf(broken.getMessage())).build());
            return false;
        }
    }

    /** The phone has just been told the results of its request. */
    void broadcast(BindRequest request, List<BindResult> results) {
        Connection connection = request.connection;
        for (int i = 0; i < results.size(); i++) {
            var seen = request.seen(i);
            Session session = seen == null || results.get(i).getCode() != Code.OK
                    ? null
                    : connection.find(results.get(i).getEndpointId());
            if (seen != null && session != null && connection.phase() == Connection.LIVE) {
                broadcasts.onBound(connection, session, seen, request.wasBoundBefore(i));
            }
        }
    }
}
