package io.longwire.center.broadcast;

import io.longwire.center.access.FairBound;
import io.longwire.center.access.Scope;
import io.longwire.center.api.Call;
import io.longwire.center.api.Callers;
import io.longwire.center.api.Calls;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.center.BroadcastInfo;
import io.longwire.rpc.center.BroadcastName;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.jspecify.annotations.Nullable;

/**
 * Shows how far a broadcast is once a second until every room has walked or it is over. At most {@value #MOST} callers
 * watch here at once, one app's at most half of them. A look that no saver answers is left out. Thread-safe, never
 * blocks.
 */
public final class Watches {
    static final int MOST = 1_000;

    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Set<String> LAST = Set.of("walked", "cancelled", "ended");

    private final Callers callers;
    private final Broadcasts broadcasts;
    private final Clock clock;
    private final FairBound watching = new FairBound(MOST);

    public Watches(Callers callers, Broadcasts broadcasts, Clock clock) {
        this.callers = callers;
        this.broadcasts = broadcasts;
        this.clock = clock;
    }

    Runnable begin(Call call, BroadcastName request, Calls.Sink<BroadcastInfo> out) {
        var watch = new Watch(request.getBroadcastId(), out);
        callers.caller(call).thenCompose(caller -> watch.enter(caller.appOrAny(Scope.READ, 0)))
                .whenComplete((first, failure) -> watch.seen(first, failure, true));
        return watch::stop;
    }

    private final class Watch {
        private final String id;
        private final Calls.Sink<BroadcastInfo> out;
        private int app;
        private boolean inside; // guarded by this, as what follows
        private boolean over;

        Watch(String id, Calls.Sink<BroadcastInfo> out) {
            this.id = id;
            this.out = out;
        }

        synchronized CompletableFuture<BroadcastInfo> enter(int appId) {
            app = appId;
            if (!watching.enter(appId)) {
                throw Refused.later(Why.BUSY, "watches: " + watching.inside() + " under way (expected: fewer)",
                        Duration.ofSeconds(5));
            }
            inside = true;
            if (over) { // the caller left before it was in
                leave();
            }
            return broadcasts.get(appId, id);
        }

        void seen(@Nullable BroadcastInfo info, @Nullable Throwable failure, boolean first) {
            if (info != null) {
                out.next(info);
            }
            boolean last = info != null && LAST.contains(info.getState());
            if (last) {
                out.end();
            } else if (failure != null && (first || isRefusal(failure))) {
                out.fail(failure);
            }
            if (last || (failure != null && (first || isRefusal(failure)))) {
                stop();
            } else if (goesOn()) {
                clock.schedule(EVERY, () -> broadcasts.get(app, id)
                        .whenComplete((next, trouble) -> seen(next, trouble, false)));
            }
        }

        private synchronized boolean goesOn() {
            return !over;
        }

        synchronized void stop() {
            over = true;
            if (inside) {
                leave();
            }
        }

        private void leave() {
            inside = false;
            watching.leave(app);
        }
    }

    // Anything else is a store that does not answer: the next look may be answered.
    private static boolean isRefusal(Throwable failure) {
        return failure instanceof Refused
                || (failure instanceof CompletionException && failure.getCause() instanceof Refused);
    }
}
