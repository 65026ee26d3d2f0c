package io.longwire.coordinator;

import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.longwire.coordinator.access.ApiKeys;
import io.longwire.coordinator.access.Door;
import io.longwire.coordinator.callback.CallbackConfig;
import io.longwire.coordinator.callback.CallbackStore;
import io.longwire.coordinator.callback.Callbacks;
import io.longwire.coordinator.channel.ChannelConfig;
import io.longwire.coordinator.channel.ChannelStore;
import io.longwire.coordinator.channel.Channels;
import io.longwire.coordinator.channel.Loop;
import io.longwire.coordinator.client.CoordinatorClient;
import io.longwire.coordinator.consume.ConsumerRpc;
import io.longwire.coordinator.consume.DeskRpc;
import io.longwire.coordinator.consume.Events;
import io.longwire.coordinator.consume.SnapshotRpc;
import io.longwire.coordinator.keep.KeepConfig;
import io.longwire.coordinator.keep.UplinkRpc;
import io.longwire.coordinator.keep.Uplinks;
import io.longwire.coordinator.pace.PaceRpc;
import io.longwire.coordinator.pace.Paces;
import io.longwire.coordinator.presence.PresenceRpc;
import io.longwire.coordinator.presence.PresenceStore;
import io.longwire.coordinator.presence.RoomSight;
import io.longwire.coordinator.presence.RoomWatch;
import io.longwire.coordinator.presence.Snapshots;
import io.longwire.coordinator.receipt.Forwarding;
import io.longwire.coordinator.receipt.ReceiptStore;
import io.longwire.coordinator.redis.RedisNodes;
import io.longwire.coordinator.reply.KnownPhones;
import io.longwire.coordinator.reply.Phones;
import io.longwire.coordinator.reply.Replies;
import io.longwire.coordinator.reply.ReplyTokens;
import io.longwire.coordinator.trim.Trimming;
import io.longwire.device.id.EndpointId;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.metrics.Vitals;
import io.longwire.keeper.rpc.RpcLoops;
import io.longwire.keeper.rpc.RpcServer;
import io.longwire.keeper.service.Service;
import io.longwire.register.client.RegisterClient;
import io.longwire.room.client.RoomClient;
import io.longwire.room.client.RoomLists;
import io.longwire.rpc.saver.FindKeyRequest;
import io.longwire.saver.client.SaverClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/** The process: {@code longwire run coordinator --config FILE}. */
public final class CoordinatorMain {
    private CoordinatorMain() {
    }

    public static void main(String[] args) {
        Service.run(CoordinatorClient.PART, args, CoordinatorConfig::read, CoordinatorMain::wire);
    }

    /** Puts the coordinator together; the same for the process, the one-JVM platform and the tests. */
    public static void wire(Service service, CoordinatorConfig config) throws IOException {
        var clock = service.clock();
        var metrics = service.metrics();
        var cluster = service.cluster();
        var saver = service.own(new SaverClient(service.rpc(), cluster));
        var loops = service.own(new RpcLoops("coordinator-api", 2)); // ends after Redis, whose end is answered on it
        var redis = service.own(new RedisNodes(config.redis(), clock, metrics));
        Live<KeepConfig> keep = service.live(CoordinatorConfig::keep);
        var uplinks = new Uplinks(redis, keep,
                () -> cluster.members(CoordinatorClient.PART).list().size(), clock, metrics);
        IntPredicate mine = partition -> cluster.members(CoordinatorClient.PART).ownerOf(partition)
                .filter(owner -> owner.instance().equals(cluster.self().instance())).isPresent();
        service.own(new Trimming(redis, () -> keep.get().maxAge(), mine, clock, metrics));
        service.own(new Forwarding(new ReceiptStore(redis, config.receipts(), config.keep().bytesPerApp(), metrics),
                saver::pullReceipts, mine, clock, metrics));

        var keys = new ApiKeys(
                hash -> saver.findKey(FindKeyRequest.newBuilder().setKeyHash(hash).build()),
                config.cacheTtl(), clock, metrics);
        var door = new Door(keys);
        Live<ChannelConfig> giving = service.live(CoordinatorConfig::channels);
        var store = new ChannelStore(redis, giving::get, config.keep().typesPerApp(), metrics);
        var loop = service.own(new Loop());
        var channels = new Channels(store, giving, cluster.self().instance(), loop, clock, metrics);
        var tokens = new ReplyTokens(service.secrets().get().endpointTagKey());
        var events = new Events(new EndpointId(service.secrets().get().endpointTagKey()), tokens);
        var replies = new Replies(tokens, phones(service), clock, metrics);
        var consumers = new ConsumerRpc(door, channels, events, replies, metrics);
        BindableService api = () -> ServerInterceptors.intercept(consumers, door);
        var presence = new PresenceStore(redis, config.presence(), config.keep().bytesPerApp(), clock, metrics);
        var rooms = new RoomLists(service.rpc(), cluster);
        var sight = service.own(new RoomSight(cluster));
        var snapshots = new SnapshotRpc(door, new Snapshots(presence, sight, rooms::list, metrics), events, metrics);
        BindableService presenceApi = () -> ServerInterceptors.intercept(snapshots, door);
        var server = service
                .own(RpcServer.start(new InetSocketAddress(config.bind(), config.apiPort()), List.of(api, presenceApi),
                        loops, clock, metrics));
        service.own(channels.start(redis));
        Live<CallbackConfig> sending = service.live(CoordinatorConfig::callbacks);
        var callbacks = new CallbackStore(redis, () -> sending.get().most());
        var paces = service.own(new Paces(service.live(CoordinatorConfig::pace)::get, loop, clock, metrics));
        service.own(new Callbacks(callbacks, sending, channels, events::of, replies::bring, paces, metrics));
        cluster.publish(Map.of("api", service.config().advertise() + ":" + server.port()));
        service.health("redis", redis::trouble);
        service.vitals(vitals());
        service.serve(new UplinkRpc(uplinks));
        service.serve(new PresenceRpc(presence));
        Supplier<Duration> grace = service.live((CoordinatorConfig now) -> now.presence().roomGrace())::get;
        service.own(new RoomWatch(presence, cluster, grace, clock, metrics));
        service.serve(new DeskRpc(channels, events, callbacks, replies, metrics));
        service.serve(new PaceRpc(paces));
    }

    // What phones and consumers do wrong is not coordinator's setting.
    private static Vitals vitals() {
        return Vitals.RUNTIME.work(CoordinatorMetric.UPLINKS).work(CoordinatorMetric.CALLS)
                .failures(CoordinatorMetric.UPLINKS, "kept", "refused")
                .failures(CoordinatorMetric.CALLS_REFUSED, "CANCELLED", "INVALID_ARGUMENT", "UNAUTHENTICATED",
                        "PERMISSION_DENIED", "NOT_FOUND")
                .failures(CoordinatorMetric.REDIS_FAILED).time(CoordinatorMetric.KEEP_TIME);
    }

    private static Phones phones(Service service) {
        var register = service.own(
                new RegisterClient(service.rpc(), service.cluster(), service.clock(), service.metrics()));
        return new KnownPhones(register, service.own(new RoomClient(service.rpc(), service.cluster())));
    }
}
