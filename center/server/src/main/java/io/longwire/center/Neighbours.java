package io.longwire.center;

import com.google.protobuf.ByteString;
import io.longwire.register.client.Lookup;
import io.longwire.register.client.RegisterClient;
import io.longwire.register.client.Session;
import io.longwire.room.client.KickOrder;
import io.longwire.room.client.RoomClient;
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
import io.longwire.saver.client.BanFeed;
import io.longwire.saver.client.SaverClient;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The roles center's features ask for, played by the clients of register, saver and room. Stateless. */
record Neighbours(RegisterClient register, SaverClient saver, RoomClient rooms, BanFeed bans)
        implements
            Parts {

    @Override
    public @Nullable String why(long endpointId) {
        var banned = bans.endpoint(endpointId);
        return banned == null
                ? null
                : banned.untilMillis() == 0
                        ? "banned"
                        : "banned until " + Instant.ofEpochMilli(banned.untilMillis());
    }

    @Override
    public CompletableFuture<Lookup> find(long endpointId) {
        return register.lookup(endpointId);
    }

    @Override
    public CompletableFuture<Lookup> findElsewhere(Lookup.Online notThere) {
        return register.askOther(notThere);
    }

    @Override
    public CompletableFuture<PushResult.Code> push(Session session, PushItem item) {
        return rooms.push(wire(session), item);
    }

    @Override
    public CompletableFuture<ControlResult.Code> kick(Session session, KickOrder order) {
        return rooms.kick(wire(session), order);
    }

    @Override
    public CompletableFuture<ControlResult> ask(Session session, long messageId) {
        return rooms.ask(wire(session), messageId);
    }

    @Override
    public CompletableFuture<AppendResult> append(AppendItem item) {
        return saver.append(item);
    }

    @Override
    public CompletableFuture<Timeline> timeline(TimelineRequest request) {
        return saver.timeline(request);
    }

    @Override
    public CompletableFuture<CancelReply> cancel(CancelRequest request) {
        return saver.cancel(request);
    }

    @Override
    public CompletableFuture<EndpointRecord> endpoint(GetEndpointRequest request) {
        return saver.endpoint(request);
    }

    @Override
    public CompletableFuture<GetEndpointsReply> endpoints(GetEndpointsRequest request) {
        return saver.endpoints(request);
    }

    @Override
    public CompletableFuture<Inbox> inbox(InboxRequest request) {
        return saver.inbox(request);
    }

    @Override
    public CompletableFuture<History> history(HistoryRequest request) {
        return saver.history(request);
    }

    @Override
    public CompletableFuture<KeyRecord> key(ByteString keyHash) {
        return saver.findKey(FindKeyRequest.newBuilder().setKeyHash(keyHash).build());
    }

    @Override
    public CompletableFuture<KeyRecord> used(ByteString keyHash, long atMillis) {
        return saver.findKey(FindKeyRequest.newBuilder().setKeyHash(keyHash).setUsedMs(atMillis).build());
    }

    @Override
    public CompletableFuture<AppRecord> app(int appId) {
        return saver.app(GetAppRequest.newBuilder().setAppId(appId).build());
    }

    @Override
    public CompletableFuture<AppRecord> createApp(CreateAppRequest request) {
        return saver.createApp(request);
    }

    @Override
    public CompletableFuture<ListAppsReply> apps() {
        return saver.apps();
    }

    @Override
    public CompletableFuture<KeyRecord> createKey(CreateKeyRequest request) {
        return saver.createKey(request);
    }

    @Override
    public CompletableFuture<ClaimKeyReply> claimKey(ClaimKeyRequest request) {
        return saver.claimKey(request);
    }

    @Override
    public CompletableFuture<ClaimKeyReply> settleKey(ClaimKeyRequest request) {
        return saver.settleKey(request);
    }

    @Override
    public CompletableFuture<MessageHead> putHead(MessageHead head) {
        return saver.putHead(head);
    }

    @Override
    public CompletableFuture<MessageHead> head(GetHeadRequest request) {
        return saver.head(request);
    }

    @Override
    public CompletableFuture<AppRecord> updateApp(UpdateAppRequest request) {
        return saver.updateApp(request);
    }

    @Override
    public CompletableFuture<ListKeysReply> keys(GetAppRequest request) {
        return saver.keys(request);
    }

    @Override
    public CompletableFuture<KeyRecord> revokeKey(FindKeyRequest request) {
        return saver.revokeKey(request);
    }

    @Override
    public CompletableFuture<Usage> usage(GetAppRequest request) {
        return saver.usage(request);
    }

    @Override
    public CompletableFuture<EndpointRecord> deleteEndpoint(GetEndpointRequest request) {
        return saver.deleteEndpoint(request);
    }

    @Override
    public CompletableFuture<Funnel> funnel(FunnelRequest request) {
        return saver.funnel(request);
    }

    private static io.longwire.rpc.register.Session wire(Session session) {
        return io.longwire.rpc.register.Session.newBuilder().setEndpointId(session.endpointId())
                .setConnSeq(session.connSeq()).setRoomIncarnation(session.roomIncarnation())
                .setHandle(session.handle()).build();
    }
}
