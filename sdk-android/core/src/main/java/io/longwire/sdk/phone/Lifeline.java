package io.longwire.sdk.phone;

import io.longwire.device.Code;
import io.longwire.device.Feature;
import io.longwire.device.FrameType;
import io.longwire.device.v1.BindAck;
import io.longwire.device.v1.ClientState;
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
import io.longwire.sdk.connection.Race;
import io.longwire.sdk.dispatcher.DispatcherFailure;
import io.longwire.sdk.loop.TimerSlot;
import io.longwire.sdk.phone.PhoneStatus.Stage;
import io.longwire.sdk.policy.RacePolicy;
import io.longwire.sdk.policy.ReconnectPolicy;
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
final class Lifeline implements ConnectionEvents {
    private static final int SDK_VERSION = 1_000;
    private static final long GOAWAY_DELAY_MAX_MILLIS = 600_000;
    private static final int CAPABILITY_EXACT = 1;
    private static final int REDIRECTS_MAX = 3;
    private static final long REDIRECT_AVOID_MILLIS = 60_000;
    private static final int REASON_DROPPED = 1;
    private static final int REASON_GOAWAY = 3;

    private final Parts parts;
    private final Binder binder;
    private final Delivery delivery;
    private final Outbox outbox;
    private final Routes routes;
    private final ReconnectPolicy reconnect;
    private final RoomFinder finder;
    private final TimerSlot retry;
    private final TimerSlot move;
    private final Random random;

    private boolean running;
    private boolean moving;
    private @Nullable Race race;
    private @Nullable Connection rising;
    private @Nullable Connection live;
    private @Nullable Refusal refusal;
    private int redirects;
    private int reconnectReason;
    private long lastConnectMillis;
    private long srttMillis;
    private ClientState state;
    private ClientState toldState; // by the CONNECT that was sent last, or since

    Lifeline(Parts parts, Binder binder, Delivery delivery, Outbox outbox, Random random) {
        this.parts = parts;
        this.binder = binder;
        this.delivery = delivery;
        this.outbox = outbox;
        this.random = random;
        state = parts.settings.greeting().getState();
        toldState = state;
        routes = new Routes(parts.store, parts.loop.clock(), parts.settings.askAgainCapMillis(),
                parts.settings.tlsOnly());
        reconnect = new ReconnectPolicy(random);
        reconnect.foreground(parts.settings.foreground());
        reconnect.window(parts.store.phone().getCrashWindowMs() & 0xFFFFFFFFL);
        finder = new RoomFinder(parts, routes, reconnect, new RoomFinder.Events() {
            @Override
            public void onList() {
                go();
            }

            @Override
            public void onNoList(DispatcherFailure failure) {
                noList(failure);
            }
        });
        retry = new TimerSlot(parts.loop);
        move = new TimerSlot(parts.loop);
    }

    void start() {
        running = true;
        go();
    }

    /** Sends what was answered and leaves the room. */
    void stop() {
        running = false;
        retry.cancel();
        move.cancel();
        Race dials = race;
        if (dials != null) {
            dials.cancel();
        }
        for (Connection connection : new Connection[]{rising, live}) {
            if (connection != null) {
                connection.leave("stopped");
            }
        }
        parts.events.onStatus(PhoneStatus.of(Stage.STOPPED, "stopped"));
    }

    /** The live connection, or null. */
    @Nullable
    Connection live() {
        return live;
    }

    /** Whether the user looks at an app of this phone: shorter waits, and a ping now that tells the room. */
    void foreground(boolean looks) {
        reconnect.foreground(looks);
        state = looks ? ClientState.STATE_FOREGROUND : ClientState.STATE_BACKGROUND;
        Connection connection = live;
        if (connection == null) {
            return;
        }
        if (state != toldState && rising == null) {
            toldState = state;
            connection.tell(state);
        } else if (looks) {
            connection.pingSoon();
        }
    }

    /** What is to be done now? */
    void go() {
        Connection connection = live;
        if (connection != null && rising == null) {
            binder.bindRest(connection);
        }
        if (!running || race != null || rising != null || retry.isSet() || (connection != null && !moving)) {
            return;
        }
        if (!binder.hasHost()) {
            parts.events.onStatus(PhoneStatus.of(Stage.REGISTERING, "no app has a credential that can be used now"));
            return;
        }
        List<Address> candidates = moving ? routes.alternatives() : routes.candidates();
        if (candidates.isEmpty() || routes.isListWanted()) {
            finder.ask(binder.endpointText());
        }
        if (!candidates.isEmpty()) {
            startRace(candidates);
        } else if (!finder.isAsking()) {
            tryAgainAfter(routes.askWaitMillis(), "no room is known; the dispatcher may be asked again then");
        }
    }

    private void noList(DispatcherFailure failure) {
        parts.events.onProblem(String.valueOf(failure.getMessage()));
        if (race == null && rising == null && (live == null || moving)) {
            tryAgainAfter(reconnect.failed(failure.retryAfterMillis()), String.valueOf(failure.getMessage()));
        }
    }

    private void startRace(List<Address> candidates) {
        if (live == null) {
            parts.events.onStatus(PhoneStatus.of(Stage.CONNECTING, candidates.toString()));
        }
        long stagger = RacePolicy.stagger(srttMillis, parts.settings.foreground());
        Race round = new Race(parts.loop, parts.dialer, candidates, stagger, new Race.Listener() {
            @Override
            public void onWinner(Address address, Dialer.OpenWire wire, long took) {
                race = null;
                lastConnectMillis = took;
                rise(address, wire);
            }

            @Override
            public void onLost(List<String> reasons) {
                race = null;
                routes.roundFailed();
                tryAgainAfter(reconnect.failed(0), "no room was reached: " + reasons);
                finder.ask(binder.endpointText());
            }
        });
        race = round;
        round.start();
    }

    private void rise(Address address, Dialer.OpenWire wire) {
        Connection connection = new Connection(parts.loop, address, wire, parts.time,
                parts.settings.pingTimeoutMillis(), this);
        refusal = null;
        try {
            Connect connect = binder.addBindings(greeting(address));
            rising = connection;
            connection.connect(connect);
        } catch (IOException notKept) {
            wire.close(0);
            parts.storeProblem(notKept);
            tryAgainAfter(reconnect.failed(0), "store: " + notKept.getMessage());
        }
    }

    private Connect.Builder greeting(Address address) {
        toldState = state;
        return parts.settings.greeting().toBuilder().setFeatures(Feature.ALL).setState(state)
                .setSdkVersion(SDK_VERSION)
                .setResumeToken(routes.token(address))
                .setReconnectReason(reconnectReason).setAttempt(reconnect.failures())
                .setLastConnectMs((int) Math.min(lastConnectMillis, Integer.MAX_VALUE))
                .setCapability(CAPABILITY_EXACT).setNetKey(parts.store.phone().getNetKey());
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
        moving = false;
        redirects = 0;
        move.cancel();
        reconnect.connected(parts.now());
        reconnect.window(ack.getCrashWindowMs() & 0xFFFFFFFFL);
        try {
            routes.connected(connection.address(), ack);
        } catch (IOException full) {
            parts.storeProblem(full);
        }
        binder.onConnected(connection, ack);
        if (old != null) {
            old.leave("moved to " + connection.address());
        }
        delivery.sendCarried(connection);
        if (state != toldState) {
            toldState = state;
            connection.tell(state);
        }
        outbox.pump(connection);
        parts.events.onStatus(PhoneStatus.online(connection.address().toString(), ack.getResumed()));
        if (!binder.servesAny()) {
            connection.close("no endpoint was accepted");
        }
    }

    private void refused(Connection connection, ConnectAck ack) {
        Refusal why = binder.onRefused(ack);
        refusal = why;
        if (why.isAboutRoom() && ack.getAlternatesCount() > 0) {
            routes.prefer(ack.getAlternatesList());
        }
        routes.avoid(connection.address(),
                why.isRedirect()
                        ? REDIRECT_AVOID_MILLIS
                        : Math.max(1, Math.min(why.waitMillis(), ack.getRetryAfterMs())));
        routes.roundFailed();
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
        outbox.onReply(reply);
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
        if (kick.getEndpointIdsCount() == 0) {
            if (connection == live) {
                binder.onKick(kick);
            }
            refusal = Refusal.of(kick.getCode(), kick.getRetryAfterMs());
            connection.close("kicked: " + Code.name(kick.getCode()) + " " + kick.getText());
        } else if (connection == live) {
            binder.onKick(kick);
            if (!binder.servesAny()) { // each app that was named waits by itself, the phone need not
                connection.close("kicked: " + Code.name(kick.getCode()) + " " + kick.getText());
            }
        }
    }

    @Override
    public void onGoAway(Connection connection, GoAway goAway) {
        if (connection != live || moving || move.isSet()) {
            return;
        }
        routes.prefer(goAway.getToList());
        routes.avoid(connection.address(), Math.max(goAway.getDrainMs() & 0xFFFFFFFFL, (goAway.getAvoidS()
                & 0xFFFFFFFFL) * 1000));
        if (goAway.getAskDispatcher()) {
            routes.roundFailed();
        }
        reconnectReason = REASON_GOAWAY;
        long from = Math.min(GOAWAY_DELAY_MAX_MILLIS, goAway.getDelayMinMs() & 0xFFFFFFFFL);
        long to = Math.max(from, Math.min(GOAWAY_DELAY_MAX_MILLIS, goAway.getDelayMaxMs() & 0xFFFFFFFFL));
        move.set(from + (long) (random.nextDouble() * (to - from)), () -> {
            moving = true;
            go();
        });
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
        srttMillis = connection.srttMillis();
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
            refusal = null;
            tryAgainAfter(waitAfter(why), reason);
        } else if (connection == live) {
            live = null;
            refusal = null;
            moving = false;
            move.cancel();
            binder.onClosed();
            reconnectReason = REASON_DROPPED;
            if (running && race == null && rising == null) {
                retry.cancel();
                long now = parts.now();
                tryAgainAfter(why == null ? reconnect.dropped(now) : reconnect.failed(why.waitMillis()), reason);
            }
        }
    }

    private long waitAfter(@Nullable Refusal why) {
        if (why == null) {
            return reconnect.failed(0);
        }
        if (why.cure() == Refusal.Cure.OVERTAKE && binder.hasHost()) {
            return 0;
        }
        if (why.isRedirect() && redirects < REDIRECTS_MAX && !routes.alternatives().isEmpty()) {
            redirects++;
            return 0;
        }
        boolean elsewhere = why.isAboutRoom() && !routes.alternatives().isEmpty();
        return reconnect.failed(elsewhere ? 0 : why.waitMillis());
    }

    private void tryAgainAfter(long waitMillis, String reason) {
        if (!running || retry.isSet()) {
            return;
        }
        if (live == null) {
            parts.events.onStatus(PhoneStatus.waiting(waitMillis, reason));
        }
        retry.set(waitMillis, this::go);
    }
}
