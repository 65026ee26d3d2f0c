package io.longwire.sdk.phone;

import io.longwire.device.dispatcher.RegisterEndpoint;
import io.longwire.device.dispatcher.RegisteredEndpoint;
import io.longwire.sdk.dispatcher.DispatcherFailure;
import io.longwire.sdk.policy.Network;
import io.longwire.sdk.policy.ReconnectPolicy;
import io.longwire.sdk.store.v1.EndpointState;
import java.io.IOException;
import java.util.Random;

/**
 * Keeps every app registered: at first, again when 2/3 of the credential's life are over, and when a room says so. The
 * same install always asks for the same endpoint, so asking twice does no harm. Belongs to the loop.
 */
final class Registrar {
    /** After AUTH a credential is renewed at most so often. */
    static final long AUTH_PAUSE_MILLIS = 600_000;
    /** After a refusal it is tried again so much later. */
    static final long REFUSED_MILLIS = 3_600_000;

    private static final long BASE_MILLIS = 1_000;
    private static final long CAP_MILLIS = 60_000;
    private static final long TIMER_MAX_MILLIS = 6 * 3_600_000L;
    private static final long HURRY_PAUSE_MILLIS = 30_000;

    /** Told, on the loop, that an app has an endpoint and a fresh credential. */
    interface Events {
        void onRegistered(App app);
    }

    private final Parts parts;
    private final Random random;
    private final Events events;
    private boolean reachable = true;
    private boolean validated = true;

    Registrar(Parts parts, Random random, Events events) {
        this.parts = parts;
        this.random = random;
        this.events = events;
    }

    /** The network there is: without one nothing is asked and no timer runs, without internet it is asked slowly. */
    void network(Network now) {
        reachable = !now.isNone();
        validated = now.isValidated();
    }

    boolean isReachable() { return reachable; }

    /** There is no network: what the app waits for passes without a timer. */
    void rest(App app) {
        app.registration.timer.cancel();
    }

    /** There is a network: what was due without one is done, what waits goes on waiting. */
    void resume(App app) {
        if (reachable && !app.registration.asking) {
            app.registration.timer.set(Math.max(0, app.registration.dueAt - parts.now()), () -> keep(app));
        }
    }

    /**
     * Another network, or the internet behind one: whoever could not be reached is asked soon, once in 30 s. What a
     * dispatcher said itself stands.
     */
    void hurry(App app) {
        App.Registration one = app.registration;
        long now = parts.now();
        if ((one.unreached || one.asking) && one.hurriedAt <= now) {
            one.hurriedAt = one.hurriedAt < 0 ? now : Math.max(now, one.hurriedAt + HURRY_PAUSE_MILLIS);
            one.dueAt = Math.min(one.dueAt, one.hurriedAt + (long) (random.nextDouble() * BASE_MILLIS));
            resume(app);
        }
    }

    /** Sees to it that the app has a credential, now and later. */
    void keep(App app) {
        EndpointState state = app.endpoint();
        long now = parts.time.nowMillis();
        if (app.registration.owed || !app.isRegistered(parts.time) || now >= state.getRenewAtMs()
                || !app.isKeyRegistered()) {
            ask(app);
        } else {
            again(app, Math.min(state.getRenewAtMs() - now, TIMER_MAX_MILLIS));
        }
    }

    /** A room did not take the credential for good; asks for another, at most every 10 minutes. */
    void renewAfterAuth(App app) {
        long now = parts.now();
        long last = app.registration.authRenewedAt;
        app.registration.owed = true;
        if (last < 0 || now - last >= AUTH_PAUSE_MILLIS) {
            app.registration.authRenewedAt = now;
            ask(app);
        } else {
            long next = last > now ? last : last + AUTH_PAUSE_MILLIS;
            app.registration.authRenewedAt = next;
            again(app, next - now);
        }
    }

    /** The credential is too old; asks for another at once. */
    void renew(App app) {
        app.registration.owed = true;
        ask(app);
    }

    /** The platform deleted the endpoint: a new install id, a new endpoint. */
    void startAnew(App app) {
        try {
            app.store().startAnew();
        } catch (IOException full) {
            parts.storeProblem(full);
        }
        ask(app);
    }

    /** The app goes. */
    void forget(App app) {
        app.registration.timer.cancel();
    }

    private void ask(App app) {
        app.registration.timer.cancel();
        if (!reachable) {
            app.registration.dueAt = parts.now(); // Phone resumes it when there is a network
        }
        if (app.registration.asking || !reachable) {
            return;
        }
        app.registration.asking = true;
        RegisterEndpoint install = RegisterEndpoint.newBuilder().setAppKey(app.key())
                .setInstallId(app.store().installId()).setPackageName(app.packageName())
                .setPayloadKey(app.payloads().key()).build();
        parts.calls.register(install, new DispatcherCalls.Answer<RegisteredEndpoint>() {
            @Override
            public void onAnswer(RegisteredEndpoint answer) {
                app.registration.asking = false;
                registered(app, answer);
            }

            @Override
            public void onFailure(DispatcherFailure failure) {
                app.registration.asking = false;
                failed(app, failure);
            }
        });
    }

    private void registered(App app, RegisteredEndpoint answer) {
        parts.time.told(answer.getServerTimeMs());
        long now = parts.time.nowMillis();
        long life = answer.getExpiresMs() <= now ? 0 : answer.getExpiresMs() - now; // below 0 it would overflow
        EndpointState old = app.endpoint();
        EndpointState.Builder state = old.getEndpointId() == answer.getEndpointId()
                ? old.toBuilder()
                : EndpointState.newBuilder().setConnSeqIssued(old.getConnSeqIssued());
        state.setEndpointId(answer.getEndpointId()).setEndpoint(answer.getEndpoint()).setAppId(answer.getAppId())
                .setCredential(answer.getCredential()).setExpiresMs(answer.getExpiresMs())
                .setRenewAtMs(now + life / 3 * 2).setPayloadKey(answer.getPayloadKey());
        try {
            app.store().keep(state.build());
        } catch (IOException full) {
            parts.storeProblem(full);
            again(app, backoff(app));
            return;
        }
        app.registration.owed = false;
        app.registration.unreached = false;
        if (life == 0) {
            again(app, backoff(app)); // it is over already, and will be the next time, mostly
        } else {
            app.registration.failures = 0;
            again(app, Math.min(Math.max(BASE_MILLIS, life / 3 * 2), TIMER_MAX_MILLIS));
        }
        events.onRegistered(app);
    }

    private void failed(App app, DispatcherFailure failure) {
        parts.events.onProblem(app + ": " + failure.getMessage());
        app.registration.unreached = failure.kind() == DispatcherFailure.Kind.UNREACHABLE;
        if (failure.kind() == DispatcherFailure.Kind.GONE) {
            startAnewLater(app);
            return;
        }
        long own = validated ? backoff(app) : Math.max(backoff(app), ReconnectPolicy.PORTAL_MILLIS);
        long wait = failure.kind() == DispatcherFailure.Kind.REFUSED ? REFUSED_MILLIS : own;
        again(app, Math.max(wait, Math.min(failure.retryAfterMillis(), REFUSED_MILLIS)));
    }

    // Not at once: a platform that calls every install gone must not be asked in a circle.
    private void startAnewLater(App app) {
        try {
            app.store().startAnew();
        } catch (IOException full) {
            parts.storeProblem(full);
        }
        again(app, backoff(app));
    }

    private void again(App app, long delayMillis) {
        app.registration.dueAt = parts.now() + delayMillis;
        resume(app);
    }

    private long backoff(App app) {
        int failures = Math.min(app.registration.failures++, 10);
        long top = Math.min(CAP_MILLIS, BASE_MILLIS << failures);
        return BASE_MILLIS / 2 + (long) (random.nextDouble() * top);
    }
}
