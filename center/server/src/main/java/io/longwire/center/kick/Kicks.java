package io.longwire.center.kick;

import io.longwire.center.access.EndpointNames;
import io.longwire.center.audit.Audit;
import io.longwire.center.profile.Aliases;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.center.send.Rooms;
import io.longwire.center.send.Sessions;
import io.longwire.register.client.Lookup;
import io.longwire.room.client.KickOrder;
import io.longwire.rpc.center.KickAliasReply;
import io.longwire.rpc.center.KickAliasRequest;
import io.longwire.rpc.center.KickConnectionRequest;
import io.longwire.rpc.center.KickEndpointReply;
import io.longwire.rpc.center.KickEndpointRequest;
import io.longwire.rpc.center.KickedEndpoint;
import io.longwire.rpc.room.ControlResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Ends sessions where they are: looks up, asks the room, and when that one has it no more, the other owner once.
 * Nothing is kept of a kick: the phone may come back after the time it is told. Thread-safe, never blocks.
 */
public final class Kicks {
    private final EndpointNames names;
    private final Aliases aliases;
    private final Sessions sessions;
    private final Rooms rooms;
    private final Audit audit;

    public Kicks(EndpointNames names, Aliases aliases, Sessions sessions, Rooms rooms, Audit audit) {
        this.names = names;
        this.aliases = aliases;
        this.sessions = sessions;
        this.rooms = rooms;
        this.audit = audit;
    }

    /** The session of one endpoint. */
    public CompletableFuture<KickEndpointReply> endpoint(int appId, KickEndpointRequest request) {
        long endpointId = names.id("endpoint", request.getEndpoint(), appId);
        KickOrder order = KickRules.order(request.getReason(), request.getRetryAfterSeconds(), false);
        return kick(endpointId, request.getConnSeq(), order).thenApply(Kicks::reply);
    }

    /** The sessions of all endpoints that have the alias now; UNKNOWN_ENDPOINT if none has. */
    public CompletableFuture<KickAliasReply> alias(int appId, KickAliasRequest request) {
        String alias = Aliases.check("alias", request.getAlias());
        KickOrder order = KickRules.order(request.getReason(), request.getRetryAfterSeconds(), false);
        return aliases.endpointsNow(appId, alias).thenCompose(found -> {
            if (found.isEmpty()) {
                throw Refused.because(Why.UNKNOWN_ENDPOINT,
                        "alias: " + Refused.shown(alias) + " (expected: one that an endpoint has)");
            }
            List<CompletableFuture<Outcome>> kicked = found.stream().map(endpoint -> kick(endpoint, 0, order)).toList();
            return CompletableFuture.allOf(kicked.toArray(CompletableFuture[]::new)).thenApply(all -> {
                var reply = KickAliasReply.newBuilder();
                for (int i = 0; i < kicked.size(); i++) {
                    Outcome outcome = kicked.get(i).join();
                    reply.addEndpoints(KickedEndpoint.newBuilder().setEndpoint(names.text(appId, found.get(i)))
                            .setKicked(outcome == Outcome.KICKED).setState(outcome.label()));
                }
                return reply.build();
            });
        });
    }

    /** The whole connection that an endpoint is on; in the audit log before it is done. */
    public CompletableFuture<KickEndpointReply> connection(KickConnectionRequest request, String address) {
        long endpointId = names.id("endpoint", request.getEndpoint(), request.getAppId());
        KickOrder order = KickRules.order(request.getReason(), request.getRetryAfterSeconds(), true);
        var change = new Audit.Change("connection.kick", request.getAppId(), request.getEndpoint(),
                "retry after " + request.getRetryAfterSeconds() + " s; " + request.getReason(), address);
        return audit.recorded(change, () -> kick(endpointId, request.getConnSeq(), order)).thenApply(Kicks::reply);
    }

    private CompletableFuture<Outcome> kick(long endpointId, long connSeq, KickOrder order) {
        return sessions.find(endpointId).thenCompose(found -> kick(found, connSeq, order, true));
    }

    private CompletableFuture<Outcome> kick(Lookup found, long connSeq, KickOrder order, boolean askOther) {
        return switch (found) {
            case Lookup.Offline offline -> CompletableFuture.completedFuture(Outcome.OFFLINE);
            case Lookup.Unknown nobody -> CompletableFuture.completedFuture(Outcome.UNKNOWN);
            case Lookup.Online online when connSeq != 0 && connSeq != online.session().connSeq() -> CompletableFuture
                    .completedFuture(Outcome.MOVED);
            case Lookup.Online online -> rooms.kick(online.session(), order)
                    .handle((code, failure) -> failure == null ? outcome(code) : Outcome.UNKNOWN)
                    .thenCompose(outcome -> outcome != Outcome.NOT_THERE
                            ? CompletableFuture.completedFuture(outcome)
                            : askOther
                                    ? sessions.findElsewhere(online)
                                            .thenCompose(other -> kick(other, connSeq, order, false))
                                    : CompletableFuture.completedFuture(Outcome.UNKNOWN));
        };
    }

    private static Outcome outcome(ControlResult.Code code) {
        return switch (code) {
            case DONE, ALIVE, NOT_READY, PARKED -> Outcome.KICKED;
            case NOT_HERE, SILENT -> Outcome.NOT_THERE;
            case BUSY, UNRECOGNIZED -> Outcome.BUSY;
        };
    }

    private static KickEndpointReply reply(Outcome outcome) {
        return KickEndpointReply.newBuilder().setKicked(outcome == Outcome.KICKED).setState(outcome.label()).build();
    }
}
