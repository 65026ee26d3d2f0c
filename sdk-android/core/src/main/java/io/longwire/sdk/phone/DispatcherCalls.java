package io.longwire.sdk.phone;

import io.longwire.device.dispatcher.PublishedShareList;
import io.longwire.device.dispatcher.RegisterEndpoint;
import io.longwire.device.dispatcher.RegisteredEndpoint;
import io.longwire.device.dispatcher.Rooms;
import io.longwire.sdk.dispatcher.Dispatcher;
import io.longwire.sdk.dispatcher.DispatcherFailure;
import io.longwire.sdk.loop.Loop;
import io.longwire.sdk.policy.Pace;
import java.util.concurrent.Executor;

/** Calls the dispatcher on a thread that may block, and brings the answers to the loop. Belongs to the loop. */
final class DispatcherCalls {
    /** An answer, or why there is none: exactly one of the two, on the loop. */
    interface Answer<T> {
        void onAnswer(T answer);

        void onFailure(DispatcherFailure failure);
    }

    private interface Call<T> {
        T run() throws DispatcherFailure;
    }

    private final Loop loop;
    private final Dispatcher dispatcher;
    private final Executor blocking;

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

    void shareList(String group, long above, Answer<PublishedShareList> then) {
        call(() -> dispatcher.shareList(group, above), then);
    }

    private <T> void call(Call<T> call, Answer<T> then) {
        blocking.execute(() -> {
            try {
                T answer = call.run();
                loop.execute(() -> then.onAnswer(answer));
            } catch (DispatcherFailure failure) {
                loop.execute(() -> then.onFailure(failure));
            } catch (RuntimeException bug) {
                loop.execute(() -> then.onFailure(new DispatcherFailure(DispatcherFailure.Kind.UNREACHABLE,
                        "dispatcher: " + bug + " (expected: an answer)", 0)));
            }
        });
    }
}
