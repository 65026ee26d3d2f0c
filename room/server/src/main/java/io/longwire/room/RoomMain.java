package io.longwire.room;

import io.longwire.coordinator.client.CoordinatorClient;
import io.longwire.coordinator.client.PresenceClient;
import io.longwire.device.credential.CredentialKeys;
import io.longwire.device.credential.CredentialVerifier;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.metrics.Bound;
import io.longwire.keeper.metrics.Vitals;
import io.longwire.keeper.service.Secrets;
import io.longwire.keeper.service.Service;
import io.longwire.register.client.SessionWriter;
import io.longwire.room.accept.AcceptConfig;
import io.longwire.room.accept.Gate;
import io.longwire.room.ban.BannedEndpoints;
import io.longwire.room.broadcast.BroadcastBoard;
import io.longwire.room.broadcast.BroadcastLoader;
import io.longwire.room.broadcast.BroadcastParts;
import io.longwire.room.broadcast.NoteSender;
import io.longwire.room.broadcast.SaverBroadcasts;
import io.longwire.room.broadcast.TraitsPool;
import io.longwire.room.client.RoomClient;
import io.longwire.room.directory.RegisterDirectory;
import io.longwire.room.lifecycle.Drain;
import io.longwire.room.lifecycle.FenceWatch;
import io.longwire.room.lifecycle.Pulse;
import io.longwire.room.login.Admission;
import io.longwire.room.login.Alternates;
import io.longwire.room.login.Logins;
import io.longwire.room.login.Welcome;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.phone.LoopLimits;
import io.longwire.room.phone.LoopParts;
import io.longwire.room.phone.RoomLoops;
import io.longwire.room.presence.PresenceFeed;
import io.longwire.room.resume.ResumeTokens;
import io.longwire.room.rpc.BroadcastDesk;
import io.longwire.room.rpc.ControlDesk;
import io.longwire.room.rpc.PushDesk;
import io.longwire.room.rpc.RoomPeers;
import io.longwire.room.rpc.RoomRpc;
import io.longwire.room.rpc.SessionsRpc;
import io.longwire.room.transport.DeviceListeners;
import io.longwire.room.transport.EventLoops;
import io.longwire.room.transport.Tls;
import io.longwire.saver.client.BanClient;
import io.longwire.saver.client.BanFeed;
import io.longwire.saver.client.BroadcastClient;
import io.longwire.saver.client.SaverClient;
import java.time.Duration;
import java.util.Optional;

/** The room as a process; the one-JVM platform calls the same {@link #wire}. */
public final class RoomMain {
    private static final Duration LIST_PATIENCE = Duration.ofSeconds(2);
    private static final long LAG_LIMIT_MILLIS = 1_000;

    private RoomMain() {
    }

    public static void main(String[] args) {
        Service.run("room", args, RoomConfig::read, RoomMain::wire);
    }

    /** Puts a room together. */
    public static void wire(Service service, RoomConfig config) {
        Cluster cluster = service.cluster();
        var saver = service.own(new SaverClient(service.rpc(), cluster));
        var rooms = service.own(new RoomClient(service.rpc(), cluster));
        var coordinator = service.own(new CoordinatorClient(service.rpc()));
        var directory = service.own(new RegisterDirectory(() -> cluster.self().index()));
        var peers = new RoomPeers(cluster, rooms);
        var alternates = new Alternates(cluster.self().instance());
        service.own(cluster.onMembers("room", alternates::onMembers)::cancel);

        var tokens = new ResumeTokens();
        Live<AcceptConfig> accept = service.live(RoomConfig::accept);
        var admission = new Admission(() -> accept.get().logins());
        var welcome = new Welcome(config.heartbeat(), alternates, tokens, service.clock());
        var banned = service.own(new BannedEndpoints(directory::handleOf, service.clock(), service.metrics()));
        var desk = new Logins.Desk(verifier(service), admission, welcome, tokens, directory, banned);
        var threads = service.own(EventLoops.start(config.threads()));
        var store = new SaverBroadcasts(new BroadcastClient(service.rpc()));
        var board = new BroadcastBoard();
        var notes = service.own(new NoteSender(store, service.clock(), Thread::startVirtualThread, service.metrics()));
        var broadcasts = new BroadcastParts(board, store, notes, new TraitsPool(service.metrics()));
        var loops = new RoomLoops(threads.threads(), service.clock(), new LoopParts(desk, saver::fetch, saver::end,
                saver::updateProfile, coordinator::send, peers, alternates, broadcasts, config.limitsPerLoop(),
                service.metrics(),
                service.halts()));
        peers.start(loops);
        var presence = presence(service, directory);
        directory.start(list -> new SessionWriter(service.rpc(), cluster, service.clock(), service.metrics(), list),
                loops, presence);
        threads.tick(loops);

        var bans = bans(service, banned, loops);
        var gate = new Gate(service.live(RoomConfig::access), bans::network, accept, service.clock(),
                service.metrics());
        var tls = service.own(new Tls(service.secrets().get().ticketKey(), service.clock(), service.metrics()));
        service.secrets().onChange(changed -> tls.ticketKey(changed.ticketKey()));
        var listeners = service.own(
                DeviceListeners.bind(config.listen(), threads, loops, gate, tls, service.metrics()));
        service.serve(new RoomRpc(new PushDesk(loops, directory, peers::incarnation, service.metrics()),
                new ControlDesk(loops, peers::incarnation, service.metrics()),
                new BroadcastDesk(loops, board, peers::incarnation)));
        service.serve(new SessionsRpc(directory.book(), presence, peers::incarnation));
        load(service, board, store, admission);
        service.own(new FenceWatch(cluster, service.clock(), admission, loops));
        service.own(new Pulse(cluster, service.clock(), gate, new Pulse.Logins(admission, welcome), loops,
                listeners.addresses(), directory::size));
        service.onDrain(new Drain(cluster, service.clock(), admission, gate, loops, listeners::close,
                service::drainTime));
        watch(service, config.limits(), loops, threads, directory);
    }

    private static PresenceFeed presence(Service service, RegisterDirectory directory) {
        var client = service.own(new PresenceClient(service.rpc()));
        Cluster cluster = service.cluster();
        return service.own(new PresenceFeed(directory.book(), client::tell, new PresenceFeed.Home() {
            @Override
            public int incarnation() {
                return cluster.self().index();
            }

            @Override
            public boolean fenced() {
                return cluster.fenced();
            }
        }, service.clock(), service.metrics()));
    }

    private static CredentialVerifier verifier(Service service) {
        var verifier = new CredentialVerifier(keys(service.secrets().get()));
        service.secrets().onChange(changed -> verifier.use(keys(changed)));
        return verifier;
    }

    private static CredentialKeys keys(Secrets secrets) {
        return CredentialKeys.of(secrets.signingKeyId(), secrets.credentialKeys());
    }

    /**
     * A room waits a moment for who is banned, and takes no login meanwhile: {@link #load} comes after it. If nobody
     * says, it lets phones in, and ends the sessions of banned endpoints when it has heard.
     */
    private static BanFeed bans(Service service, BannedEndpoints banned, RoomLoops loops) {
        var feed = service.own(new BanFeed(new BanClient(service.rpc())::changes, service.clock(), banned));
        banned.start(feed, loops::control);
        service.metrics().gauge(RoomMetric.BANS, feed::size);
        service.health("bans", feed::complaint);
        service.onReady(() -> {
            feed.start();
            feed.await(LIST_PATIENCE);
        });
        return feed;
    }

    /** No login before it is known what a phone that logs in should get. */
    private static void load(Service service, BroadcastBoard board, SaverBroadcasts store, Admission admission) {
        admission.loading(true);
        service.metrics().gauge(RoomMetric.BROADCASTS, board::size);
        var loader = service.own(new BroadcastLoader(board, store, service.clock(), () -> admission.loading(false),
                service.metrics()));
        service.health("broadcasts", loader::complaint);
        service.onReady(() -> {
            loader.start();
            loader.await(LIST_PATIENCE);
        });
    }

    // What a phone does wrong by itself, or means to do, is no sign of a bad setting.
    private static Vitals vitals() {
        return Vitals.RUNTIME.work(RoomMetric.ACCEPTED).work(RoomMetric.REFUSED).work(RoomMetric.PUSHES)
                .failures(RoomMetric.REFUSED, "banned")
                .failures(RoomMetric.LOGINS, "OK", "BLOCKED", "EPOCH_OLD", "GONE", "KICKED", "SIGNED_OUT")
                .failures(RoomMetric.LOOP_BUGS)
                .disconnects(RoomMetric.CLOSED, RoomMetric.CONNECTIONS, "empty", "kicked", "resumed", "shutdown")
                .time(RoomMetric.LOGIN_SECONDS);
    }

    private static void watch(Service service, LoopLimits limits, RoomLoops loops, EventLoops threads,
            RegisterDirectory directory) {
        Cluster cluster = service.cluster();
        service.vitals(vitals());
        service.metrics().gauge(RoomMetric.SESSIONS, directory::size);
        service.metrics().gauge(RoomMetric.PARKED, loops::parked);
        service.metrics().gauge(RoomMetric.ENDS_WAITING, loops::endsWaiting);
        service.metrics().gauge(RoomMetric.WALKS, loops::walks);
        service.metrics().gauge(RoomMetric.UPLINKS_WAITING, loops::uplinksWaiting);
        service.metrics().gauge(RoomMetric.UPLINKS_WAITING_BYTES, loops::uplinkBytes);
        service.metrics().bound(Bound.of(RoomMetric.UPLINKS_WAITING_BYTES, limits.uplinks().bytes(),
                RoomMetric.UPLINKS_SHED));
        service.metrics().bound(Bound.of(RoomMetric.ENDS_WAITING, limits.ends(), RoomMetric.ENDS_DROPPED));
        service.metrics().bound(Bound.of(RoomMetric.PARKED, limits.parked(), null));
        service.metrics().gauge(RoomMetric.LOOP_LAG, threads::lagMillis);
        service.health("loops", () -> threads.lagMillis() > LAG_LIMIT_MILLIS
                ? Optional.of("a loop is late by " + threads.lagMillis() + " ms (expected: below 1000)")
                : Optional.empty());
        service.health("fence", () -> cluster.fenced()
                ? Optional.of("cut off from ZooKeeper: no logins are taken")
                : Optional.empty());
    }
}
