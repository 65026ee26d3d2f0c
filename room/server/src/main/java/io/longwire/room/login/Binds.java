package io.longwire.room.login;

import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.Limits;
import io.longwire.device.MessageRules;
import io.longwire.device.ProtocolError;
import io.longwire.device.credential.Checked;
import io.longwire.device.v1.Bind;
import io.longwire.device.v1.BindAck;
import io.longwire.device.v1.BindResult;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.device.v1.Ready;
import io.longwire.device.v1.Unbind;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.room.metric.CodeCounters;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.resume.Parking;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Loop;
import io.longwire.room.session.Session;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Endpoints that come, leave or wake on a connection that is logged in: BIND, UNBIND, READY. Owner: the loop. */
public final class Binds {
    private static final int APP_REMOVED = 1; // Unbind.reason

    private final Loop loop;
    private final Logins.Desk desk;
    private final BindCheck check;
    private final Binder binder;
    private final Parking parking;
    private final Deliveries deliveries;
    private final CodeCounters codes;

    public Binds(Loop loop, Logins.Desk desk, Binder binder, Parking parking, Deliveries deliveries, Metrics metrics) {
        this.loop = loop;
        this.desk = desk;
        this.check = new BindCheck(desk.verifier(), loop.clock());
        this.binder = binder;
        this.parking = parking;
        this.deliveries = deliveries;
        this.codes = new CodeCounters(metrics, RoomMetric.BINDS);
    }

    /** One result per binding, in their order, once all are known. */
    public void onBind(Connection connection, Bind bind) throws ProtocolError {
        MessageRules.check(bind);
        List<EndpointBinding> bindings = bind.getBindingsList();
        int verdict = desk.admission().verdict();
        if (verdict == Code.OK && !desk.admission().begin()) {
            verdict = Code.BUSY;
        }
        boolean counted = verdict == Code.OK;
        BindRequest request = new BindRequest(connection, bind.getReqId(), bindings.size(), loop.clock().nanos(),
                binder.deadline(), done -> answer(done, counted));
        binder.watch(request);
        for (int i = 0; i < bindings.size(); i++) {
            if (counted) {
                bind(request, i, bindings.get(i));
            } else {
                request.settle(i, BindResult.newBuilder().setCode(verdict)
                        .setRetryAfterMs(Admission.retryAfterMillis()).build());
            }
        }
    }

    /** Ends these sessions; the last one ends the connection. */
    public void onUnbind(Connection connection, Unbind unbind) throws ProtocolError {
        MessageRules.check(unbind);
        for (long endpointId : unbind.getEndpointIdsList()) {
            Session session = connection.find(endpointId);
            if (session != null) {
                if (unbind.getReason() == APP_REMOVED) {
                    desk.directory().uninstalled(session.appId(), endpointId, session.connSeq());
                }
                parking.unbind(connection, session);
            }
        }
    }

    /** The apps run again. */
    public void onReady(Connection connection, Ready ready) throws ProtocolError {
        MessageRules.check(ready);
        for (long endpointId : ready.getEndpointIdsList()) {
            Session session = connection.find(endpointId);
            if (session != null) {
                session.clear(Session.NOT_READY | Session.STOPPED);
                deliveries.fetcher().owe(connection, session);
                deliveries.broadcasts().onReady(connection, session);
            }
        }
    }

    private void bind(BindRequest request, int index, EndpointBinding binding) {
        Connection connection = request.connection;
        Checked proof = check.proof(binding, connection.hostEndpoint());
        if (!proof.isOk()) {
            request.refuse(index, 0, proof.verdict().code());
            return;
        }
        long endpointId = proof.claims().endpointId();
        if (request.refuseIfBanned(index, endpointId, desk.bans())
                || !deliveries.take(request, index, binding, proof.claims())) {
            return;
        }
        Session known = connection.find(endpointId);
        Session session = known != null ? known : placeFor(connection, proof.claims().appId());
        if (session == null) {
            request.refuse(index, endpointId, Code.LIMIT);
            return;
        }
        if (known == null) {
            session.bind(endpointId, proof.claims().appId(), check.connSeq(binding));
            session.boundTick(loop.now());
        } else {
            session.connSeq(check.connSeq(binding));
            session.clear(Session.NOT_READY | Session.STOPPED);
            request.boundBefore(index);
        }
        session.describe(proof.claims().ord(), binding.getAppVersion());
        session.set(Session.SEALED_ONLY, proof.isSealedOnly());
        session.set(Session.BINDING);
        if (binding.getPrevConnSeq() == 0) {
            session.set(Session.FIRST);
        }
        binder.register(request, index, session);
    }

    private static @Nullable Session placeFor(Connection connection, int appId) {
        boolean refused = connection.ofApp(appId) != null
                || connection.boundCount() >= Limits.CONNECTION_ENDPOINTS;
        return refused ? null : connection.newPlace(false);
    }

    private void answer(BindRequest request, boolean counted) {
        if (counted) {
            desk.admission().end();
        }
        List<BindResult> results = request.results();
        for (BindResult result : results) {
            codes.increment(result.getCode());
        }
        loop.out().frame(request.connection, FrameType.BIND_ACK,
                BindAck.newBuilder().setReqId(request.reqId).addAllResults(results).build());
        deliveries.broadcast(request, results);
    }
}
