package io.longwire.center.fakes;

import com.google.protobuf.ByteString;
import io.longwire.center.Parts;
import io.longwire.center.access.KeyText;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.register.client.Lookup;
import io.longwire.register.client.Session;
import io.longwire.room.client.KickOrder;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.room.PushItem;
import io.longwire.rpc.room.PushResult;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.CancelReply;
import io.longwire.rpc.saver.CancelRequest;
import io.longwire.rpc.saver.ClaimKeyReply;
import io.longwire.rpc.saver.ClaimKeyRequest;
import io.longwire.rpc.saver.CreateAppRequest;
import io.longwire.rpc.saver.CreateKeyRequest;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.FindKeyRequest;
import io.longwire.rpc.saver.Funnel;
import io.longwire.rpc.saver.FunnelRequest;
import io.longwire.rpc.saver.GetAppRequest;
import io.longwire.rpc.saver.GetEndpointRequest;
import io.longwire.rpc.saver.GetEndpointsReply;
import io.longwire.rpc.saver.GetEndpointsRequest;
import io.longwire.rpc.saver.GetHeadRequest;
import io.longwire.rpc.saver.History;
import io.longwire.rpc.saver.HistoryRequest;
import io.longwire.rpc.saver.Inbox;
import io.longwire.rpc.saver.InboxRequest;
import io.longwire.rpc.saver.KeyRecord;
import io.longwire.rpc.saver.ListAppsReply;
import io.longwire.rpc.saver.ListKeysReply;
import io.longwire.rpc.saver.MessageHead;
import io.longwire.rpc.saver.Timeline;
import io.longwire.rpc.saver.TimelineRequest;
import io.longwire.rpc.saver.UpdateAppRequest;
import io.longwire.rpc.saver.Usage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Saver, register and room as a test says. Each keeps a queue of answers; an empty queue gives the usual one. What was
 * asked stands in {@link #events}, in order.
 */
public final class FakeNeighbours implements Parts {
    /** The usual session: room 7, conn_seq 1000. */
    public static final Session SESSION = new Session(0, 1000, 7, 77);

    public final List<String> events = Collections.synchronizedList(new ArrayList<>());
    public final List<AppendItem> appended = Collections.synchronizedList(new ArrayList<>());
    public final List<PushItem> pushed = Collections.synchronizedList(new ArrayList<>());
    public final Deque<CompletableFuture<AppendResult>> appendAnswers = new ArrayDeque<>();
    public final Deque<Lookup> lookupAnswers = new ArrayDeque<>();
    public final Deque<Lookup> elsewhereAnswers = new ArrayDeque<>();
    public final Deque<CompletableFuture<PushResult.Code>> pushAnswers = new ArrayDeque<>();
    public final Deque<CompletableFuture<ControlResult.Code>> kickAnswers = new ArrayDeque<>();
    public final List<KickOrder> kicked = Collections.synchronizedList(new ArrayList<>());
    public volatile Timeline timeline = Timeline.getDefaultInstance();
    public volatile EndpointRecord endpoint = EndpointRecord.getDefaultInstance();
    public volatile ControlResult told = ControlResult.getDefaultInstance();
    public volatile Funnel funnel = Funnel.getDefaultInstance();
    public volatile int waiting;
    /** What its endpoint was sent, newest first. */
    public volatile History history = History.getDefaultInstance();
    /** Endpoints that acked whatever was appended for them. */
    public final Set<Long> acked = ConcurrentHashMap.newKeySet();
    /** Of messages up to this id the ledger knows nothing any more. */
    public volatile long forgotten;
    /** Endpoints that are banned. */
    public final Set<Long> banned = ConcurrentHashMap.newKeySet();
    /** Endpoints that nobody ever registered. */
    public final Set<Long> absent = ConcurrentHashMap.newKeySet();
    /** How often rooms were asked; what they answer next, before {@link #told}. */
    public volatile int asked;
    public final Deque<CompletableFuture<ControlResult>> askAnswers = new ArrayDeque<>();
    public volatile CancelReply cancelled = CancelReply.getDefaultInstance(); // ended now
    public volatile boolean saverAway;
    public volatile boolean updatesFail;
    public int uses; // guarded by this
    public final FakeHeads heads = new FakeHeads();
    private final Map<ByteString, KeyRecord> keys = new HashMap<>();
    private final Map<Integer, AppRecord> apps = new HashMap<>();

    public static Lookup online() {
        return new Lookup.Online(SESSION, "register-1");
    }

    public static Lookup offline() {
        return new Lookup.Offline(true);
    }

    public static CompletableFuture<AppendResult> append(AppendResult.Code code) {
        return CompletableFuture.completedFuture(AppendResult.newBuilder().setCode(code).build());
    }

    public static <T> CompletableFuture<T> failed(RpcFailure.Kind kind) {
        return CompletableFuture.failedFuture(new RpcFailure(kind, "as the test says"));
    }

    /** As new. */
    public synchronized void reset() {
        events.clear();
        appended.clear();
        pushed.clear();
        appendAnswers.clear();
        lookupAnswers.clear();
        elsewhereAnswers.clear();
        pushAnswers.clear();
        heads.reset();
        timeline = Timeline.getDefaultInstance();
        endpoint = EndpointRecord.getDefaultInstance();
        waiting = 0;
        history = History.getDefaultInstance();
        acked.clear();
        absent.clear();
        banned.clear();
        asked = 0;
        askAnswers.clear();
        kickAnswers.clear();
        kicked.clear();
        told = ControlResult.getDefaultInstance();
        funnel = Funnel.getDefaultInstance();
        cancelled = CancelReply.getDefaultInstance();
        saverAway = false;
        updatesFail = false;
        keys.clear();
        apps.clear();
    }

    public synchronized void app(int appId, int sendsPerSecond) {
        apps.put(appId, AppRecord.newBuilder().setAppId(appId).setName("app " + appId)
                .setAppKey(ByteString.copyFrom(new byte[16])).setSendsPerSecond(sendsPerSecond).setInboxMessages(200)
                .build());
    }

    /** Receipts are kept for the app. */
    public synchronized void receipts(int appId) {
        apps.computeIfPresent(appId, (id, app) -> app.toBuilder().setReceipts(true).build());
    }

    public synchronized void key(String text, KeyRecord record) {
        keys.put(KeyText.hash(text), record.toBuilder().setKeyHash(KeyText.hash(text)).build());
    }

    @Override
    public @Nullable String why(long endpointId) {
        return banned.contains(endpointId) ? "banned" : null;
    }

    @Override
    public CompletableFuture<AppendResult> append(AppendItem item) {
        events.add("append");
        appended.add(item);
        if (absent.contains(item.getEndpointId())) {
            return append(AppendResult.Code.NO_ENDPOINT);
        }
        synchronized (this) {
            return appendAnswers.isEmpty()
                    ? CompletableFuture.completedFuture(AppendResult.newBuilder().setMessageId(item.getMessageId())
                            .build())
                    : appendAnswers.poll();
        }
    }

    @Override
    public synchronized CompletableFuture<Lookup> find(long endpointId) {
        events.add("lookup");
        return CompletableFuture.completedFuture(lookupAnswers.isEmpty() ? online() : lookupAnswers.poll());
    }

    @Override
    public synchronized CompletableFuture<Lookup> findElsewhere(Lookup.Online notThere) {
        events.add("lookup elsewhere");
        return CompletableFuture.completedFuture(elsewhereAnswers.isEmpty() ? offline() : elsewhereAnswers.poll());
    }

    @Override
    public synchronized CompletableFuture<PushResult.Code> push(Session session, PushItem item) {
        events.add("push " + session.connSeq());
        pushed.add(item);
        return pushAnswers.isEmpty()
                ? CompletableFuture.completedFuture(PushResult.Code.WRITTEN)
                : pushAnswers.poll();
    }

    @Override
    public CompletableFuture<ControlResult.Code> kick(Session session, KickOrder order) {
        events.add("kick " + order.code() + " " + order.retryAfterMillis());
        kicked.add(order);
        synchronized (this) {
            return kickAnswers.isEmpty()
                    ? CompletableFuture.completedFuture(ControlResult.Code.DONE)
                    : kickAnswers.poll();
        }
    }

    @Override
    public CompletableFuture<Timeline> timeline(TimelineRequest request) {
        return CompletableFuture.completedFuture(timeline);
    }

    @Override
    public CompletableFuture<CancelReply> cancel(CancelRequest request) {
        events.add("cancel " + request.getCode());
        return CompletableFuture.completedFuture(cancelled);
    }

    @Override
    public CompletableFuture<EndpointRecord> endpoint(GetEndpointRequest request) {
        return CompletableFuture.completedFuture(endpoint);
    }

    @Override
    public CompletableFuture<GetEndpointsReply> endpoints(GetEndpointsRequest request) {
        events.add("endpoints");
        var reply = GetEndpointsReply.newBuilder();
        for (long id : request.getEndpointIdsList()) {
            reply.addRecords(endpoint.toBuilder().setEndpointId(id)).addWaiting(waiting);
        }
        return CompletableFuture.completedFuture(reply.build());
    }

    @Override
    public CompletableFuture<Inbox> inbox(InboxRequest request) {
        var inbox = Inbox.newBuilder();
        for (int i = 0; i < waiting; i++) {
            inbox.addMessagesBuilder().setMessageId(i + 1L);
        }
        return CompletableFuture.completedFuture(inbox.build());
    }

    @Override
    public CompletableFuture<History> history(HistoryRequest request) {
        var past = history.getMessagesList().stream()
                .filter(each -> request.getBefore() == 0 || each.getMessageId() < request.getBefore()).toList();
        return CompletableFuture.completedFuture(History.newBuilder()
                .addAllMessages(past.stream().limit(request.getLimit()).toList())
                .setMore(past.size() > request.getLimit()).build());
    }

    @Override
    public synchronized CompletableFuture<KeyRecord> key(ByteString keyHash) {
        events.add("key");
        return saverAway
                ? failed(RpcFailure.Kind.NO_TARGET)
                : CompletableFuture.completedFuture(keys.getOrDefault(keyHash, KeyRecord.getDefaultInstance()));
    }

    @Override
    public synchronized CompletableFuture<KeyRecord> used(ByteString keyHash, long atMillis) {
        uses++;
        var noted = keys.computeIfPresent(keyHash, (hash, key) -> key.toBuilder().setUsedMs(atMillis).build());
        return CompletableFuture.completedFuture(noted == null ? KeyRecord.getDefaultInstance() : noted);
    }

    @Override
    public synchronized CompletableFuture<AppRecord> app(int appId) {
        return CompletableFuture.completedFuture(apps.getOrDefault(appId, AppRecord.getDefaultInstance()));
    }

    @Override
    public synchronized CompletableFuture<AppRecord> createApp(CreateAppRequest request) {
        int appId = apps.size() + 1;
        app(appId, request.getSendsPerSecond());
        AppRecord made = app(appId).join().toBuilder().setName(request.getName()).build();
        apps.put(appId, made);
        return CompletableFuture.completedFuture(made);
    }

    @Override
    public synchronized CompletableFuture<ListAppsReply> apps() {
        return CompletableFuture.completedFuture(ListAppsReply.newBuilder().addAllApps(apps.values()).build());
    }

    @Override
    public synchronized CompletableFuture<KeyRecord> createKey(CreateKeyRequest request) {
        KeyRecord made = KeyRecord.newBuilder().setAppId(request.getAppId()).setKeyHash(request.getKeyHash())
                .setLabel(request.getLabel()).addAllScopes(request.getScopesList())
                .addAllNetworks(request.getNetworksList()).setExpiresMs(request.getExpiresMs()).build();
        keys.put(request.getKeyHash(), made);
        return CompletableFuture.completedFuture(made);
    }

    @Override
    public synchronized CompletableFuture<AppRecord> updateApp(UpdateAppRequest request) {
        if (updatesFail) {
            return failed(RpcFailure.Kind.DEADLINE);
        }
        var wanted = request.getApp();
        AppRecord before = apps.get(wanted.getAppId());
        if (before == null) {
            return CompletableFuture.completedFuture(AppRecord.getDefaultInstance());
        }
        var after = before.toBuilder();
        for (String name : request.getMaskList()) {
            var field = AppRecord.getDescriptor().findFieldByName(name);
            after.setField(field, wanted.getField(field));
        }
        apps.put(wanted.getAppId(), after.build());
        return CompletableFuture.completedFuture(after.build());
    }

    @Override
    public synchronized CompletableFuture<ListKeysReply> keys(GetAppRequest request) {
        return CompletableFuture.completedFuture(ListKeysReply.newBuilder().addAllKeys(keys.values().stream()
                .filter(key -> key.getAppId() == request.getAppId()).toList()).build());
    }

    @Override
    public synchronized CompletableFuture<KeyRecord> revokeKey(FindKeyRequest request) {
        KeyRecord revoked = keys.computeIfPresent(request.getKeyHash(),
                (hash, key) -> key.toBuilder().setRevoked(true).build());
        return CompletableFuture.completedFuture(revoked == null ? KeyRecord.getDefaultInstance() : revoked);
    }

    @Override
    public CompletableFuture<Usage> usage(GetAppRequest request) {
        return CompletableFuture.completedFuture(Usage.newBuilder().setAppId(request.getAppId()).setStoredMessages(7)
                .setStoredBytes(1792).build());
    }

    @Override
    public CompletableFuture<ClaimKeyReply> claimKey(ClaimKeyRequest request) {
        events.add("claim");
        return heads.claimKey(request);
    }

    @Override
    public CompletableFuture<ClaimKeyReply> settleKey(ClaimKeyRequest request) {
        events.add("settle");
        return heads.settleKey(request);
    }

    @Override
    public CompletableFuture<MessageHead> putHead(MessageHead head) {
        events.add("head");
        return heads.putHead(head);
    }

    @Override
    public CompletableFuture<MessageHead> head(GetHeadRequest request) {
        return heads.head(request);
    }

    @Override
    public synchronized CompletableFuture<ControlResult> ask(Session session, long messageId) {
        asked++;
        return askAnswers.isEmpty() ? CompletableFuture.completedFuture(told) : askAnswers.poll();
    }

    @Override
    public CompletableFuture<EndpointRecord> deleteEndpoint(GetEndpointRequest request) {
        events.add("delete");
        if (endpoint.getState() == EndpointRecord.State.ACTIVE) {
            endpoint = endpoint.toBuilder().setState(EndpointRecord.State.GONE).build();
        }
        return CompletableFuture.completedFuture(endpoint);
    }

    @Override
    public CompletableFuture<Funnel> funnel(FunnelRequest request) {
        events.add("funnel");
        if (!request.getNamed()) {
            return CompletableFuture.completedFuture(funnel);
        }
        var named = Funnel.newBuilder();
        boolean known = request.getMessageId() > forgotten;
        for (long endpoint : request.getEndpointIdsList()) {
            if (absent.contains(endpoint)) {
                named.addAbsentIds(endpoint);
            } else if (known && acked.contains(endpoint)) {
                named.addEndedIds(endpoint);
            } else if (known && appended.stream().anyMatch(item -> item.getEndpointId() == endpoint
                    && item.getMessageId() == request.getMessageId())) {
                named.addWaitingIds(endpoint);
            }
        }
        return CompletableFuture.completedFuture(named.build());
    }
}
