package io.longwire.sdk.android.service;

import io.longwire.sdk.ConnectionListener;
import io.longwire.sdk.ConnectionStatus;
import io.longwire.sdk.LongwireApp;

/** Keeps the promise of one call at a time, whichever of client and runtime has something to say. */
final class OneAtATime implements ConnectionListener {
    private final ConnectionListener listener;
    private final Runnable online;
    private final Object lock = new Object();

    /** @param online run when a connection stands, before the listener hears of it */
    OneAtATime(ConnectionListener listener, Runnable online) {
        this.listener = listener;
        this.online = online;
    }

    @Override
    public void onStatus(ConnectionStatus status) {
        if (status.state() == ConnectionStatus.State.ONLINE) {
            online.run();
        }
        synchronized (lock) {
            listener.onStatus(status);
        }
    }

    @Override
    public void onHeartbeat(long silenceMillis) {
        synchronized (lock) {
            listener.onHeartbeat(silenceMillis);
        }
    }

    @Override
    public void onEndpoint(LongwireApp app, String endpoint) {
        synchronized (lock) {
            listener.onEndpoint(app, endpoint);
        }
    }

    @Override
    public void onKicked(LongwireApp app, String code, String reason, long retryAfterMillis) {
        synchronized (lock) {
            listener.onKicked(app, code, reason, retryAfterMillis);
        }
    }

    @Override
    public void onProblem(String what) {
        synchronized (lock) {
            listener.onProblem(what);
        }
    }
}
