package io.longwire.room.rig;

import com.google.protobuf.ByteString;
import io.longwire.device.PushFrames;
import io.longwire.device.credential.Claims;
import io.longwire.device.credential.CredentialKeys;
import io.longwire.device.credential.CredentialVerifier;
import io.longwire.device.credential.Credentials;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.device.v1.Push;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.register.client.Session;
import io.longwire.room.broadcast.BroadcastBoard;
import io.longwire.room.broadcast.BroadcastLoader;
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
import io.longwire.room.rpc.BroadcastDesk;
import io.longwire.room.uplink.UplinkLimits;
import io.longwire.rpc.room.BroadcastOrder;
import io.longwire.rpc.room.ControlItem;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.room.PushItem;
import io.longwire.rpc.room.PushResult;
import io.longwire.rpc.room.WalkStatus;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.StoredMessage;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** A room's logic with two loops, whose threads and time stand still until the test moves them. */
public final class RoomRig {
    public static final int APP = 12;
    private static final int KEY = 3;
    public static final UplinkLimits UPLINKS = new UplinkLimits(1 << 20, 20);
    private static final LoopLimits LIMITS = new LoopLimits(100, 1_000, 1_000, 1_000, UPLINKS);
    private static final Duration TICK = Duration.ofMillis(50);

    public final VirtualClock clock = new VirtualClock();
    public final FakeMetrics metrics = new FakeMetrics();
    public final FakeRegister register = new FakeRegister();
    public final FakeSaver saver = new FakeSaver();
    public final FakeCoordinator coordinator = new FakeCoordinator();
    public final FakeBroadcasts store = new FakeBroadcasts();
    public final BroadcastBoard board = new BroadcastBoard();
    public final BroadcastLoader loader = new BroadcastLoader(board, store, clock, () -> {
    }, metrics);
    public final FakePeers peers = new FakePeers();
    public final Alternates alternates = new Alternates("room-self");
    public final Admission admission = new Admission(100);
    public final ResumeTokens tokens = new ResumeTokens();
    public final Welcome welcome = new Welcome(HeartbeatConfig.read(ConfigNode.empty()), alternates, tokens, clock);
    /** Banned endpoints. */
    public final Map<Long, Bans.Ban> bans = new HashMap<>();
    public final CredentialKeys keys = CredentialKeys.single(KEY, new byte[32]);
    public final RoomLoops loops;
    public final BroadcastDesk desk;
    private final List<FakeThread> threads = List.of(new FakeThread(), new FakeThread());
    private int minted;

    public RoomRig() {
        this(LIMITS);
    }

    public RoomRig(LoopLimits limits) {
        var logins = new Logins.Desk(new CredentialVerifier(keys), admission, welcome, tokens, register, bans::get);
        var broadcasts = new BroadcastParts(board, store, new NoteSender(store, clock, Runnable::run, metrics),
                new TraitsPool(metrics));
        loops = new RoomLoops(threads, clock,
                new LoopParts(logins, saver, saver, saver, coordinator, peers, alternates, broadcasts, limits, metrics,
                        HaltPoints.none()));
        peers.start(loops);
        desk = new BroadcastDesk(loops, board, () -> FakeRegister.ROOM);
        loader.start();
    }

    // ---- broadcasts

    /** A broadcast of APP to everybody that is to be walked at once, as a saver would give it out. */
    public static Broadcast.Builder broadcast(long seq) {
        return Broadcast.newBuilder().setBroadcastId(1_000 + seq).setAppId(APP).setSeq(seq).setVersion(1).setStage(1)
                .setState(Broadcast.State.RUNNING).setEnvelope(ByteString.copyFrom(PushFrames.encode(Push.newBuilder()
                        .setAppId(APP).setMessageId(1_000 + seq).setBcastSeq(seq)
                        .setPayload(ByteString.copyFromUtf8("hello all")).build())));
    }

    /** Stores a broadcast as it is now, for the next list. */
    public Broadcast keep(Broadcast.Builder made) {
        Broadcast broadcast = made.build();
        store.active.removeIf(one -> one.getBroadcastId() == broadcast.getBroadcastId());
        store.active.add(broadcast);
        return broadcast;
    }

    /** Stores it and tells the room. */
    public WalkStatus put(Broadcast.Builder made) {
        return order(order(made), false);
    }

    /** Stores it and has the room walk. */
    public WalkStatus walk(Broadcast.Builder made) {
        return order(order(made), true);
    }

    public BroadcastOrder.Builder order(Broadcast.Builder made) {
        return BroadcastOrder.newBuilder().setRoomIncarnation(FakeRegister.ROOM).setEpoch(1).setBroadcast(keep(made));
    }

    /** The answer, as of when all that could be done at once was done. */
    public WalkStatus order(BroadcastOrder.Builder order, boolean walk) {
        var first = desk.take(order.build(), walk);
        settle();
        return first.join().getCode() == WalkStatus.Code.OK ? status(order) : first.join();
    }

    /** How far the stage is. */
    public WalkStatus status(BroadcastOrder.Builder order) {
        var answer = desk.take(order.build(), false);
        settle();
        return answer.join();
    }

    public WalkStatus status(Broadcast.Builder broadcast) {
        return status(BroadcastOrder.newBuilder().setRoomIncarnation(FakeRegister.ROOM)
                .setBroadcast(broadcast.clone().setVersion(0)));
    }

    // ---- time and threads

    void on(int loop, Runnable work) {
        threads.get(loop).run(work);
    }

    /** Runs what waits on the loops until nothing does. */
    public void settle() {
        boolean any;
        do {
            any = false;
            for (FakeThread thread : threads) {
                any |= thread.runWaiting();
            }
        } while (any);
    }

    /** Runs the next task of each loop, if there is one. */
    public void step() {
        threads.forEach(FakeThread::runWaiting);
    }

    /** Lets time pass, tick by tick. */
    public void advance(Duration span) {
        for (long left = span.toMillis(); left > 0; left -= TICK.toMillis()) {
            clock.advance(TICK);
            for (int i = 0; i < threads.size(); i++) {
                int loop = i;
                on(i, () -> loops.at(loop).tick());
            }
            settle();
        }
    }

    // ---- phones

    public Phone phone() {
        return phone(0);
    }

    public Phone phone(int loop) {
        return new Phone(this, loop, false);
    }

    public Phone shedPhone() {
        return new Phone(this, 0, true);
    }

    /** A phone with one endpoint of APP, logged in. */
    public Phone loggedIn(long endpointId) {
        return phone().connect(binding(endpointId, APP, now()).build());
    }

    public long now() {
        return clock.wallMillis();
    }

    public byte[] credential(long endpointId, int app) {
        long seconds = now() / 1000;
        return Credentials.issue(keys,
                new Claims(KEY, app, endpointId, (int) endpointId, seconds, seconds + 90 * 24 * 3600));
    }

    public EndpointBinding.Builder binding(long endpointId, int app, long connSeq) {
        return EndpointBinding.newBuilder().setCredential(ByteString.copyFrom(credential(endpointId, app)))
                .setConnSeq(connSeq);
    }

    /** A binding of another app's endpoint, delegated to the host. */
    public EndpointBinding.Builder guest(long endpointId, int app, long host, long connSeq) {
        return EndpointBinding.newBuilder().setCredential(ByteString.copyFrom(
                Credentials.delegate(credential(endpointId, app), host, now() / 1000))).setConnSeq(connSeq);
    }

    /** The same for a host that must not read. */
    public EndpointBinding.Builder sealedGuest(long endpointId, int app, long host, long connSeq) {
        return EndpointBinding.newBuilder().setCredential(ByteString.copyFrom(
                Credentials.delegateSealed(credential(endpointId, app), host, now() / 1000))).setConnSeq(connSeq);
    }

    // ---- messages

    public long mint() {
        return MessageId.of(now(), 1, minted++ & MessageId.COUNTER_MAX);
    }

    public static ByteString envelope(long endpointId, long messageId) {
        return ByteString.copyFrom(PushFrames.encode(Push.newBuilder().setEndpointId(endpointId)
                .setMessageId(messageId).setAppId(APP).setPayload(ByteString.copyFromUtf8("hello")).build()));
    }

    /** Puts a new message into the inbox alone. */
    public long store(long endpointId) {
        long id = mint();
        saver.store(endpointId, StoredMessage.newBuilder().setMessageId(id).setEnvelope(envelope(endpointId, id))
                .build());
        return id;
    }

    public Session session(long endpointId) {
        return Objects.requireNonNull(register.of(endpointId), "not registered: " + endpointId);
    }

    public PushItem.Builder item(Session to, long messageId) {
        return PushItem.newBuilder().setEndpointId(to.endpointId()).setConnSeq(to.connSeq()).setHandle(to.handle())
                .setMessageId(messageId).setAppId(APP).setRoutedMs(now())
                .setEnvelope(envelope(to.endpointId(), messageId));
    }

    /** Stores a message and pushes it, as center does. */
    public PushResult.Code send(long endpointId) {
        return push(item(session(endpointId), store(endpointId)).build());
    }

    /** Hands an item to whatever its handle names. */
    public PushResult.Code push(PushItem item) {
        var codes = new ArrayList<PushResult.Code>();
        int loop = (int) (item.getHandle() >>> 56);
        on(loop, () -> loops.resolve(loops.at(loop), item.getHandle(),
                (at, connection) -> codes.add(at.push(connection, item))));
        settle();
        on(loop, () -> loops.at(loop).endOfBatch());
        settle();
        return codes.getFirst();
    }

    public CompletableFuture<ControlResult.Code> control(ControlItem.Kind kind, Session session,
            java.util.function.UnaryOperator<ControlItem.Builder> more) {
        return ask(kind, session, more).thenApply(ControlResult::getCode);
    }

    /** The whole answer. */
    public CompletableFuture<ControlResult> ask(ControlItem.Kind kind, Session session,
            java.util.function.UnaryOperator<ControlItem.Builder> more) {
        var answer = loops.control(more.apply(ControlItem.newBuilder().setKind(kind)
                .setEndpointId(session.endpointId()).setConnSeq(session.connSeq()).setHandle(session.handle()))
                .build());
        settle();
        return answer;
    }

    public CompletableFuture<ControlResult.Code> control(ControlItem.Kind kind, Session session) {
        return control(kind, session, item -> item);
    }

    public Stream<String> removals() {
        return register.removed.stream();
    }
}
