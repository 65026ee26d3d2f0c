package io.longwire.center.status;

import io.longwire.center.access.Cursor;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.center.send.MessageNames;
import io.longwire.center.send.Rooms;
import io.longwire.center.send.Rules;
import io.longwire.device.Code;
import io.longwire.device.id.MessageId;
import io.longwire.register.client.Lookup;
import io.longwire.room.client.KickOrder;
import io.longwire.rpc.center.EndpointStatus;
import io.longwire.rpc.center.GetEndpointRequest;
import io.longwire.rpc.center.GetEndpointsReply;
import io.longwire.rpc.center.GetEndpointsRequest;
import io.longwire.rpc.center.GetHistoryRequest;
import io.longwire.rpc.center.GetInboxRequest;
import io.longwire.rpc.center.HistoryItem;
import io.longwire.rpc.center.HistoryPage;
import io.longwire.rpc.center.InboxItem;
import io.longwire.rpc.center.InboxView;
import io.longwire.rpc.center.PayloadKey;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.HistoryRequest;
import io.longwire.rpc.saver.InboxRequest;
import io.longwire.rpc.saver.Timeline;
import java.util.concurrent.CompletableFuture;

/** Where endpoints are, what waits for them, and their end. Thread-safe, never blocks. */
public final class Endpoints {
    private static final int INBOX_LIMIT = 1_000;
    private static final int DEFAULT_ITEMS = 100;
    private static final int HISTORY_LIMIT = 200;
    private static final int HISTORY_ITEMS = 50;

    private final Rules rules;
    private final Ledger ledger;
    private final Presence presence;
    private final Rooms rooms;
    private final ManyEndpoints many;

    public Endpoints(Rules rules, Ledger ledger, Presence presence, Rooms rooms) {
        this.rules = rules;
        this.ledger = ledger;
        this.presence = presence;
        this.rooms = rooms;
        this.many = new ManyEndpoints(rules, ledger, presence);
    }

    /** The endpoint, its session, and since when; its room is asked whether the app runs. */
    public CompletableFuture<EndpointStatus> status(int appId, GetEndpointRequest request) {
        long endpointId = rules.endpoint("endpoint", request.getEndpoint(), appId);
        var inbox = ledger.inbox(InboxRequest.newBuilder().setEndpointId(endpointId).setLimit(INBOX_LIMIT).build());
        var told = presence.of(endpointId).thenCompose(session -> presence.ask(session, 0)
                .thenApply(answer -> new Seen(session, answer, presence.room(session))));
        return record(appId, endpointId).thenCombine(inbox, (record, waiting) -> told.thenApply(seen -> {
            known(request.getEndpoint(), record);
            return seen.answer(request.getEndpoint(), record).setWaiting(waiting.getMessagesCount()).build();
        })).thenCompose(answer -> answer);
    }

    /** As {@link ManyEndpoints#status}. */
    public CompletableFuture<GetEndpointsReply> bulk(int appId, GetEndpointsRequest request) {
        return many.status(appId, request);
    }

    /** Ends everything of it, then closes its session: from the first on, nothing is accepted for it. */
    public CompletableFuture<EndpointStatus> delete(int appId, GetEndpointRequest request) {
        long endpointId = rules.endpoint("endpoint", request.getEndpoint(), appId);
        return ledger.deleteEndpoint(ask(appId, endpointId)).thenCompose(record -> presence.of(endpointId)
                .thenCompose(session -> session instanceof Lookup.Online online
                        ? rooms.kick(online.session(), KickOrder.of(Code.GONE))
                                .<Lookup>handle((kicked, failure) -> session)
                        : CompletableFuture.completedFuture(session))
                .thenApply(session -> {
                    known(request.getEndpoint(), record);
                    return new Seen(session, Presence.NOT_TOLD, presence.room(session))
                            .answer(request.getEndpoint(), record).build();
                }));
    }

    /** What waits for it, oldest first. */
    public CompletableFuture<InboxView> inbox(int appId, GetInboxRequest request) {
        long endpointId = rules.endpoint("endpoint", request.getEndpoint(), appId);
        int limit = request.getLimit() == 0 ? DEFAULT_ITEMS : request.getLimit();
        if (limit < 1 || limit > INBOX_LIMIT) {
            throw Refused.invalid("limit", Integer.toUnsignedString(limit), "1 to " + INBOX_LIMIT);
        }
        var inbox = ledger.inbox(InboxRequest.newBuilder().setEndpointId(endpointId).setLimit(INBOX_LIMIT).build());
        return record(appId, endpointId).thenCombine(inbox, (record, waiting) -> {
            known(request.getEndpoint(), record);
            var view = InboxView.newBuilder().setEndpoint(request.getEndpoint())
                    .setMessages(waiting.getMessagesCount()).setBytes(waiting.getBytes());
            waiting.getMessagesList().stream().limit(limit).forEach(message -> view.addItems(InboxItem.newBuilder()
                    .setMessageId(MessageId.text(message.getMessageId()))
                    .setAcceptedMs(MessageId.timeMs(message.getMessageId())).setExpiresMs(message.getExpireAtMs())
                    .setAttempts(message.getAttempts()).setSize(message.getEnvelope().size())));
            return view.build();
        });
    }

    /** What it was sent in the last 7 days, newest first, and how that ended. The cursor is the last message's id. */
    public CompletableFuture<HistoryPage> history(int appId, GetHistoryRequest request) {
        long endpointId = rules.endpoint("endpoint", request.getEndpoint(), appId);
        var ask = HistoryRequest.newBuilder().setEndpointId(endpointId)
                .setLimit(Cursor.limit(request.getLimit(), HISTORY_ITEMS, HISTORY_LIMIT));
        if (!request.getCursor().isEmpty()) {
            ask.setBefore(MessageNames.id("cursor", request.getCursor()));
        }
        return record(appId, endpointId).thenCombine(ledger.history(ask.build()), (record, found) -> {
            known(request.getEndpoint(), record);
            var page = HistoryPage.newBuilder();
            found.getMessagesList().forEach(message -> page.addItems(item(message)));
            if (found.getMore()) {
                page.setCursor(page.getItems(page.getItemsCount() - 1).getMessageId());
            }
            return page.build();
        });
    }

    private static HistoryItem item(Timeline message) {
        var item = HistoryItem.newBuilder().setMessageId(MessageId.text(message.getMessageId())).setState("waiting")
                .setAcceptedMs(message.getAcceptedMs()).setExpiresMs(message.getExpireAtMs())
                .setAttempts(message.getAttempts());
        if (message.getState() == Timeline.State.ENDED) {
            Reason end = Reason.ended(message);
            item.setState(end.state()).setReasonCode(end.code()).setEndedMs(message.getEndedMs());
        }
        return item.build();
    }

    /** What payloads for it are sealed with. Fails with NO_PAYLOAD_KEY. */
    public CompletableFuture<PayloadKey> payloadKey(int appId, GetEndpointRequest request) {
        long endpointId = rules.endpoint("endpoint", request.getEndpoint(), appId);
        return record(appId, endpointId).thenApply(record -> {
            known(request.getEndpoint(), record);
            if (record.getPayloadKey().isEmpty()) {
                throw Refused.because(Why.NO_PAYLOAD_KEY, "endpoint: " + request.getEndpoint()
                        + " (expected: one whose app has registered a payload key)");
            }
            return PayloadKey.newBuilder().setEndpoint(rules.endpointText(appId, endpointId))
                    .setPayloadKey(record.getPayloadKey()).build();
        });
    }

    private CompletableFuture<EndpointRecord> record(int appId, long endpointId) {
        return ledger.endpoint(ask(appId, endpointId));
    }

    private static io.longwire.rpc.saver.GetEndpointRequest ask(int appId, long endpointId) {
        return io.longwire.rpc.saver.GetEndpointRequest.newBuilder().setAppId(appId).setEndpointId(endpointId).build();
    }

    private static void known(String text, EndpointRecord record) {
        if (record.getState() == EndpointRecord.State.ABSENT) {
            throw Rules.unknownEndpoint("endpoint", text);
        }
    }
}
