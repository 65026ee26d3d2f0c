package io.longwire.room.login;

import io.longwire.device.Code;
import io.longwire.device.Feature;
import io.longwire.device.FrameType;
import io.longwire.device.MessageRules;
import io.longwire.device.ProtocolError;
import io.longwire.device.credential.Checked;
import io.longwire.device.credential.CredentialVerifier;
import io.longwire.device.v1.BindResult;
import io.longwire.device.v1.ClientState;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Metrics.Counter;
import io.longwire.keeper.metrics.Metrics.Timer;
import io.longwire.room.directory.SessionDirectory;
import io.longwire.room.metric.CodeCounters;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.metric.Tagged;
import io.longwire.room.resume.Claims;
import io.longwire.room.resume.Parked;
import io.longwire.room.resume.Parking;
import io.longwire.room.resume.ResumeTokens;
import io.longwire.room.session.CloseReason;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Loop;
import io.longwire.room.session.Reach;
import io.longwire.room.session.Session;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CONNECT, from frame to answer: may it come in, does its first binding prove a host, is there something to resume,
 * then every binding by itself. Owner: the loop.
 */
public final class Logins {
    /**
     * What is the same on all loops. Thread-safe.
     *
     * @param directory where parked sessions that were not listed are removed
     * @param bans of endpoints, which are looked at before anything of a binding is done
     */
    public record Desk(CredentialVerifier verifier, Admission admission, Welcome welcome, ResumeTokens tokens,
            SessionDirectory directory, Bans bans) {
    }

    private final Loop loop;
    private final Desk desk;
    private final BindCheck check;
    private final Binder binder;
    private final Claims claims;
    private final Parking parking;
    private final Deliveries deliveries;
    private final CodeCounters logins;
    private final CodeCounters binds;
    private final Tagged<Reach> reaches;
    private final ResumeTokens.Secrets secrets;
    private final Timer seconds;
    private final Counter resumed;

    public Logins(Loop loop, Desk desk, Binder binder, Claims claims, Parking parking, Deliveries deliveries,
            Metrics metrics) {
        this.loop = loop;
        this.desk = desk;
        this.check = new BindCheck(desk.verifier, loop.clock());
        this.binder = binder;
        this.claims = claims;
        this.parking = parking;
        this.deliveries = deliveries;
        this.logins = new CodeCounters(metrics, RoomMetric.LOGINS);
        this.binds = new CodeCounters(metrics, RoomMetric.BINDS);
        this.reaches = new Tagged<>(metrics, RoomMetric.LOGINS_BY_REACH, "reach", Reach.class);
        this.secrets = desk.tokens.secrets();
        this.seconds = metrics.timer(RoomMetric.LOGIN_SECONDS);
        this.resumed = metrics.counter(RoomMetric.RESUMED);
    }

    /** The first frame of a connection. */
    public void onConnect(Connection connection, Connect connect) throws ProtocolError {
        MessageRules.check(connect);
        int verdict = desk.admission.verdict();
        if (verdict != Code.OK) {
            refuse(connection, verdict, List.of(), Admission.retryAfterMillis());
            return;
        }
        if (connection.marked(Connection.SHED) || !desk.admission.begin()) {
            refuse(connection, Code.BUSY, List.of(), Admission.retryAfterMillis());
            return;
        }
        Checked host = check.proof(connect.getBindings(0), CredentialVerifier.NO_HOST);
        if (!host.isOk()) {
            desk.admission.end();
            refuse(connection, host.verdict().code(), List.of(), 0);
            return;
        }
        connection.phase(Connection.LOGIN);
        connection.hostEndpoint(host.claims().endpointId());
        connection.idleSeconds(desk.welcome.idleSeconds(connect.getHbProposedS()));
        connection.windowLimit(connect.getRecvWindow());
        deliveries.broadcasts().onConnect(connection, connect);
        connection.state(connect.getState() == ClientState.STATE_FOREGROUND);
        connection.reach(Reach.of(connect.getCapability()));
        reaches.increment(connection.reach());
        if ((connect.getFeatures() & Feature.REPLIES) != 0) {
            connection.mark(Connection.REPLIES);
        }
        long began = loop.clock().nanos();
        if (connect.getResumeToken().isEmpty()) {
            bindAll(connection, connect, host, null, began);
        } else {
            claims.claim(connection, connect.getResumeToken(),
                    parked -> bindAll(connection, connect, host, parked, began));
        }
    }

    private void bindAll(Connection connection, Connect connect, Checked host, @Nullable Parked parked,
            long began) {
        if (parked == null) {
            connection.identity(connection.handle(), secrets.next());
        } else {
            connection.identity(parked.home(), parked.secret());
        }
        List<EndpointBinding> bindings = connect.getBindingsList();
        BindRequest request = new BindRequest(connection, 0, bindings.size(), began, binder.deadline(),
                done -> finish(done, parked != null));
        boolean[] kept = new boolean[parked == null ? 0 : parked.sessions().size()];
        binder.watch(request);
        for (int i = 0; i < bindings.size(); i++) {
            Checked proof = i == 0 ? host : check.proof(bindings.get(i), connection.hostEndpoint());
            bind(request, i, bindings.get(i), proof, parked, kept);
        }
        for (int i = 0; i < kept.length; i++) {
            if (parked != null && !kept[i]) {
                Session left = parked.sessions().get(i);
                desk.directory.remove(left.endpointId(), left.connSeq());
            }
        }
    }

    private void bind(BindRequest request, int index, EndpointBinding binding, Checked proof,
            @Nullable Parked parked, boolean[] kept) {
        Connection connection = request.connection;
        if (!proof.isOk()) {
            request.refuse(index, 0, proof.verdict().code());
            return;
        }
        long endpointId = proof.claims().endpointId();
        int appId = proof.claims().appId();
        if (request.refuseIfBanned(index, endpointId, desk.bans)) {
            return;
        }
        if (connection.find(endpointId) != null || connection.ofApp(appId) != null) {
            request.refuse(index, endpointId, Code.LIMIT);
            return;
        }
        if (!deliveries.take(request, index, binding, proof.claims())) {
            return;
        }
        int at = parkedAt(parked, endpointId);
        Session session = connection.newPlace(index == 0);
        if (parked != null && at >= 0) {
            kept[at] = true;
            Session old = parked.sessions().get(at);
            if (old.connSeq() == binding.getPrevConnSeq()) {
                session.resume(old);
                session.describe(proof.claims().ord(), binding.getAppVersion());
                session.set(Session.SEALED_ONLY, proof.isSealedOnly());
                session.boundTick(loop.now());
                resumed.increment();
                String network = connection.traits().network();
                if (!network.equals(parked.network())) {
                    desk.directory.onNetwork(appId, endpointId, old.connSeq(), network);
                }
                request.settle(index, BindResult.newBuilder().setEndpointId(endpointId).setCode(Code.OK)
                        .setConnSeq(old.connSeq()).setResumed(true).setBcastFloor(request.floor(index)).build());
                return;
            }
        }
        session.bind(endpointId, appId, check.connSeq(binding));
        session.describe(proof.claims().ord(), binding.getAppVersion());
        session.set(Session.SEALED_ONLY, proof.isSealedOnly());
        session.boundTick(loop.now());
        if (binding.getPrevConnSeq() == 0) {
            session.set(Session.FIRST);
        }
        binder.register(request, index, session);
    }

    private static int parkedAt(@Nullable Parked parked, long endpointId) {
        for (int i = 0; parked != null && i < parked.sessions().size(); i++) {
            if (parked.sessions().get(i).endpointId() == endpointId) {
                return i;
            }
        }
        return -1;
    }

    private void finish(BindRequest request, boolean resumes) {
        Connection connection = request.connection;
        desk.admission.end();
        List<BindResult> results = request.results();
        for (BindResult result : results) {
            binds.increment(result.getCode());
        }
        if (connection.link() == null) {
            endOrPark(connection);
            return;
        }
        if (connection.boundCount() == 0) {
            BindResult first = results.getFirst();
            refuse(connection, first.getCode(), results, (int) first.getRetryAfterMs());
            return;
        }
        connection.phase(Connection.LIVE);
        connection.reader().authenticated();
        connection.sinceTick(loop.now());
        connection.receivedTick(loop.now());
        loop.wheel().set(connection, loop.now() + 1); // finds out what is due when
        logins.increment(Code.OK);
        seconds.record(Duration.ofNanos(loop.clock().nanos() - request.beganNanos));
        loop.out().frame(connection, FrameType.CONNECT_ACK,
                desk.welcome.accepted(connection, results, resumes));
        boolean missed = connection.marked(Connection.MISSED_PUSH);
        connection.unmark(Connection.MISSED_PUSH);
        for (int i = 0; i < connection.places(); i++) {
            if (missed) {
                connection.place(i).set(Session.OWES);
            }
            deliveries.fetcher().pump(connection, connection.place(i));
        }
        deliveries.broadcast(request, results);
    }

    private void endOrPark(Connection connection) {
        if (connection.boundCount() > 0) {
            parking.park(connection);
        } else {
            parking.end(connection);
        }
    }

    private void refuse(Connection connection, int code, List<BindResult> results, int retryAfterMillis) {
        logins.increment(code);
        loop.out().frame(connection, FrameType.CONNECT_ACK, desk.welcome.refused(code, results, retryAfterMillis));
        connection.phase(Connection.NEW);
        parking.close(connection, CloseReason.LOGIN_REFUSED);
    }
}
