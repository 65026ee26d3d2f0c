package io.longwire.sdk.phone;

import io.longwire.sdk.loop.Loop;
import io.longwire.sdk.policy.ServerTime;
import io.longwire.sdk.policy.Traffic;
import io.longwire.sdk.store.PhoneStore;
import io.longwire.sdk.transport.Dialer;
import java.io.IOException;

/** What the pieces of a phone stand on. Immutable. */
final class Parts {
    final Loop loop;
    final Dialer dialer;
    final DispatcherCalls calls;
    final PhoneStore store;
    final PhoneSettings settings;
    final ServerTime time;
    final PhoneEvents events;
    final Traffic traffic = new Traffic();

    Parts(Loop loop, Dialer dialer, DispatcherCalls calls, PhoneStore store, PhoneSettings settings, ServerTime time,
            PhoneEvents events) {
        this.loop = loop;
        this.dialer = dialer;
        this.calls = calls;
        this.store = store;
        this.settings = settings;
        this.time = time;
        this.events = events;
    }

    /** Milliseconds that only elapse. */
    long now() {
        return loop.clock().elapsedMillis();
    }

    /** Unix milliseconds by the phone's wall clock, which may jump. */
    long wallMillis() {
        return loop.clock().wallMillis();
    }

    /** Something could not be kept on the disk. */
    void storeProblem(IOException failure) {
        events.onProblem("store: " + failure.getMessage() + " (expected: room on the disk, and nobody else's hands)");
    }
}
