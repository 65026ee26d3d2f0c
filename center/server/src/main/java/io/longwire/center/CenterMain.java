package io.longwire.center;

import io.longwire.center.access.ApiKeys;
import io.longwire.center.access.Apps;
import io.longwire.center.access.EndpointNames;
import io.longwire.center.access.Quotas;
import io.longwire.center.api.Callers;
import io.longwire.center.api.Calls;
import io.longwire.center.audit.Audit;
import io.longwire.center.audit.AuditCalls;
import io.longwire.center.audit.OperatorRecords;
import io.longwire.center.ban.BanCalls;
import io.longwire.center.ban.Bans;
import io.longwire.center.broadcast.BackendFeedback;
import io.longwire.center.broadcast.BroadcastCalls;
import io.longwire.center.broadcast.BroadcastRooms;
import io.longwire.center.broadcast.BroadcastStore;
import io.longwire.center.broadcast.Broadcasts;
import io.longwire.center.broadcast.Changes;
import io.longwire.center.broadcast.Controls;
import io.longwire.center.broadcast.Estimates;
import io.longwire.center.broadcast.LaterBroadcasts;
import io.longwire.center.broadcast.Looks;
import io.longwire.center.broadcast.ProductPaces;
import io.longwire.center.broadcast.Stages;
import io.longwire.center.broadcast.Telling;
import io.longwire.center.broadcast.Walking;
import io.longwire.center.broadcast.Watches;
import io.longwire.center.dead.DeadCalls;
import io.longwire.center.dead.DeadLetters;
import io.longwire.center.face.ApiServer;
import io.longwire.center.kick.KickCalls;
import io.longwire.center.kick.Kicks;
import io.longwire.center.ledger.Books;
import io.longwire.center.ledger.LedgerCalls;
import io.longwire.center.list.ListCalls;
import io.longwire.center.list.ListStore;
import io.longwire.center.list.ListWalks;
import io.longwire.center.list.Lists;
import io.longwire.center.list.Sending;
import io.longwire.center.mint.MessageIds;
import io.longwire.center.platform.PlatformCalls;
import io.longwire.center.platform.Standings;
import io.longwire.center.products.Keys;
import io.longwire.center.products.ProductCalls;
import io.longwire.center.products.Products;
import io.longwire.center.profile.Aliases;
import io.longwire.center.profile.ProfileCalls;
import io.longwire.center.profile.Profiles;
import io.longwire.center.receipt.ReceiptCalls;
import io.longwire.center.receipt.Receipts;
import io.longwire.center.refuse.Why;
import io.longwire.center.revoke.RevokeCalls;
import io.longwire.center.revoke.Revokes;
import io.longwire.center.schedule.Firing;
import io.longwire.center.schedule.ScheduleCalls;
import io.longwire.center.schedule.Schedules;
import io.longwire.center.send.DryRuns;
import io.longwire.center.send.Multicast;
import io.longwire.center.send.Post;
import io.longwire.center.send.Resolver;
import io.longwire.center.send.RevokePushes;
import io.longwire.center.send.Router;
import io.longwire.center.send.Rules;
import io.longwire.center.send.SendCalls;
import io.longwire.center.send.Sender;
import io.longwire.center.send.Sends;
import io.longwire.center.send.SliceSends;
import io.longwire.center.status.BroadcastTimelines;
import io.longwire.center.status.Endpoints;
import io.longwire.center.status.Funnels;
import io.longwire.center.status.Presence;
import io.longwire.center.status.StatusCalls;
import io.longwire.center.status.Timelines;
import io.longwire.center.uplink.CallbackSettings;
import io.longwire.center.uplink.Outlets;
import io.longwire.center.uplink.Polls;
import io.longwire.center.uplink.UplinkCalls;
import io.longwire.coordinator.client.DeskClient;
import io.longwire.coordinator.client.PaceClient;
import io.longwire.device.id.EndpointId;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.metrics.Vitals;
import io.longwire.keeper.service.Service;
import io.longwire.register.client.RegisterClient;
import io.longwire.room.client.RoomClient;
import io.longwire.rpc.saver.BroadcastRequest;
import io.longwire.saver.client.AudienceListClient;
import io.longwire.saver.client.BanClient;
import io.longwire.saver.client.BanFeed;
import io.longwire.saver.client.BroadcastClient;
import io.longwire.saver.client.SaverClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The process: {@code longwire run center --config FILE}. */
public final class CenterMain {
    private CenterMain() {
    }

    public static void main(String[] args) {
        Service.run("center", args, CenterConfig::read, CenterMain::wire);
    }

    /** Puts center together; the same for the process, the one-JVM platform and the tests. */
    public static void wire(Service service, CenterConfig config) {
        var register = service.own(
                new RegisterClient(service.rpc(), service.cluster(), service.clock(), service.metrics()));
        var saver = service.own(new SaverClient(service.rpc(), service.cluster()));
        var rooms = service.own(new RoomClient(service.rpc(), service.cluster()));
        var banned = new BanClient(service.rpc());
        var bans = service.own(new BanFeed(banned::changes, service.clock(), endpoints -> {
        }));
        service.health("bans", bans::complaint);
        service.vitals(Vitals.RUNTIME.work(CenterMetric.CALLS)
                .failures(CenterMetric.REFUSED, Why.codesOfCallers()).time(CenterMetric.CALL_TIME));
        service.onReady(bans::start);
        Live<CenterConfig> live = service.live((CenterConfig now) -> now);
        var api = api(service, live, new Neighbours(register, saver, rooms, bans), new SaverArchive(saver, banned),
                new Broadcasting(new SaverBroadcasts(new BroadcastClient(service.rpc())), new WalkingRooms(rooms),
                        new SaverLists(new AudienceListClient(service.rpc())),
                        new PaceClient(service.rpc(), service.cluster())::feedback),
                new CoordinatorOutlets(new DeskClient(service.rpc(), service.cluster())));
        var server = service.own(ApiServer.start(live, api.calls(), service.clock(), service.metrics()));
        service.own(api.firing().start());
        service.own(api.paces().start());
        service.own(api.walking().start());
        service.own(api.changes().start());
        var host = service.config().advertise();
        service.cluster().publish(Map.of("api", host + ":" + server.port()));
        service.health("minting", () -> service.cluster().fenced()
                ? Optional.of("cut off from ZooKeeper: no message is accepted")
                : Optional.empty());
    }

    /**
     * What center does.
     *
     * @param calls what it answers
     * @param firing what it does by itself, not started; so are walking, changes and paces
     */
    record Api(Calls calls, Firing firing, Walking walking, Changes changes, ProductPaces paces) {
    }

    /** Where broadcasts are kept, who writes them, lists to send to, and who knows what products' backends bear. */
    record Broadcasting(BroadcastStore store, BroadcastRooms rooms, ListStore lists, BackendFeedback feedback) {
    }

    /**
     * Everything between the port and the other parts.
     *
     * @param live of which bounds and the default quota are followed
     */
    static Api api(Service service, Live<CenterConfig> live, Parts parts, Archive archive, Broadcasting broadcasting,
            Outlets outlets) {
        CenterConfig config = live.get();
        var clock = service.clock();
        var metrics = service.metrics();
        var secrets = service.secrets();
        var tools = new Sender.Tools(clock, service.halts(), metrics);
        var endpointIds = new EndpointId(secrets.get().endpointTagKey());
        var names = new EndpointNames(endpointIds);
        var rules = new Rules(names);
        var ids = new MessageIds(clock, service.cluster());
        var router = new Router(parts, parts, () -> live.get().maxRouting(), tools);
        var post = new Post(parts, router, parts, () -> live.get().maxInFlight(), tools);
        var sender = new Sender(ids, post, metrics);
        var presence = new Presence(parts, parts, service.cluster());
        var apps = new Apps(parts, config.cacheTtl(), clock);
        var keys = new ApiKeys(parts, () -> secrets.get().adminKeyHash(), config.cacheTtl(), clock, metrics);
        var quotas = new Quotas(() -> service.cluster().members("center").list().size(), clock);
        var audit = new Audit(archive, metrics);
        var callers = new Callers(keys, apps, quotas, new OperatorRecords(audit));
        var aliases = new Aliases(archive, config.cacheTtl(), clock);
        var resolver = new Resolver(aliases, names);
        var dryRuns = new DryRuns(rules, resolver, quotas, parts::endpoint);
        var schedules = new Schedules(archive, ids,
                new Schedules.Checks(dryRuns::check, Broadcasts::check), clock);
        var sends = new Sends(rules, quotas, new Sends.Ways(resolver, sender,
                new Multicast(ids, parts, post, names, tools), dryRuns, schedules::once), tools);
        var timelines = new Timelines(rules, parts, presence, parts,
                new BroadcastTimelines(broadcasting.store()::endpoint, presence, clock), clock);
        var revokes = new Revokes(rules, parts,
                new Revokes.Parts(parts, presence, new RevokePushes(sender, names), clock), metrics);
        var lists = new Lists(broadcasting.lists(), names, clock);
        var paces = new ProductPaces(broadcasting.feedback(), clock, metrics);
        var listWalks = new ListWalks(
                new Sending(broadcasting.lists(), new SliceSends(parts, post), ids, clock, metrics),
                new ListWalks.Behind(apps, quotas, revokes, id -> broadcasting.store().progress(
                        BroadcastRequest.newBuilder().setBroadcastId(id).build()), paces));
        var broadcasts = broadcasts(service, broadcasting, listWalks, ids,
                new Making(quotas, lists, schedules::once, paces));
        var calls = Calls.of(ApiServer.SERVICE, List.of(new SendCalls(callers, sends, metrics),
                new StatusCalls(callers, timelines,
                        new Funnels(rules, parts, timelines, broadcasting.store()::progress),
                        new Endpoints(rules, parts, presence, parts)),
                new RevokeCalls(callers, revokes),
                new BanCalls(callers, new Bans(names, archive, audit, clock)),
                new KickCalls(callers, new Kicks(names, aliases, parts, parts, audit)),
                new ScheduleCalls(callers, schedules),
                new ProfileCalls(callers, new Profiles(names, archive, aliases)),
                new ReceiptCalls(callers, new Receipts(names, archive)),
                new DeadCalls(callers, new DeadLetters(names, archive, sends::send)),
                new ProductCalls(callers, new Products(parts, apps, audit, () -> live.get().defaultSendsPerSecond()),
                        new Keys(parts, apps, keys, audit, clock)),
                new PlatformCalls(callers, new Standings(service.cluster(), address -> service.rpc().channel(address))),
                new AuditCalls(callers, audit), new LedgerCalls(callers, new Books(archive, clock)),
                new BroadcastCalls(callers, broadcasts.broadcasts(), broadcasts.controls(),
                        new Watches(callers, broadcasts.broadcasts(), clock), audit),
                new ListCalls(callers, lists),
                new UplinkCalls(callers, new Polls(outlets), new CallbackSettings(outlets, apps),
                        audit)));
        var firing = new Firing(archive, new Firing.Sends(apps::app, sends::send, broadcasts.broadcasts()::fire),
                service.cluster()::fenced,
                new Firing.Tools(clock, service.halts(), metrics));
        return new Api(calls, firing, broadcasts.walking(), broadcasts.changes(), paces);
    }

    private record Sent(Broadcasts broadcasts, Controls controls, Walking walking, Changes changes) {
    }

    /** What a broadcast needs while it is made. */
    private record Making(Quotas quotas, Lists lists, LaterBroadcasts later, ProductPaces paces) {
    }

    private static Sent broadcasts(Service service, Broadcasting parts, ListWalks lists, MessageIds ids,
            Making making) {
        var clock = service.clock();
        var store = parts.store();
        var rooms = parts.rooms();
        var paces = making.paces();
        var telling = new Telling(rooms, lists, paces);
        var walking = new Walking(store, rooms, telling, lists,
                new Walking.Pacing(new Stages(store, paces, clock, service.metrics(), telling::tell), paces),
                new Walking.Self(() -> service.cluster().self().instance(), service.cluster()::fenced),
                new Walking.Tools(clock, service.halts(), service.metrics()));
        var broadcasts = new Broadcasts(store, ids, making.quotas(), new Estimates(store, rooms),
                new Looks(paces, clock),
                new Broadcasts.Parts(making.later(), making.lists(), walking::hurry, clock));
        return new Sent(broadcasts, new Controls(store, telling, broadcasts, ids), walking,
                new Changes(store, rooms, telling, clock, service.metrics()));
    }
}
