package io.longwire.e2e.order;

import com.google.protobuf.ByteString;
import io.longwire.center.send.Rooms;
import io.longwire.device.FrameReader;
import io.longwire.device.FrameType;
import io.longwire.device.FrameWriter;
import io.longwire.device.Limits;
import io.longwire.device.ProtocolError;
import io.longwire.device.credential.Claims;
import io.longwire.device.credential.CredentialKeys;
import io.longwire.device.credential.CredentialVerifier;
import io.longwire.device.credential.Credentials;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.e2e.order.Step.Spot;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.register.client.Session;
import io.longwire.room.broadcast.BroadcastBoard;
import io.longwire.room.broadcast.BroadcastParts;
import io.longwire.room.broadcast.NoteSender;
import io.longwire.room.broadcast.TraitsPool;
import io.longwire.room.client.KickOrder;
import io.longwire.room.fetch.InboxSource;
import io.longwire.room.login.Admission;
import io.longwire.room.login.Alternates;
import io.longwire.room.login.Bans;
import io.longwire.room.login.HeartbeatConfig;
import io.longwire.room.login.Logins;
import io.longwire.room.login.SessionPeers;
import io.longwire.room.login.Welcome;
import io.longwire.room.phone.LoopLimits;
import io.longwire.room.phone.LoopParts;
import io.longwire.room.phone.PhoneLoop;
import io.longwire.room.phone.RoomLoops;
import io.longwire.room.resume.ResumeTokens;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Link;
import io.longwire.room.session.Loop;
import io.longwire.room.session.LoopThread;
import io.longwire.room.uplink.UplinkLimits;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.room.PushItem;
import io.longwire.rpc.room.PushResult;
import io.longwire.testkit.time.VirtualClock;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** One loop of a real room and the phone at its other end, whose bytes are read back. */
final class RoomSide implements Rooms {
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final ByteArrayOutputStream toPhone = new ByteArrayOutputStream();
    private final VirtualClock clock;
    private final CredentialKeys keys;
    private final RoomLoops loops;
    private final Consumer<Step> steps;

    RoomSide(VirtualClock clock, byte[] key, SmallWorld.Fault fault, InboxSource inbox, Owners owners,
            Consumer<Step> steps) {
        this.clock = clock;
        this.steps = steps;
        this.keys = CredentialKeys.single(1, key);
        owners.serve(fault, this::flushed, () -> ticks(2));
        var alternates = new Alternates("room-1");
        var tokens = new ResumeTokens();
        var welcome = new Welcome(HeartbeatConfig.read(ConfigNode.empty()), alternates, tokens, clock);
        var desk = new Logins.Desk(new CredentialVerifier(keys), new Admission(10), welcome, tokens, owners, Bans.NONE);
        var parts = new LoopParts(desk, inbox, item -> new CompletableFuture<>(),
                update -> new CompletableFuture<>(), uplink -> new CompletableFuture<>(), new NoPeers(), alternates,
                noBroadcasts(clock),
                new LoopLimits(10, 10, 10, 100, new UplinkLimits(1 << 16, 1)), new Silence(), HaltPoints.none());
        this.loops = new RoomLoops(List.of(new Queue()), clock, parts);
    }

    private static BroadcastParts noBroadcasts(VirtualClock clock) {
        var metrics = new Silence();
        var nowhere = new Nowhere();
        return new BroadcastParts(new BroadcastBoard(), nowhere,
                new NoteSender(nowhere, clock, Runnable::run, metrics), new TraitsPool(metrics));
    }

    /** The phone connects and sends CONNECT. */
    void logIn() {
        long now = clock.wallMillis() / 1000;
        byte[] credential = Credentials.issue(keys,
                new Claims(1, SmallWorld.APP, SmallWorld.ENDPOINT, 1, now - 60, now + 3600));
        var connect = Connect.newBuilder().addBindings(EndpointBinding.newBuilder()
                .setCredential(ByteString.copyFrom(credential)).setConnSeq(clock.wallMillis())).build();
        byte[] bytes = new byte[Limits.PREFACE + FrameWriter.frameSize(connect)];
        bytes[0] = Limits.PREFACE;
        FrameWriter.frame(FrameType.CONNECT, connect, bytes, 1);
        PhoneLoop loop = loops.at(0);
        Connection connection = loop.onOpen(new Wire(), false);
        loop.onBytes(connection, ByteBuffer.wrap(bytes), 0, bytes.length);
        loop.endOfBatch();
        settle();
    }

    // The room spreads such fetches over two seconds.
    private void flushed(long handle) {
        loops.fetchAgain(SmallWorld.ENDPOINT, handle);
        settle();
        ticks(3 * Loop.TICKS_PER_SECOND);
    }

    private void ticks(int count) {
        for (int i = 0; i < count; i++) {
            clock.advance(Duration.ofMillis(Loop.TICK_MILLIS));
            loops.at(0).tick();
        }
    }

    /** Runs what was handed to the loop. */
    void settle() {
        Runnable task;
        while ((task = tasks.poll()) != null) {
            task.run();
        }
    }

    @Override
    public CompletableFuture<PushResult.Code> push(Session session, PushItem item) {
        var answer = new CompletableFuture<PushResult.Code>();
        steps.accept(new Step("room is pushed to", Set.of(Spot.ROOM), () -> {
            PhoneLoop loop = loops.at(0);
            loops.resolve(loop, session.handle(),
                    (at, connection) -> answer.complete(at.push(connection, item)));
            loop.endOfBatch();
        }));
        return answer;
    }

    @Override
    public CompletableFuture<ControlResult.Code> kick(Session session, KickOrder order) {
        throw new AssertionError("kick (expected: never, here)");
    }

    @Override
    public CompletableFuture<ControlResult> ask(Session session, long messageId) {
        throw Nowhere.never();
    }

    /** Pushes that the phone has got. */
    int pushes() {
        byte[] bytes = toPhone.toByteArray();
        var seen = new int[1];
        try {
            FrameReader.ofPhone().onBytes(ByteBuffer.wrap(bytes), 0, bytes.length, new FrameReader.Handler() {
                @Override
                public boolean onFrame(int type, ByteBuffer buffer, int from, int to) {
                    seen[0] += type == FrameType.PUSH ? 1 : 0;
                    return true;
                }

                @Override
                public void onSkipped(int type) {
                    throw new AssertionError("frame: type " + type + " (expected: known)");
                }
            });
        } catch (ProtocolError broken) {
            throw new AssertionError(broken);
        }
        return seen[0];
    }

    /** The loop's thread is the test's. */
    private final class Queue implements LoopThread {
        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public boolean here() {
            return true;
        }
    }

    /** A socket that takes everything. */
    private final class Wire implements Link {
        @Override
        public void send(byte[] bytes, int from, int length) {
            toPhone.write(bytes, from, length);
        }

        @Override
        public void flush() {
        }

        @Override
        public boolean writable() {
            return true;
        }

        @Override
        public int pending() {
            return 0;
        }

        @Override
        public void close() {
            throw new AssertionError("the room closed the phone's connection (expected: never, here)");
        }
    }

    /** There is no other session. */
    private static final class NoPeers implements SessionPeers {
        @Override
        public CompletableFuture<ControlResult.Code> probe(Session other) {
            throw new AssertionError("probe (expected: never, here)");
        }

        @Override
        public void drop(Session other, long belowConnSeq) {
            throw new AssertionError("drop (expected: never, here)");
        }

        @Override
        public void fetchAgain(long endpointId, long home) {
            throw new AssertionError("fetchAgain (expected: never, here)");
        }

        @Override
        public int incarnation() {
            return Owners.ROOM;
        }
    }
}
