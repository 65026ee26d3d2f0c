package io.longwire.sdk.phone;

import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.v1.BindAck;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.ErrorFrame;
import io.longwire.device.v1.GoAway;
import io.longwire.device.v1.Kick;
import io.longwire.device.v1.ProfileAck;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.Reply;
import io.longwire.device.v1.UplinkReply;
import io.longwire.sdk.connection.Connection;
import io.longwire.sdk.connection.ConnectionEvents;
import io.longwire.sdk.dispatcher.DispatcherFailure;
import io.longwire.sdk.phone.PhoneStatus.Stage;
import io.longwire.sdk.policy.ConnectBudget;
import io.longwire.sdk.policy.Network;
import io.longwire.sdk.policy.Pace;
import io.longwire.sdk.policy.ReconnectPolicy;
import io.longwire.sdk.share.Guests;
import io.longwire.sdk.transport.Address;
import io.longwire.sdk.transport.Dialer;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the phone's one connection: decides when one is needed, makes it, and replaces it before the old one goes where
 * a room asks for that. One function, {@link #go}, answers "what is to be done now?" from the whole state and is called
 * after whatever may have changed it, so there is no second place where a connection is begun.
 *
 * <p>At most one race, one <em>rising</em> connection (CONNECT sent, not answered) and one <em>live</em> connection
 * (answered) exist; while all is well there is just the live one. Belongs to the loop.
 */
final class Lifeline implements ConnectionEvents, RoomFinder.Events {
    private final Parts parts;
    private final Binder binder;
    private final Delivery delivery;
    private final Outbox outbox;
    private final Greeting greeting;
    private final Learning learning;
    private final Routes routes;
    private final Dials dials;
    private final ReconnectPolicy reconnect;
    private final ConnectBudget budget = new ConnectBudget();
    private final RoomFinder finder;
    private final Guests guests;
    private final Retry retry;
    private final Move move;

    private boolean running;
    private boolean looks;
    private @Nullable Connection rising;
    private @Nullable Connection live;
    private boolean moveAgain;
    private @Nullable Refusal refusal;

    Lifeline(Parts parts, Binder binder, Delivery delivery, Outbox outbox, Guests guests, Random random) {
        this.parts = parts;
        this.binder = binder;
        this.delivery = delivery;
        this.outbox = outbox;
        this.guests = guests;
        greeting = new Greeting(parts);
        looks = parts.settings.foreground();
        learning = new Learning(parts, random);
        routes = new Routes(parts, learning.known(), random);
        reconnect = new ReconnectPolicy(random);
        reconnect.foreground(looks);
        reconnect.window(parts.store.phone().getCrashWindowMs() & 0xFFFFFFFFL);
        finder = new RoomFinder(parts, routes, reconnect, this);
        dials = new Dials(parts, learning.networks(), new Dials.Events() {
            @Override
            public void onWire(Address address, Dialer.OpenWire wire, long took) {
                greeting.connectedIn(took);
                rise(address, wire);
            }

            @Override
            public void onNoWire(List<String> reasons) {
                learning.forget();
                routes.roundFailed();
                tryAgainAfter(reconnect.failed(0), "no room was reached: " + reasons);
                finder.ask(binder.endpointText());
            }
        });
        retry = new Retry(parts, reconnect, this::go);
        move = new Move(parts, random, budget, () -> {
            retry.cancel();
            go();
        });
    }

    void start() {
        running = true;
        go();
    }

    /** Sends what was answered and leaves the room. */
    void stop() {
        running = false;
        retry.cancel();
        move.end();
        dials.cancel();
        for (Connection connection : new Connection[]{rising, live}) {
            if (connection != null) {
                connection.leave("stopped");
            }
        }
        learning.networks().close();
        parts.events.onStatus(PhoneStatus.of(Stage.STOPPED, "stopped"));
    }

    /** The live connection, or null. */
    @Nullable
    Connection live() { return live; }

    /** Whether the user looks at an app of this phone: shorter waits, and a ping now that tells the room. */
    void foreground(boolean now) {
        boolean news = now && !looks;
        looks = now;
        reconnect.foreground(now);
        greeting.foreground(now);
        Connection connection = live;
        if (connection != null) {
            connection.foreground(now);
            tell();
        } else if (news && retry.isSet()) {
            retry.soon(reconnect.bypass(parts.now()), "somebody looks", true);
        }
    }

    /** How well the phone can be woken: the room is told now, or by the next CONNECT. */
    void capability(int now) {
        greeting.capability(now);
        tell();
    }

    private void tell() {
        Connection connection = live;
        if (connection != null && rising == null) {
            greeting.tell(connection);
        }
    }

    /** The process slept, or may have. */
    void woke() {
        learning.forget();
        Connection connection = live;
        if (connection != null) {
            connection.woke();
        }
    }

    /** The phone is on this network now; {@link Network#NONE}: on none, so nothing is tried and no timer runs. */
    void network(Network now) {
        Network before = learning.network();
        learning.network(now);
        retry.network(now);
        if (now.isNone()) {
            goDark();
            return;
        }
        routes.network(learning.known());
        boolean other = !now.key().equals(before.key());
        if (!running || (!other && (before.isValidated() || !now.isValidated()))) {
            return;
        }
        if (live != null) {
            follow();
            return;
        }
        Connection half = rising;
        if (other && half != null) {
            half.close("another network");
        }
        if (other) {
            cancelDials();
            greeting.reason(Greeting.REASON_NETWORK);
        }
        if (!dials.areForConnection() && rising == null) {
            retry.soon(other ? retry.onAnother() : reconnect.settleMillis(), now.toString(), true);
        }
    }

    private void goDark() {
        retry.goDark();
        move.end();
        cancelDials();
        for (Connection connection : new Connection[]{rising, live}) {
            if (connection != null) {
                connection.close("no network");
            }
        }
        if (running) {
            parts.events.onStatus(PhoneStatus.waiting(0, "no network"));
        }
    }

    private void cancelDials() {
        if (dials.areForConnection() && live == null) {
            retry.interrupted();
        }
        dials.cancel();
    }

    // The live connection may or may not work on: it is kept until one over the new network stands.
    private void follow() {
        Connection connection = live;
        if (connection != null && !connection.isLodged()) { // else networks are the host's matter
            move.follow(connection, learning.isLiveElsewhere(), reconnect.settleMillis(), greeting);
        }
    }

    /** There may be a better way than the live connection: makes the new one first, then leaves the old. */
    void move() {
        moveAgain = rising != null; // its answer is waited for
        dials.cancel();
        if (live == null) {
            retry.cancel();
            go();
        } else {
            move.now();
        }
    }

    /** What is to be done now? */
    void go() {
        Connection connection = live;
        if (connection != null && rising == null) {
            binder.bindRest(connection);
        }
        if (!running || learning.network().isNone() || dials.areForConnection() || rising != null || retry.isSet()
                || (connection != null && !move.isOn())) {
            return;
        }
        if (!binder.hasHost()) {
            parts.events.onStatus(PhoneStatus.of(Stage.REGISTERING, "no app has a credential that can be used now"));
            return;
        }
        long wait = connection != null ? move.waitMillis(connection) : looks ? 0 : budget.waitMillis(parts.now());
        if (wait > 0) {
            tryAgainAfter(wait, "too many connections were begun");
            return;
        }
        List<Address> candidates = move.isOn() && !move.isOverNetwork() ? routes.alternatives() : routes.candidates();
        if (candidates.isEmpty() || routes.isListWanted()) {
            finder.ask(binder.endpointText());
        }
        if (!candidates.isEmpty()) {
            if (live == null) {
                parts.events.onStatus(PhoneStatus.of(Stage.CONNECTING, candidates.toString()));
            }
            budget.used(parts.now());
            dials.begin(candidates, learning.network(), looks);
        } else if (!finder.isAsking()) {
            tryAgainAfter(routes.askWaitMillis(), "no room is known; the dispatcher may be asked again then");
        }
    }

    @Override
    public void onList() {
        go();
    }

    @Override
    public void onNoList(DispatcherFailure failure) {
        parts.events.onProblem(String.valueOf(failure.getMessage()));
        if (!dials.areForConnection() && rising == null && (live == null || move.isOn())) {
            tryAgainAfter(reconnect.failed(failure.retryAfterMillis()), String.valueOf(failure.getMessage()));
        }
    }

    private void rise(Address address, Dialer.OpenWire wire) {
        boolean lodges = wire.host() != 0;
        Connection connection = new Connection(parts.loop, address, wire, parts.time,
                learning.heartbeat(looks, lodges), Pace.of(learning.network()), lodges ? this : guests.around(this));
        refusal = null;
        try {
            Connect connect = binder.addBindings(greeting.next(learning, reconnect.failures())
                    .setResumeToken(routes.token(address)), wire);
            rising = connection;
            learning.rising();
            connection.connect(connect);
        } catch (IOException notKept) {
            wire.close(0);
            parts.storeProblem(notKept);
            tryAgainAfter(reconnect.failed(0), "store: " + notKept.getMessage());
        }
    }

    @Override
    public void onConnectAck(Connection connection, ConnectAck ack) {
        if (connection != rising) {
            return;
        }
        if (ack.getCode() != Code.OK) {
            refused(connection, ack);
            return;
        }
        Connection old = live;
        rising = null;
        live = connection;
        retry.connected();
        move.end();
        dials.cancel();
        reconnect.connected(parts.now());
        reconnect.window(ack.getCrashWindowMs() & 0xFFFFFFFFL);
        if (connection.isLodged()) { // of another app's connection there is nothing to learn, and to come back to
            learning.lodged();
        } else {
            learning.accepted(routes.isNewEpoch(ack));
            routes.accepted(connection.address(), ack);
        }
        binder.onConnected(connection, ack);
        if (old != null) {
            old.leave("moved to " + connection.address());
        }
        delivery.sendCarried(connection);
        greeting.tell(connection);
        outbox.pump(connection);
        parts.events.onStatus(PhoneStatus.online(connection.isLodged() ? "" : connection.address().toString(),
                ack.getResumed()));
        if (!binder.servesAny()) {
            connection.close("no endpoint was accepted");
        } else if (moveAgain) {
            move();
        } else if (learning.isLiveElsewhere()) {
            follow();
        }
    }

    private void refused(Connection connection, ConnectAck ack) {
        Refusal why = binder.onRefused(ack);
        refusal = why;
        if (!connection.isLodged()) { // else it says nothing of the room
            learning.refused(connection.address());
            routes.refused(connection.address(), why, ack);
        }
    }

    @Override
    public void onPush(Connection connection, Push push) {
        delivery.onPush(connection, push);
    }

    @Override
    public void onBindAck(Connection connection, BindAck ack) {
        if (connection == live) {
            binder.onBindAck(connection, ack);
            delivery.sendCarried(connection);
            outbox.pump(connection);
        }
    }

    @Override
    public void onProfileAck(Connection connection, ProfileAck ack) {
        outbox.onProfileAck(connection, ack);
    }

    @Override
    public void onUplinkReply(Connection connection, UplinkReply reply) {
        outbox.onUplinkReply(connection, reply);
    }

    @Override
    public void onReply(Connection connection, Reply reply) {
        outbox.onReply(connection, reply);
    }

    @Override
    public void onReported(Connection connection) {
        outbox.onReported(connection);
    }

    @Override
    public void onKick(Connection connection, Kick kick) {
        // Our own rising connection replaces this one: that is what it was made for.
        boolean ours = kick.getCode() == Code.REPLACED && rising != null && connection == live;
        if (ours) {
            return;
        }
        boolean all = kick.getEndpointIdsCount() == 0;
        if (connection == live) {
            binder.onKick(kick);
        }
        if (all) { // else each app that was named waits by itself, the phone need not
            refusal = Refusal.of(kick.getCode(), kick.getRetryAfterMs());
        }
        if (all || (connection == live && !binder.servesAny())) {
            connection.close("kicked: " + Code.name(kick.getCode()) + " " + kick.getText());
        }
    }

    @Override
    public void onGoAway(Connection connection, GoAway goAway) {
        if (connection != live || move.isPlanned()) {
            return;
        }
        routes.left(connection.address(), goAway);
        greeting.reason(Greeting.REASON_GOAWAY);
        move.away(goAway);
    }

    @Override
    public void onError(Connection connection, ErrorFrame error) {
        parts.events.onProblem("room: " + Code.name(error.getCode()) + " " + error.getText());
        outbox.onError(connection, error);
        // A room that does not know these serves all the same; the next connection goes without them.
        boolean spared = error.getFrameType() == FrameType.PROFILE || error.getFrameType() == FrameType.UPLINK;
        if (error.getFatal() && !spared) {
            refusal = Refusal.of(error.getCode(), error.getRetryAfterMs());
        }
    }

    @Override
    public void onAlive(Connection connection) {
        reconnect.answered();
        if (connection == live && !connection.isLodged()) {
            dials.dropSpare();
            learning.alive(connection);
            outbox.onAlive(connection);
        }
    }

    @Override
    public void onInterval(Connection connection, long silenceMillis) {
        if (connection == live && !connection.isLodged()) {
            parts.events.onHeartbeat(silenceMillis);
        }
    }

    @Override
    public void onDoubt(Connection connection) {
        boolean own = connection == live && !connection.isLodged() && rising == null && !move.isOn();
        boolean may = looks || budget.waitMillis(parts.now()) == 0;
        if (own && may && learning.network().isValidated() && dials.areIdle()) {
            budget.used(parts.now());
            dials.beginSpare(routes.candidates(), learning.network(), looks);
        }
    }

    @Override
    public void onBug(Connection connection, RuntimeException bug) {
        parts.events.onProblem("bug: " + bug + " (expected: never; the connection is made anew)");
    }

    @Override
    public void onClosed(Connection connection, String reason) {
        delivery.onClosed(connection);
        outbox.onClosed(connection);
        Refusal why = refusal;
        if (connection == rising) {
            rising = null;
            moveAgain = false; // the next one goes where it should anyway
            refusal = null;
            if (why == null && !connection.isLodged()) {
                learning.unanswered(connection.address());
                routes.unanswered(connection.address());
            }
            tryAgainAfter(retry.afterRefusal(why, binder.hasHost(), !routes.alternatives().isEmpty()), reason);
        } else if (connection == live) {
            live = null;
            refusal = null;
            binder.onClosed();
            closed(connection, why, reason);
        }
    }

    private void closed(Connection connection, @Nullable Refusal why, String reason) {
        boolean changing = move.isOverNetwork() && move.isPlanned();
        move.end();
        boolean forgotten = why == null && !connection.isLodged() && learning.died(connection);
        greeting.reason(changing
                ? Greeting.REASON_NETWORK
                : forgotten ? Greeting.REASON_PING : Greeting.REASON_DROPPED);
        if (!running || rising != null || dials.areForConnection()) {
            return;
        }
        retry.cancel();
        long wait = why == null ? reconnect.dropped(parts.now()) : reconnect.failed(retry.asked(why.waitMillis()));
        if (why == null && dials.haveSpare()) {
            parts.events.onStatus(PhoneStatus.of(Stage.CONNECTING, reason));
            dials.useSpare();
            return;
        }
        dials.cancel();
        tryAgainAfter(changing ? Math.min(wait, reconnect.bypass(parts.now())) : wait, reason);
    }

    private void tryAgainAfter(long waitMillis, String reason) {
        if (running) {
            retry.after(waitMillis, reason, live == null);
        }
    }
}
