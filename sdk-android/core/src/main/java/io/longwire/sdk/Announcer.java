package io.longwire.sdk;

import io.longwire.device.Code;
import io.longwire.sdk.loop.DaemonThreads;
import io.longwire.sdk.phone.App;
import io.longwire.sdk.phone.PhoneEvents;
import io.longwire.sdk.phone.PhoneStatus;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Carries what the phone says from its loop to the owner's listener, on a thread of its own, and marks it on the apps.
 * At most {@link #QUEUE} calls wait; newer ones are dropped then, but for results that somebody asked to hear, which
 * have {@link #RESULTS} places. What a listener throws is lost on purpose.
 */
final class Announcer implements PhoneEvents {
    static final int QUEUE = 1_000;
    static final int RESULTS = 16_000;

    private final ConnectionListener listener;
    private final Map<Integer, LongwireApp> apps = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(1, 1, 30, TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(QUEUE + RESULTS), new DaemonThreads("longwire-events"),
            new ThreadPoolExecutor.DiscardPolicy());
    private volatile boolean online;
    private volatile Runnable onOnline = () -> {
    };

    Announcer(ConnectionListener listener) {
        this.listener = listener;
        thread.allowCoreThreadTimeOut(true);
    }

    void add(LongwireApp app) {
        apps.put(app.appId(), app);
    }

    void remove(LongwireApp app) {
        apps.remove(app.appId());
    }

    boolean isOnline() { return online; }

    /** Has this run on the loop whenever a connection stands, in place of what was set before. */
    void onOnline(Runnable then) {
        onOnline = then;
    }

    void close() {
        thread.shutdown();
    }

    @Override
    public void onStatus(PhoneStatus status) {
        online = status.stage() == PhoneStatus.Stage.ONLINE;
        ConnectionStatus told = new ConnectionStatus(ConnectionStatus.State.valueOf(status.stage().name()),
                status.room(), status.reason(), status.resumed(), status.waitMillis());
        if (online) {
            onOnline.run();
        }
        tell(() -> listener.onStatus(told));
    }

    @Override
    public void onHeartbeat(long silenceMillis) {
        tell(() -> listener.onHeartbeat(silenceMillis));
    }

    @Override
    public void onEndpoint(App app, String endpoint) {
        LongwireApp known = of(app);
        if (known == null) {
            return;
        }
        boolean news = !endpoint.equals(known.endpoint());
        known.endpoint(endpoint);
        if (news) {
            tell(() -> listener.onEndpoint(known, endpoint));
        }
    }

    @Override
    public void onBound(App app, boolean bound) {
        LongwireApp known = of(app);
        if (known != null) {
            known.bound(bound);
        }
    }

    @Override
    public void onKicked(App app, int code, String reason, long retryAfterMillis) {
        LongwireApp known = of(app);
        if (known != null) {
            tell(() -> listener.onKicked(known, Code.name(code), reason, retryAfterMillis));
        }
    }

    @Override
    public void onProblem(String what) {
        tell(() -> listener.onProblem(what));
    }

    private void tell(Runnable call) {
        if (thread.getQueue().size() < QUEUE) {
            tellResult(call);
        }
    }

    /** Tells what became of something. */
    void tellResult(Runnable call) {
        thread.execute(() -> {
            try {
                call.run();
            } catch (RuntimeException bug) {
                // The listener is where problems are told; there is nobody left to tell this one.
                return;
            }
        });
    }

    private @Nullable LongwireApp of(App app) {
        return apps.get(app.appId());
    }
}
