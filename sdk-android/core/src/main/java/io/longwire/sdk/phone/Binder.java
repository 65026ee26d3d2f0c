package io.longwire.sdk.phone;

import io.longwire.device.Code;
import io.longwire.device.Limits;
import io.longwire.device.v1.Bind;
import io.longwire.device.v1.BindAck;
import io.longwire.device.v1.BindResult;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.device.v1.Kick;
import io.longwire.sdk.connection.Connection;
import io.longwire.sdk.loop.Loop;
import io.longwire.sdk.transport.Dialer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Binds the apps' endpoints: the first registered app is the host and shows its full credential, the others come as
 * guests by delegation, in CONNECT as far as they fit, by BIND after it. One app's refusal is its own: it waits, renews
 * or starts anew while the others are served. Belongs to the loop.
 */
final class Binder {
    private static final int UNSOLICITED = 0;
    private static final int UNKNOWN_KEYS = 3;
    private static final long AGAIN_MILLIS = 5_000;

    private final Parts parts;
    private final Bindings bindings;
    private final Registrar registrar;
    private final Collection<App> apps;
    private final Random random;
    private final Runnable changed;

    private final Map<Integer, Asked> asked = new HashMap<>();
    private List<App> inConnect = new ArrayList<>();
    private long host; // of the live connection
    private long risingHost; // of the CONNECT that was sent last
    private boolean sealedOnly; // of the live connection
    private boolean risingSealedOnly;
    private int lastRequest;

    /** A BIND that waits for its answer. */
    private static final class Asked {
        private final List<App> guests;
        private long mark; // on the wire
        private Loop.@Nullable Timer limit;

        Asked(List<App> guests) {
            this.guests = guests;
        }

        void cancel() {
            Loop.Timer old = limit;
            if (old != null) {
                old.cancel();
            }
        }
    }

    /**
     * @param changed told when an app that could not be bound may be now
     */
    Binder(Parts parts, Registrar registrar, Collection<App> apps, Random random, Runnable changed) {
        this.parts = parts;
        this.bindings = new Bindings(parts.time, parts.settings.appVersion());
        this.registrar = registrar;
        this.apps = apps;
        this.random = random;
        this.changed = changed;
    }

    /** Whether any app could open a connection now. */
    boolean hasHost() {
        return firstBindable() != null;
    }

    /**
     * Adds the bindings to a CONNECT; as many as its one frame before authentication takes.
     *
     * @param wire the connection's; where another app owns it: one binding, a delegation
     * @throws IOException a sequence could not be kept: nothing may be sent
     */
    Connect addBindings(Connect.Builder connect, Dialer.OpenWire wire) throws IOException {
        long lodgesAt = wire.host();
        App first = firstBindable();
        if (first == null) {
            throw new IOException("apps: none registered (expected: at least one)");
        }
        risingHost = lodgesAt == 0 ? first.endpointId() : lodgesAt;
        risingSealedOnly = wire.sealedOnly();
        inConnect = new ArrayList<>();
        add(connect, first);
        if (lodgesAt != 0) {
            return connect.build();
        }
        for (App guest : apps) {
            if (guest != first && guest.isBindable(parts.time, parts.now()) && inConnect.size() < Limits.BINDINGS
                    && connect.build().getSerializedSize() < Limits.FIRST_BODY_BYTES / 2) {
                add(connect, guest);
            }
        }
        return connect.build();
    }

    private void add(Connect.Builder connect, App app) throws IOException {
        connect.addBindings(bindings.next(app, risingHost, risingSealedOnly));
        inConnect.add(app);
    }

    /** CONNECT was accepted: takes over what it says of each endpoint, then binds those that were not in it. */
    void onConnected(Connection connection, ConnectAck ack) {
        onClosed(); // what the last one bound
        host = risingHost;
        sealedOnly = risingSealedOnly;
        apply(inConnect, ack.getResultsList());
        inConnect = new ArrayList<>();
        bindRest(connection);
    }

    /** CONNECT was refused, maybe single endpoints for reasons of their own. Returns the rule for the connection. */
    Refusal onRefused(ConnectAck ack) {
        List<App> sent = inConnect;
        inConnect = new ArrayList<>();
        Refusal rule = Refusal.of(ack.getCode(), ack.getRetryAfterMs());
        long incumbent = 0;
        for (int i = 0; i < Math.min(sent.size(), ack.getResultsCount()); i++) {
            BindResult result = ack.getResults(i);
            if (i == 0) {
                incumbent = result.getIncumbent();
            } else if (result.getCode() != Code.OK) {
                refused(sent.get(i), result.getCode(), result.getRetryAfterMs(), result.getIncumbent());
            }
        }
        if (!rule.isAboutEndpoint()) {
            return rule;
        }
        if (!sent.isEmpty()) {
            refused(sent.get(0), ack.getCode(), ack.getRetryAfterMs(), incumbent);
        }
        return rule.ofOneEndpoint();
    }

    /** Binds by BIND what is registered and not bound. */
    void bindRest(Connection connection) {
        Bind.Builder bind = Bind.newBuilder();
        List<App> guests = new ArrayList<>();
        int served = 0;
        for (App app : apps) {
            served += app.bound || app.binding ? 1 : 0;
        }
        for (App app : apps) {
            if (app.bound || app.binding || !app.isBindable(parts.time, parts.now()) || guests.size() == Limits.BINDINGS
                    || served + guests.size() == Limits.CONNECTION_ENDPOINTS) {
                continue;
            }
            EndpointBinding binding = next(app);
            if (binding == null) {
                continue; // told; it keeps no other away
            }
            app.binding = true;
            guests.add(app);
            bind.addBindings(binding);
        }
        if (guests.isEmpty()) {
            return;
        }
        int request = ++lastRequest;
        Asked one = new Asked(guests);
        asked.put(request, one); // first: the connection may end by being written to
        connection.bind(bind.setReqId(request).build());
        if (asked.get(request) == one) {
            one.mark = connection.written();
            one.limit = parts.loop.await(connection.replyBy() - parts.now(), () -> late(connection, one));
        }
    }

    // A ping finds out whether the connection is dead. One that lives and does not bind is left as well, later.
    private void late(Connection connection, Asked one) {
        connection.doubt();
        if (asked.containsValue(one)) {
            long more = connection.replyBy() - parts.now();
            one.limit = parts.loop.await(more, () -> connection.close("no BIND_ACK, nor in " + more + " ms more"));
        }
    }

    private @Nullable EndpointBinding next(App app) {
        try {
            return bindings.next(app, host, sealedOnly);
        } catch (IOException full) {
            parts.storeProblem(full);
            return null;
        }
    }

    /** Results of a BIND; or, with req_id 0, sequences that the room had to change after it had answered. */
    void onBindAck(Connection connection, BindAck ack) {
        Asked answered = asked.remove(ack.getReqId());
        if (answered != null) {
            answered.cancel();
            connection.wasRead(answered.mark);
            apply(answered.guests, ack.getResultsList());
            bindRest(connection);
        } else if (ack.getReqId() == UNSOLICITED) {
            for (BindResult result : ack.getResultsList()) {
                changed(result);
            }
        }
    }

    private void changed(BindResult result) {
        for (App app : apps) {
            if (app.bound && result.getCode() == Code.OK && app.endpointId() == result.getEndpointId()) {
                adopt(app, result);
            }
        }
    }

    /** Endpoints were taken off the connection: those that are named, or all. None comes back before it may. */
    void onKick(Kick kick) {
        boolean all = kick.getEndpointIdsCount() == 0;
        for (App app : apps) {
            if (all ? app.bound || app.binding : kick.getEndpointIdsList().contains(app.endpointId())) {
                unbound(app);
                parts.events.onKicked(app, kick.getCode(), kick.getText(), kick.getRetryAfterMs());
                if (kick.getDropCredential()) {
                    renewRarely(app);
                } else {
                    refused(app, kick.getCode(), kick.getRetryAfterMs(), 0);
                }
            }
        }
    }

    /** The app has a fresh credential. */
    void onRegistered(App app) {
        app.uselessUntil = 0;
        app.unknownKeys = 0;
    }

    /** The connection is over: nobody is bound. */
    void onClosed() {
        for (Asked open : asked.values()) {
            open.cancel();
        }
        asked.clear();
        for (App app : apps) {
            unbound(app);
        }
    }

    /** The text of an endpoint of this phone, for the dispatcher's choice; empty while there is none. */
    String endpointText() {
        for (App app : apps) {
            if (app.endpointId() != 0) {
                return app.endpoint().getEndpoint();
            }
        }
        return "";
    }

    /** Whether any endpoint is served, or about to be. */
    boolean servesAny() {
        for (App app : apps) {
            if (app.bound || app.binding) {
                return true;
            }
        }
        return false;
    }

    private void unbound(App app) {
        app.binding = false;
        if (app.bound) {
            app.bound = false;
            parts.events.onBound(app, false);
        }
    }

    private void apply(List<App> sent, List<BindResult> results) {
        for (int i = 0; i < sent.size(); i++) {
            App app = sent.get(i);
            app.binding = false;
            BindResult result = i < results.size() ? results.get(i) : BindResult.getDefaultInstance();
            if (i >= results.size()) {
                refused(app, Code.INTERNAL, AGAIN_MILLIS, 0);
            } else if (result.getCode() == Code.OK && result.getEndpointId() != app.endpointId()) {
                parts.events.onProblem(app + ": bound as endpoint " + Long.toHexString(result.getEndpointId())
                        + " (expected: " + Long.toHexString(app.endpointId()) + ", as the dispatcher has told)");
                renewRarely(app); // the credential is another endpoint's
            } else if (result.getCode() != Code.OK) {
                refused(app, result.getCode(), result.getRetryAfterMs(), result.getIncumbent());
            } else {
                bound(app, result);
            }
        }
    }

    private void bound(App app, BindResult result) {
        app.bound = true;
        app.epochRetried = false;
        app.unknownKeys = 0;
        adopt(app, result);
        parts.events.onBound(app, true);
    }

    private void adopt(App app, BindResult result) {
        try {
            bindings.inForce(app, result);
        } catch (IOException full) {
            parts.storeProblem(full);
        }
    }

    private void refused(App app, int code, long retryAfterMillis, long incumbent) {
        Refusal rule = Refusal.of(code, retryAfterMillis);
        parts.events.onProblem(app + ": refused with " + Code.name(code) + " (expected: OK)");
        long wait = rule.waitMillis();
        switch (rule.cure()) {
            case RENEW :
                renew(app);
                return;
            case RENEW_RARELY :
                renewRarely(app);
                return;
            case START_ANEW :
                app.uselessUntil = parts.now() + Refusal.FINAL_MILLIS;
                registrar.startAnew(app);
                return;
            case OVERTAKE :
                wait = overtake(app, incumbent) ? 0 : Refusal.REPLACED_MILLIS;
                break;
            case WAIT :
                if (code == Code.AUTH_UNKNOWN_KEY && ++app.unknownKeys >= UNKNOWN_KEYS) {
                    renew(app);
                    return;
                }
                wait = spread(Math.max(wait, AGAIN_MILLIS));
                break;
        }
        tryAgainAfter(app, wait);
    }

    private void renew(App app) {
        app.uselessUntil = parts.now() + Refusal.FINAL_MILLIS;
        registrar.renew(app);
    }

    private void renewRarely(App app) {
        app.uselessUntil = parts.now() + Refusal.FINAL_MILLIS;
        registrar.renewAfterAuth(app);
    }

    // Once: two phones with one identity would overtake each other for ever.
    private boolean overtake(App app, long incumbent) {
        if (app.epochRetried || incumbent <= 0) {
            app.epochRetried = false;
            return false;
        }
        app.epochRetried = true;
        try {
            bindings.above(app, incumbent);
            return true;
        } catch (IOException full) {
            parts.storeProblem(full);
            return false;
        }
    }

    private void tryAgainAfter(App app, long waitMillis) {
        long now = parts.now();
        app.refusedUntil = Math.max(app.refusedUntil, now + waitMillis); // a kick, whatever answers a BIND after it
        app.bindTimer.set(app.refusedUntil - now, changed);
    }

    // A phone whose last app waits has no other timer, and many may have been told the same time.
    private long spread(long waitMillis) {
        return waitMillis + (long) (random.nextDouble() * Math.max(1_000, waitMillis / 10));
    }

    private @Nullable App firstBindable() {
        for (App app : apps) {
            if (app.isBindable(parts.time, parts.now())) {
                return app;
            }
        }
        return null;
    }
}
