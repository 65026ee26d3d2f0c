package io.longwire.sdk.phone;

import com.google.protobuf.ByteString;
import io.longwire.sdk.connection.Connection;
import io.longwire.sdk.dispatcher.Dispatcher;
import io.longwire.sdk.loop.Loop;
import io.longwire.sdk.policy.Network;
import io.longwire.sdk.policy.Pace;
import io.longwire.sdk.policy.ServerTime;
import io.longwire.sdk.share.CurrentList;
import io.longwire.sdk.share.Guests;
import io.longwire.sdk.store.AppStore;
import io.longwire.sdk.store.PhoneStore;
import io.longwire.sdk.store.v1.Wish;
import io.longwire.sdk.transport.Dialer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One phone: its apps, and the pieces that serve them: {@link Registrar} gets endpoints and credentials,
 * {@link Lifeline} keeps the connection, {@link Binder} binds the endpoints to it, {@link Delivery} takes the messages
 * to each {@link AppInbox}, {@link Outbox} takes reports, profiles and uplinks from the apps. Belongs to the loop.
 */
public final class Phone {
    private static final int REASON_REMOVED = 1;
    private static final int REASON_ASKED = 2;

    private final Parts parts;
    private final Map<Integer, App> apps = new LinkedHashMap<>();
    private final Registrar registrar;
    private final Binder binder;
    private final Outbox outbox;
    private final ListRenewal renewal;
    private final Guests guests;
    private final Lifeline lifeline;
    private Network network = Network.UNTOLD; // the last there was
    private boolean running;

    /**
     * @param blocking runs calls that block on the dispatcher
     */
    public Phone(Loop loop, Dialer dialer, Dispatcher dispatcher, Executor blocking, PhoneStore store,
            PhoneSettings settings, PhoneEvents events) {
        this(new Parts(loop, dialer, new DispatcherCalls(loop, dispatcher, blocking), store, settings,
                new ServerTime(loop.clock()), events), new Random());
    }

    /** As above, with what it draws its waits from. */
    Phone(Parts parts, Random random) {
        this.parts = parts;
        registrar = new Registrar(parts, random, this::registered);
        binder = new Binder(parts, registrar, apps.values(), random, this::go);
        guests = new Guests(parts.loop, parts.traffic);
        renewal = new ListRenewal(parts, random);
        outbox = new Outbox(apps.values(), guests, parts, random, renewal, this::move);
        lifeline = new Lifeline(parts, binder, new Delivery(apps.values(), parts, renewal), outbox, guests, random);
    }

    /** Adds an app; the first one that is registered is the host of the connection. */
    public App add(String appKey, String packageName, AppStore appStore, Executor appThread, AppInbox.Handler handler) {
        AppInbox inbox = new AppInbox(parts, appStore.messages(), appThread, handler, this::tellReady);
        App app = new App(appKey, packageName, appStore, inbox, parts);
        apps.put(app.appId(), app);
        if (running) {
            begin(app);
            lifeline.go();
        }
        return app;
    }

    /** Takes an app off the connection and closes its store; its endpoint lives on. */
    public void remove(App app) {
        if (apps.remove(app.appId()) == null) {
            return;
        }
        Connection connection = lifeline.live();
        if (app.bound && connection != null) {
            connection.unbind(Collections.singletonList(app.endpointId()), REASON_REMOVED);
        }
        end(app);
    }

    /** Begins to connect, and to stay connected. */
    public void start() {
        if (!running) {
            running = true;
            for (App app : new ArrayList<>(apps.values())) {
                begin(app);
            }
            lifeline.start();
        }
    }

    /** Sends what was answered, leaves the room and closes the stores. There is no way back. */
    public void stop() {
        running = false;
        renewal.end();
        unbindAll();
        lifeline.stop();
        parts.calls.dark();
        for (App app : apps.values()) {
            end(app);
        }
        try {
            parts.store.close();
        } catch (IOException alreadyBroken) {
            parts.storeProblem(alreadyBroken);
        }
    }

    // A phone that goes by its own will is offline at once; only a dropped connection is worth parking.
    private void unbindAll() {
        Connection connection = lifeline.live();
        List<Long> bound = new ArrayList<>();
        for (App app : apps.values()) {
            if (app.bound) {
                bound.add(app.endpointId());
            }
        }
        if (connection != null && !bound.isEmpty()) {
            connection.unbind(bound, REASON_ASKED);
        }
    }

    /** The app does not take messages for now. */
    public void pause(App app) {
        app.inbox().pause();
    }

    /** The app takes messages again. */
    public void resume(App app) {
        app.inbox().resume();
    }

    /**
     * The app says what became of a message it was given.
     *
     * @param flag {@link io.longwire.sdk.policy.Dedupe#SHOWN} or {@link io.longwire.sdk.policy.Dedupe#CLICKED}
     */
    public void report(App app, long messageId, int flag) {
        if (app.inbox().report(messageId, flag)) {
            pump();
        }
    }

    /** The app wants its profile changed; kept until the platform has it. */
    public void wish(App app, List<Wish> wishes, AppProfile.Done done) {
        app.profile().wish(wishes, done);
        pump();
    }

    /** The app sends something to its product; kept until the platform has it, or so long. */
    public void send(App app, String type, ByteString body, long keepMillis, AppUplinks.Done done) {
        app.uplinks().send(type, body, keepMillis, done);
        pump();
    }

    /** The app asks its product something, and waits so long for the answer. */
    public void request(App app, String type, ByteString body, long timeoutMillis, AppRequests.Done done) {
        app.uplinks().request(type, body, timeoutMillis, done);
        pump();
    }

    private void pump() {
        Connection connection = lifeline.live();
        if (connection != null) {
            outbox.pump(connection);
        } else {
            outbox.watch();
        }
    }

    /** Whether the user looks at an app of this phone: shorter waits, and a ping now that tells the room. */
    public void foreground(boolean looks) {
        lifeline.foreground(looks);
    }

    /** How well the phone can be woken now, in the words of CONNECT's field {@code capability}. */
    public void capability(int now) {
        lifeline.capability(now);
    }

    /** Has this list of those who share the connection renewed, now and then. */
    public void renew(CurrentList list) {
        renewal.begin(list);
    }

    /** The platform's time, as far as it is known; to be read by any thread. */
    public ServerTime time() {
        return parts.time;
    }

    /** Other apps that share this one's connection. */
    public Guests guests() {
        return guests;
    }

    /**
     * Whether all that passes between its apps and their backends can be sealed: the platform has the apps' keys, and
     * they have nothing to say, for what they say is not sealed.
     */
    public boolean isSealable() {
        for (App app : apps.values()) {
            if (app.payloads().key().isEmpty() || !app.isKeyRegistered()) {
                return false;
            }
        }
        return !apps.isEmpty() && !outbox.hasWords();
    }

    /** Another app's connection can be had, or none any more: goes over, the new connection first. */
    public void move() {
        lifeline.move();
    }

    /** Whether a connection stands. */
    public boolean isConnected() { return lifeline.live() != null; }

    /** The process stood still, or may have. */
    public void woke() {
        lifeline.woke();
    }

    /** The phone is on this network now. */
    public void network(Network now) {
        boolean reaches = !now.isNone();
        boolean back = reaches && !registrar.isReachable();
        boolean better = reaches && (!now.key().equals(network.key()) || (now.isValidated() && !network.isValidated()));
        if (reaches) {
            network = now;
            parts.calls.pace(Pace.of(now));
        } else {
            parts.calls.dark();
        }
        registrar.network(now);
        lifeline.network(now);
        for (App app : new ArrayList<>(apps.values())) {
            if (!reaches) {
                registrar.rest(app);
            } else if (back && running) {
                registrar.resume(app);
            }
        }
        if (better && running) {
            for (App app : new ArrayList<>(apps.values())) {
                registrar.hurry(app);
            }
        }
    }

    private void begin(App app) {
        if (app.endpointId() != 0) {
            parts.events.onEndpoint(app, app.endpoint().getEndpoint());
        }
        app.inbox().start();
        registrar.keep(app);
    }

    private void end(App app) {
        registrar.forget(app);
        app.bindTimer.cancel();
        app.inbox().close();
        app.profile().close();
        app.uplinks().close();
        try {
            app.store().close();
        } catch (IOException alreadyBroken) {
            parts.storeProblem(alreadyBroken);
        }
    }

    private void go() {
        lifeline.go();
    }

    private void registered(App app) {
        if (apps.get(app.appId()) == app) {
            binder.onRegistered(app);
            parts.events.onEndpoint(app, app.endpoint().getEndpoint());
            if (parts.dialer.passesOver() && isSealable()) {
                lifeline.move();
            } else {
                lifeline.go();
            }
        }
    }

    private void tellReady(AppInbox inbox) {
        Connection connection = lifeline.live();
        App app = appOf(inbox);
        if (app != null && app.bound && connection != null && connection.isConnected()) {
            connection.ready(Collections.singletonList(app.endpointId()));
        }
    }

    private @Nullable App appOf(AppInbox inbox) {
        for (App app : apps.values()) {
            if (app.inbox() == inbox) {
                return app;
            }
        }
        return null;
    }
}
