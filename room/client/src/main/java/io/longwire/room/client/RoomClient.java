package io.longwire.room.client;

import io.grpc.stub.StreamObserver;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.cluster.Members;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.register.Session;
import io.longwire.rpc.room.BroadcastOrder;
import io.longwire.rpc.room.ControlItem;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.room.CountReply;
import io.longwire.rpc.room.CountRequest;
import io.longwire.rpc.room.PushItem;
import io.longwire.rpc.room.PushResult;
import io.longwire.rpc.room.RoomGrpc;
import io.longwire.rpc.room.RoomGrpc.RoomStub;
import io.longwire.rpc.room.WalkStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to the rooms, each found by the incarnation that a register lookup named. Thread-safe, never blocks.
 *
 * <p>Every call completes within its deadline (push 500 ms, control and broadcast orders 1 s, probe 8 s, count 10 s):
 * with the room's code, or with {@link RpcFailure}, which means "not known", never "not there". A room whose
 * incarnation was seen among the members and has left them answers NOT_HERE at once. One that was never seen may be
 * newer than our view: NO_TARGET.
 */
public final class RoomClient implements AutoCloseable {
    private static final String PART = "room";
    private static final ControlResult NOT_HERE = ControlResult.newBuilder().setCode(ControlResult.Code.NOT_HERE)
            .build();

    private static final WalkStatus WALK_NOT_HERE = WalkStatus.newBuilder().setCode(WalkStatus.Code.NOT_HERE).build();
    private static final CountReply COUNT_NOT_HERE = CountReply.newBuilder().setCode(WalkStatus.Code.NOT_HERE)
            .build();
    private static final Duration ORDER_DEADLINE = Duration.ofSeconds(1);
    private static final Duration COUNT_DEADLINE = Duration.ofSeconds(10);

    private final Rpc rpc;
    private final Cluster.Subscription subscription;
    private final ConcurrentHashMap<Integer, RoomStreams> streams = new ConcurrentHashMap<>();
    private volatile RoomView view = RoomView.EMPTY; // written by the cluster's thread
    private volatile boolean closed;

    public RoomClient(Rpc rpc, Cluster cluster) {
        this.rpc = rpc;
        this.subscription = cluster.onMembers(PART, this::onMembers);
    }

    /** A push to this session, for the caller to complete with message, stamps and envelope. */
    public static PushItem.Builder pushTo(Session session) {
        return PushItem.newBuilder().setEndpointId(session.getEndpointId()).setConnSeq(session.getConnSeq())
                .setHandle(session.getHandle());
    }

    /**
     * Hands a message to the room of the session.
     *
     * @param item made from {@link #pushTo}
     */
    public CompletableFuture<PushResult.Code> push(Session session, PushItem item) {
        int room = session.getRoomIncarnation();
        RoomStreams to = streamsOf(room);
        return to == null ? away(room, PushResult.Code.NOT_HERE) : to.pushes().call(item);
    }

    /**
     * Has the room look into the inbox of the endpoint: DONE (it will), NOT_READY, PARKED, BUSY, NOT_HERE. The room
     * looks after it answered.
     */
    public CompletableFuture<ControlResult.Code> fetch(Session session) {
        return control(session, item(ControlItem.Kind.FETCH, session).build());
    }

    /** Drops the endpoint's session if its conn_seq is below the one given; the phone is told REPLACED. */
    public CompletableFuture<ControlResult.Code> drop(Session session, long belowConnSeq) {
        return control(session, item(ControlItem.Kind.DROP, session).setBelowConnSeq(belowConnSeq).build());
    }

    /** Asks whether the phone behind the session is there: ALIVE, SILENT (3 s without a byte) or NOT_HERE. */
    public CompletableFuture<ControlResult.Code> probe(Session session) {
        int room = session.getRoomIncarnation();
        RoomStreams to = streamsOf(room);
        return to == null
                ? away(room, ControlResult.Code.NOT_HERE)
                : to.probes().call(item(ControlItem.Kind.PROBE, session).build()).thenApply(ControlResult::getCode);
    }

    /**
     * What the room knows of a message and of its phone. DONE, NOT_READY (the app does not run) and PARKED (the phone
     * dropped and may be back in a moment) carry the times; {@code written_ms} is 0 unless the message is in the
     * window, written and not acked. NOT_HERE and BUSY carry nothing.
     */
    public CompletableFuture<ControlResult> ask(Session session, long messageId) {
        return question(session, item(ControlItem.Kind.ASK, session).setMessageId(messageId).build());
    }

    /** Ends the session, or its whole connection, as the order says: DONE, NOT_HERE, BUSY. */
    public CompletableFuture<ControlResult.Code> kick(Session session, KickOrder order) {
        var kind = order.connection() ? ControlItem.Kind.KICK_CONNECTION : ControlItem.Kind.KICK;
        return control(session, item(kind, session).setCode(order.code()).setRetryAfterMs(order.retryAfterMillis())
                .setText(order.reason()).build());
    }

    /**
     * Has a reply written to the phone of the session: DONE (it was), PARKED or BUSY (not now, and nothing is kept of
     * it), NOT_READY (this phone takes none), NOT_HERE.
     */
    public CompletableFuture<ControlResult.Code> reply(Session session, ReplyOrder order) {
        return control(session, item(ControlItem.Kind.REPLY, session).setSeq(order.seq()).setCode(order.code())
                .setBody(order.body()).setText(order.text()).build());
    }

    /** The rooms that live now, as this process sees them. */
    public List<LiveRoom> rooms() {
        return view.rooms();
    }

    /** Puts a broadcast in force in a room as the order has it. {@code room_incarnation} is set here. */
    public CompletableFuture<WalkStatus> putBroadcast(int room, BroadcastOrder order) {
        BroadcastOrder to = order.toBuilder().setRoomIncarnation(room).build();
        return unary(room, ORDER_DEADLINE, WALK_NOT_HERE, (stub, answer) -> stub.putBroadcast(to, answer));
    }

    /** The same, and has the room walk the stage of the broadcast, or tells how far it is. */
    public CompletableFuture<WalkStatus> walk(int room, BroadcastOrder order) {
        BroadcastOrder to = order.toBuilder().setRoomIncarnation(room).build();
        return unary(room, ORDER_DEADLINE, WALK_NOT_HERE, (stub, answer) -> stub.walk(to, answer));
    }

    /**
     * Counts the sessions of an app in a room, and those in the audience. REFUSED: the audience breaks a rule;
     * DISCONNECTED also when the room could not ask for profiles.
     */
    public CompletableFuture<CountReply> count(int room, int appId, Audience audience) {
        CountRequest request = CountRequest.newBuilder().setRoomIncarnation(room).setAppId(appId)
                .setAudience(audience).build();
        return unary(room, COUNT_DEADLINE, COUNT_NOT_HERE, (stub, answer) -> stub.count(request, answer));
    }

    private interface UnaryCall<A> {
        void start(RoomStub stub, StreamObserver<A> answer);
    }

    private <A> CompletableFuture<A> unary(int room, Duration deadline, A notHere, UnaryCall<A> call) {
        Member member = view.live(room);
        if (member == null || closed) {
            return away(room, notHere);
        }
        var answer = new Unary<A>();
        call.start(RoomGrpc.newStub(rpc.channel(member.rpcAddress())).withDeadlineAfter(deadline), answer);
        return answer.future();
    }

    /** Items queued or in flight, to all rooms. */
    public int pending() {
        return streams.values().stream().mapToInt(RoomStreams::pending).sum();
    }

    /** Everything pending fails with CLOSED. */
    @Override
    public void close() {
        closed = true;
        subscription.cancel();
        streams.keySet().forEach(this::closeStreams);
    }

    private CompletableFuture<ControlResult.Code> control(Session session, ControlItem item) {
        return question(session, item).thenApply(ControlResult::getCode);
    }

    private CompletableFuture<ControlResult> question(Session session, ControlItem item) {
        int room = session.getRoomIncarnation();
        RoomStreams to = streamsOf(room);
        return to == null ? away(room, NOT_HERE) : to.controls().call(item);
    }

    private static ControlItem.Builder item(ControlItem.Kind kind, Session session) {
        return ControlItem.newBuilder().setKind(kind).setEndpointId(session.getEndpointId())
                .setConnSeq(session.getConnSeq()).setHandle(session.getHandle());
    }

    private @Nullable RoomStreams streamsOf(int room) {
        Member member = view.live(room);
        if (member == null || closed) {
            return null;
        }
        RoomStreams found = streams.get(room);
        if (found == null) {
            found = streams.computeIfAbsent(room, key -> RoomStreams.open(rpc, member.rpcAddress(), key));
            if (view.live(room) == null || closed) { // it left while the streams were opened: nobody else would close
                closeStreams(room);
            }
        }
        return found;
    }

    private <C> CompletableFuture<C> away(int room, C notHere) {
        if (closed) {
            return CompletableFuture.failedFuture(new RpcFailure(RpcFailure.Kind.CLOSED, "room client: closed"));
        }
        if (view.gone(room)) {
            return CompletableFuture.completedFuture(notHere);
        }
        return CompletableFuture.failedFuture(new RpcFailure(RpcFailure.Kind.NO_TARGET,
                "room incarnation: " + room + " (expected: one among the members)"));
    }

    private void onMembers(Members members) {
        RoomView next = view.with(members);
        view = next;
        for (Integer room : streams.keySet()) {
            if (next.live(room) == null) {
                closeStreams(room);
            }
        }
    }

    private void closeStreams(Integer room) {
        RoomStreams gone = streams.remove(room);
        if (gone != null) {
            gone.close();
        }
    }
}
