package io.longwire.sdk.phone;

import io.longwire.device.dispatcher.PublishedShareList;
import io.longwire.device.dispatcher.RegisterEndpoint;
import io.longwire.device.dispatcher.RegisteredEndpoint;
import io.longwire.device.dispatcher.Rooms;
import io.longwire.sdk.dispatcher.Dispatcher;
import io.longwire.sdk.dispatcher.DispatcherFailure;
import io.longwire.sdk.loop.Loop;
import io.longwire.sdk.policy.Pace;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Calls the dispatcher on a thread that may block, and brings the answers to the loop. While one is awaited the phone
 * stays awake, a minute at most. Belongs to the loop.
 */
final class DispatcherCalls {
    /** An answer, or why there is none: exactly one of the two, on the loop. */
    interface Answer<T> {
        void onAnswer(T answer);

        void onFailure(DispatcherFailure failure);
    }

    private interface Call<T> {
        T run() throws DispatcherFailure;
    }

    /** By then every call has ended by its own time-outs; what ends the wait is the answer, or that nothing comes. */
    private static final long WAIT_MILLIS = 60_000;

    private final Loop loop;
    private final Dispatcher dispatcher;
    private final Executor blocking;
    private final Set<Loop.Timer> waits = new HashSet<>();

    DispatcherCalls(Loop loop, Dispatcher dispatcher, Executor blocking) {
        this.loop = loop;
        this.dispatcher = dispatcher;
        this.blocking = blocking;
    }

    /** Calls from now on go over a network of this pace. */
    void pace(Pace pace) {
        dispatcher.pace(pace);
    }

    void register(RegisterEndpoint install, Answer<RegisteredEndpoint> then) {
        call(() -> dispatcher.register(install), then);
    }

    void rooms(String endpoint, int attempt, Answer<Rooms> then) {
        call(() -> dispatcher.rooms(endpoint, attempt), then);
    }

    /** Nothing that is on its way is worth staying awake for: the network has gone, or the phone stops. */
    void dark() {
        for (Loop.Timer wait : waits) {
            wait.cancel();
        }
        waits.clear();
    }

    void shareList(String group, long above, Answer<PublishedShareList> then) {
        call(() -> dispatcher.shareList(group, above), then);
    }

    private <T> void call(Call<T> call, Answer<T> then) {
        Loop.Timer wait = loop.await(WAIT_MILLIS, () -> {
        });
        waits.add(wait);
        blocking.execute(() -> {
            try {
                T answer = call.run();
                ended(wait, () -> then.onAnswer(answer));
            } catch (DispatcherFailure failure) {
                ended(wait, () -> then.onFailure(failure));
            } catch (RuntimeException bug) {
                ended(wait, () -> then.onFailure(new DispatcherFailure(DispatcherFailure.Kind.UNREACHABLE,
                        "dispatcher: " + bug + " (expected: an answer)", 0)));
            }
        });
    }

    // What follows may wait for the network in its turn: only then is this wait over.
    private void ended(Loop.Timer wait, Runnable then) {
        loop.execute(() -> {
            try {
                then.run();
            } finally {
                wait.cancel();
                waits.remove(wait);
            }
        });
    }
}
