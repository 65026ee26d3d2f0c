package io.longwire.room.login;

import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.v1.BindAck;
import io.longwire.device.v1.BindResult;
import io.longwire.device.v1.Kick;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Metrics.Counter;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.register.client.PutResult;
import io.longwire.register.client.Session;
import io.longwire.room.directory.SessionDirectory;
import io.longwire.room.fetch.Fetcher;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.presence.Arrival;
import io.longwire.room.resume.Parking;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Loop;
import io.longwire.rpc.room.ControlResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Registers sessions and draws the consequences. Owner: the loop.
 *
 * <p>The law: put first, fetch after each owner's acknowledgement. The second one usually comes within a tick of the
 * first, so the first fetch waits that long for it, and one serves both. A binding has its result with the first one.
 * If no owner answers within a second the phone is let in all the same: the writer keeps the slot dirty until its
 * owners have it, and tells; until then the session owes a fetch.
 *
 * <p>An incumbent with a higher conn_seq is not believed blindly: its phone is pinged by its own room. Silence, or a
 * room that has no such session: bound with the incumbent's conn_seq + 1, so the order stays total. A pong:
 * EPOCH_OLD. If its room cannot be asked, nobody knows, and the phone tries again in 3 s. When the phone has had its
 * answer already (the second owner knew more than the first), a new conn_seq is told by a BIND_ACK with req_id 0, a
 * refusal by KICK.
 */
public final class Binder {
    private static final int UNSOLICITED = 0;
    private static final int ROUNDS = 3;
    private static final int ASK_AGAIN_MILLIS = 3_000;
    private static final int ANSWER_WITHIN_TICKS = Loop.TICKS_PER_SECOND;

    private final Loop loop;
    private final SessionDirectory directory;
    private final SessionPeers peers;
    private final Fetcher fetcher;
    private final Parking parking;
    private final HaltPoints halts;
    private final Counter owed;
    private final ArrayDeque<BindRequest> requests = new ArrayDeque<>();
    private final List<BindRequest> late = new ArrayList<>(); // past their deadline, for the sake of a probe

    public Binder(Loop loop, SessionDirectory directory, SessionPeers peers, Fetcher fetcher, Parking parking,
            HaltPoints halts, Metrics metrics) {
        this.loop = loop;
        this.directory = directory;
        this.peers = peers;
        this.fetcher = fetcher;
        this.parking = parking;
        this.halts = halts;
        this.owed = metrics.counter(RoomMetric.OWED_LOGINS);
    }

    /** The tick at which a request made now is answered without the register. */
    int deadline() {
        return loop.now() + ANSWER_WITHIN_TICKS;
    }

    /** Watches the deadline of a request. */
    void watch(BindRequest request) {
        requests.add(request);
    }

    /** Sessions were ended: the CONNECT or BIND that made them, if it is not answered yet, is answered with that. */
    public void overrule(Connection connection, List<Long> endpoints, Kick kick) {
        for (BindRequest request : requests) {
            if (request.connection == connection) {
                request.overrule(endpoints, kick);
            }
        }
        for (BindRequest request : late) {
            if (request.connection == connection) {
                request.overrule(endpoints, kick);
            }
        }
    }

    /** Registers a bound session; the result goes to the request. */
    void register(BindRequest request, int index, io.longwire.room.session.Session session) {
        put(new Binding(this, request, index, session, 0));
    }

    /** Lets in those whose register owners are silent; called once a tick. */
    public void onTick() {
        BindRequest request;
        while ((request = requests.peek()) != null && (request.answered() || request.dueTick <= loop.now())) {
            requests.remove();
            for (Binding binding : request.open()) {
                if (!binding.probing) {
                    onOwed(binding);
                }
            }
            if (!request.answered()) {
                late.add(request);
            }
        }
        late.removeIf(BindRequest::answered);
    }

    /** A flush met another session where the put of this one was not owed: as an answer to a put, but late. */
    public void onConflict(Connection connection, long endpointId, long connSeq, PutResult result) {
        var session = connection.find(endpointId);
        if (session == null || session.connSeq() != connSeq) {
            return;
        }
        BindRequest answered = new BindRequest(connection, UNSOLICITED, 1, loop.clock().nanos(), loop.now(), done -> {
        });
        Binding binding = new Binding(this, answered, 0, session, 0);
        answered.settle(0, accepted(binding));
        onAck(binding, result, false);
    }

    void onAck(Binding binding, PutResult result, boolean first) {
        if (!binding.current()) {
            if (!(result instanceof PutResult.Incumbent)) {
                peers.fetchAgain(binding.endpointId, binding.home); // it may have moved to another loop meanwhile
            }
            superseded(binding);
            return;
        }
        switch (result) {
            case PutResult.Stored stored -> stored(binding, first);
            case PutResult.Displaced(var other) -> {
                if (!isOurs(binding, other)) {
                    peers.drop(other, binding.connSeq);
                }
                stored(binding, first);
            }
            case PutResult.Incumbent(var other) -> incumbent(binding, other);
        }
    }

    /** No owner has answered in time. */
    void onOwed(Binding binding) {
        if (!binding.current()) {
            superseded(binding);
        } else if (!binding.request.settled(binding.index)) {
            owed.increment();
            fetcher.owe(binding.connection, binding.session);
            binding.request.settle(binding.index, accepted(binding));
        }
    }

    private void put(Binding binding) {
        binding.request.waitFor(binding.index, binding);
        Arrival arrival = new Arrival(binding.session.appId(), binding.connection.traits().network(),
                binding.session.is(io.longwire.room.session.Session.FIRST));
        binding.session.clear(io.longwire.room.session.Session.FIRST);
        Session other = directory.put(binding.endpointId, binding.connSeq, binding.home, arrival, binding,
                loop.mailbox()::answer);
        if (other != null && other.connSeq() >= binding.connSeq) {
            incumbent(binding, other);
        } else if (other != null) {
            peers.drop(other, binding.connSeq);
        }
    }

    private void stored(Binding binding, boolean first) {
        if (first) {
            halts.pass("room.first-put-acked");
            fetcher.oweSoon(binding.connection, binding.session);
        } else {
            fetcher.owe(binding.connection, binding.session);
        }
        binding.request.settle(binding.index, accepted(binding));
    }

    private void incumbent(Binding binding, Session other) {
        if (binding.probing) {
            return; // the other owner says so too
        }
        if (isOurs(binding, other)) {
            outbid(binding, other.connSeq());
        } else if (binding.round >= ROUNDS) {
            refuse(binding, Code.EPOCH_OLD, other.connSeq());
        } else {
            binding.probing = true;
            peers.probe(other).whenComplete((code, failure) -> loop.mailbox()
                    .answer(() -> probed(binding, other.connSeq(), failure == null ? code : null)));
        }
    }

    private void probed(Binding binding, long incumbent, ControlResult.@Nullable Code code) {
        binding.probing = false;
        if (!binding.current()) {
            superseded(binding);
        } else if (code == ControlResult.Code.SILENT || code == ControlResult.Code.NOT_HERE) {
            outbid(binding, incumbent);
        } else if (code == ControlResult.Code.ALIVE) {
            refuse(binding, Code.EPOCH_OLD, incumbent);
        } else {
            refuse(binding, Code.NOT_SERVING, 0);
        }
    }

    private void outbid(Binding binding, long incumbent) {
        binding.session.connSeq(incumbent + 1);
        Binding higher = new Binding(this, binding.request, binding.index, binding.session, binding.round + 1);
        if (binding.request.settled(binding.index)) {
            loop.out().frame(binding.connection, FrameType.BIND_ACK,
                    BindAck.newBuilder().setReqId(UNSOLICITED).addResults(accepted(higher)).build());
        }
        put(higher);
    }

    private void refuse(Binding binding, int code, long incumbent) {
        BindResult.Builder result = BindResult.newBuilder().setEndpointId(binding.endpointId).setCode(code)
                .setConnSeq(binding.connSeq).setIncumbent(incumbent);
        if (code == Code.NOT_SERVING) {
            result.setRetryAfterMs(ASK_AGAIN_MILLIS);
        }
        if (binding.connection.phase() == Connection.LOGIN) { // the answer depends on how many are left
            parking.unbind(binding.connection, binding.session);
            binding.request.overrule(binding.index, result.build());
            return;
        }
        if (binding.request.settled(binding.index)) {
            loop.out().frame(binding.connection, FrameType.KICK, Kick.newBuilder().setCode(code)
                    .addEndpointIds(binding.endpointId).setRetryAfterMs(ASK_AGAIN_MILLIS).build());
        }
        binding.request.settle(binding.index, result.build());
        if (binding.current()) {
            parking.unbind(binding.connection, binding.session);
        }
    }

    // The endpoint was unbound, or bound again, while the register was asked.
    private static void superseded(Binding binding) {
        binding.request.settle(binding, BindResult.newBuilder().setEndpointId(binding.endpointId)
                .setCode(Code.REPLACED).build());
    }

    private boolean isOurs(Binding binding, Session other) {
        return other.roomIncarnation() == peers.incarnation() && other.handle() == binding.home;
    }

    static BindResult accepted(Binding binding) {
        return BindResult.newBuilder().setEndpointId(binding.endpointId).setCode(Code.OK).setConnSeq(binding.connSeq)
                .setBcastFloor(binding.request.floor(binding.index)).build();
    }
}
