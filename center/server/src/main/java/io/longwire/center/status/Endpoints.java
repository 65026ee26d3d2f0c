package io.longwire.center.status;

import io.longwire.center.refuse.Refused;
import io.longwire.center.send.Rooms;
import io.longwire.center.send.Rules;
import io.longwire.device.Code;
import io.longwire.register.client.Lookup;
import io.longwire.register.client.Session;
import io.longwire.rpc.center.EndpointStatus;
import io.longwire.rpc.center.GetEndpointRequest;
import io.longwire.rpc.center.KickEndpointReply;
import io.longwire.rpc.center.KickEndpointRequest;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.Inbox;
import io.longwire.rpc.saver.InboxRequest;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where an endpoint is, and closing its session. Thread-safe, never blocks. */
public final class Endpoints {
    private static final Logger LOG = LoggerFactory.getLogger(Endpoints.class);
    private static final int MAX_RETRY_AFTER_SECONDS = 86_400;
    private static final int MAX_REASON = 256;
    private static final int INBOX_LIMIT = 1_000;

    private final Rules rules;
    private final Ledger ledger;
    private final Presence presence;
    private final Rooms rooms;

    public Endpoints(Rules rules, Ledger ledger, Presence presence, Rooms rooms) {
        this.rules = rules;
        this.ledger = ledger;
        this.presence = presence;
        this.rooms = rooms;
    }

    public CompletableFuture<EndpointStatus> status(int appId, GetEndpointRequest request) {
        long endpointId = rules.endpoint("endpoint", request.getEndpoint(), appId);
        var found = presence.of(endpointId);
        var inbox = ledger.inbox(InboxRequest.newBuilder().setEndpointId(endpointId).setLimit(INBOX_LIMIT).build());
        var ask = io.longwire.rpc.saver.GetEndpointRequest.newBuilder().setAppId(appId).setEndpointId(endpointId);
        return ledger.endpoint(ask.build()).thenCombine(inbox, (record, waiting) -> found
                .thenApply(session -> answer(request.getEndpoint(), record, waiting, session)))
                .thenCompose(answer -> answer);
    }

    /**
     * Ends the session where it is. Nothing is kept of it: the phone may come back after the time given, and so it is
     * told a code that says so.
     */
    public CompletableFuture<KickEndpointReply> kick(int appId, KickEndpointRequest request) {
        long endpointId = rules.endpoint("endpoint", request.getEndpoint(), appId);
        int seconds = request.getRetryAfterSeconds();
        if (seconds < 0 || seconds > MAX_RETRY_AFTER_SECONDS) {
            throw Refused.invalid("retry_after_seconds", Integer.toUnsignedString(seconds),
                    "0 to " + MAX_RETRY_AFTER_SECONDS);
        }
        if (request.getReason().length() > MAX_REASON) {
            throw Refused.invalid("reason", request.getReason().length() + " characters", "at most " + MAX_REASON);
        }
        LOG.debug("app {}, endpoint {}: to be kicked, {}", appId, endpointId, Refused.shown(request.getReason()));
        return presence.of(endpointId).thenCompose(found -> found instanceof Lookup.Online online
                ? kick(online.session(), seconds)
                : CompletableFuture.completedFuture(reply(false, Presence.label(found))));
    }

    private CompletableFuture<KickEndpointReply> kick(Session session, int retryAfterSeconds) {
        return rooms.kick(session, Code.RATE, retryAfterSeconds * 1000).thenApply(code -> switch (code) {
            case DONE, ALIVE, NOT_READY, PARKED -> reply(true, "kicked");
            case NOT_HERE, SILENT -> reply(false, "offline");
            case BUSY, UNRECOGNIZED -> reply(false, ControlResult.Code.BUSY.name().toLowerCase(Locale.ROOT));
        });
    }

    private EndpointStatus answer(String text, EndpointRecord record, Inbox inbox, Lookup session) {
        if (record.getState() == EndpointRecord.State.ABSENT) {
            throw Rules.unknownEndpoint("endpoint", text);
        }
        return EndpointStatus.newBuilder().setEndpoint(text).setState(Presence.label(session))
                .setRoom(presence.room(session))
                .setConnSeq(session instanceof Lookup.Online online ? online.session().connSeq() : 0)
                .setWaiting(inbox.getMessagesCount()).setSeenMs(record.getSeenMs())
                .setRegistered(record.getState().name().toLowerCase(Locale.ROOT)).build();
    }

    private static KickEndpointReply reply(boolean kicked, String state) {
        return KickEndpointReply.newBuilder().setKicked(kicked).setState(state).build();
    }
}
