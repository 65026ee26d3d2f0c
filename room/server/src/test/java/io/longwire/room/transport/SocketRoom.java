package io.longwire.room.transport;

import com.google.protobuf.ByteString;
import io.longwire.device.PushFrames;
import io.longwire.device.credential.Claims;
import io.longwire.device.credential.CredentialKeys;
import io.longwire.device.credential.CredentialVerifier;
import io.longwire.device.credential.Credentials;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.device.v1.Push;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.register.client.Session;
import io.longwire.room.accept.AcceptConfig;
import io.longwire.room.accept.AccessConfig;
import io.longwire.room.accept.Gate;
import io.longwire.room.broadcast.BroadcastBoard;
import io.longwire.room.broadcast.BroadcastParts;
import io.longwire.room.broadcast.NoteSender;
import io.longwire.room.broadcast.TraitsPool;
import io.longwire.room.login.Admission;
import io.longwire.room.login.Alternates;
import io.longwire.room.login.Bans;
import io.longwire.room.login.HeartbeatConfig;
import io.longwire.room.login.Logins;
import io.longwire.room.login.Welcome;
import io.longwire.room.phone.LoopLimits;
import io.longwire.room.phone.LoopParts;
import io.longwire.room.phone.RoomLoops;
import io.longwire.room.resume.ResumeTokens;
import io.longwire.room.rig.FakeBroadcasts;
import io.longwire.room.rig.FakeCoordinator;
import io.longwire.room.rig.FakeMetrics;
import io.longwire.room.rig.FakePeers;
import io.longwire.room.rig.FakeRegister;
import io.longwire.room.rig.FakeSaver;
import io.longwire.room.rig.RoomRig;
import io.longwire.room.session.Connection;
import io.longwire.rpc.room.BroadcastOrder;
import io.longwire.rpc.room.PushItem;
import io.longwire.rpc.room.PushResult;
import io.longwire.rpc.saver.StoredMessage;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A room on real sockets and two event loops, with hand-made parts behind it. */
final class SocketRoom implements AutoCloseable {
    static final int APP = 12;
    private static final int KEY = 3;

    final FakeMetrics metrics = new FakeMetrics();
    final FakeRegister register = new FakeRegister();
    final FakeSaver saver = new FakeSaver();
    final BroadcastBoard board = new BroadcastBoard();
    final Clock clock = Clock.system();
    final RoomLoops loops;
    final Gate gate;
    final Tls tls;
    private final CredentialKeys keys = CredentialKeys.single(KEY, new byte[32]);
    private final EventLoops threads = EventLoops.start(2);
    private final DeviceListeners listeners;
    private final AtomicInteger minted = new AtomicInteger();

    SocketRoom(Clock ofTickets, byte[] ticketKey, AccessConfig access, AcceptConfig accept,
            ListenerConfig... listen) {
        var peers = new FakePeers();
        var tokens = new ResumeTokens();
        var alternates = new Alternates("self");
        var welcome = new Welcome(HeartbeatConfig.read(ConfigNode.empty()), alternates, tokens, clock);
        var desk = new Logins.Desk(new CredentialVerifier(keys), new Admission(1_000), welcome, tokens, register,
                Bans.NONE);
        var store = new FakeBroadcasts();
        loops = new RoomLoops(threads.threads(), clock, new LoopParts(desk, saver, saver, saver, new FakeCoordinator(),
                peers, alternates,
                new BroadcastParts(board, store, new NoteSender(store, clock, Runnable::run, metrics),
                        new TraitsPool(metrics)),
                new LoopLimits(1_000, 10_000, 1_000, 30_000, RoomRig.UPLINKS), metrics, HaltPoints.none()));
        peers.start(loops);
        threads.tick(loops);
        tls = new Tls(ticketKey, ofTickets, metrics);
        gate = new Gate(Live.fixed(access), address -> false, Live.fixed(accept), clock, metrics);
        try {
            listeners = DeviceListeners.bind(List.of(listen), threads, loops, gate, tls, metrics);
        } catch (RuntimeException failed) {
            tls.close();
            threads.close();
            throw failed;
        }
    }

    SocketRoom(AccessConfig access, AcceptConfig accept, ListenerConfig... listen) {
        this(Clock.system(), new byte[0], access, accept, listen);
    }

    SocketRoom(byte[] ticketKey, ListenerConfig... listen) {
        this(Clock.system(), ticketKey, listen);
    }

    SocketRoom(Clock ofTickets, byte[] ticketKey, ListenerConfig... listen) {
        this(ofTickets, ticketKey, AccessConfig.read(ConfigNode.empty()), AcceptConfig.read(ConfigNode.empty()),
                listen);
    }

    SocketRoom(ListenerConfig... listen) {
        this(AccessConfig.read(ConfigNode.empty()), AcceptConfig.read(ConfigNode.empty()), listen);
    }

    int port(int listener) {
        return listeners.port(listener);
    }

    String addresses() {
        return listeners.addresses();
    }

    EndpointBinding.Builder binding(long endpointId) {
        long now = clock.wallMillis();
        return EndpointBinding.newBuilder().setConnSeq(now)
                .setCredential(ByteString.copyFrom(Credentials.issue(keys,
                        new Claims(KEY, APP, endpointId, (int) endpointId, now / 1000, now / 1000 + 3600))));
    }

    /** Reads something of an endpoint's connection, on its loop. */
    <T> T look(long endpointId, Function<Connection, T> what) {
        var seen = new CompletableFuture<T>();
        long handle = Objects.requireNonNull(register.of(endpointId)).handle();
        var home = loops.at((int) (handle >>> 56));
        home.loop().mailbox().answer(() -> loops.resolve(home, handle,
                (at, connection) -> seen.complete(what.apply(Objects.requireNonNull(connection)))));
        return seen.join();
    }

    /** TLS handshakes that went on with a ticket. */
    long resumedWithTickets() {
        return tls.resumed();
    }

    /** Stores a message of this size and pushes it, as center does. */
    CompletableFuture<PushResult.Code> send(long endpointId, int payload) {
        long id = MessageId.of(clock.wallMillis(), 1, minted.incrementAndGet() & MessageId.COUNTER_MAX);
        ByteString envelope = ByteString.copyFrom(PushFrames
                .encode(Push.newBuilder().setEndpointId(endpointId).setMessageId(id).setAppId(APP)
                        .setPayload(ByteString.copyFrom(new byte[payload])).build()));
        saver.store(endpointId, StoredMessage.newBuilder().setMessageId(id).setEnvelope(envelope).build());
        Session to = Objects.requireNonNull(register.of(endpointId));
        return push(PushItem.newBuilder().setEndpointId(endpointId).setConnSeq(to.connSeq()).setHandle(to.handle())
                .setMessageId(id).setAppId(APP).setEnvelope(envelope).build());
    }

    /** Has all loops walk a broadcast to everybody. */
    void broadcast(long seq, int payload) {
        board.take(BroadcastOrder.newBuilder().setBroadcast(RoomRig.broadcast(seq).setEnvelope(ByteString.copyFrom(
                PushFrames.encode(Push.newBuilder().setAppId(APP).setMessageId(seq).setBcastSeq(seq)
                        .setPayload(ByteString.copyFrom(new byte[payload])).build()))))
                .build(), true);
    }

    private CompletableFuture<PushResult.Code> push(PushItem item) {
        var code = new CompletableFuture<PushResult.Code>();
        var home = loops.at((int) (item.getHandle() >>> 56));
        home.loop().mailbox().answer(() -> loops.resolve(home, item.getHandle(),
                (at, connection) -> code.complete(at.push(connection, item))));
        return code;
    }

    @Override
    public void close() {
        listeners.close();
        tls.close();
        threads.close();
    }
}
