package io.longwire.coordinator.client.consume;

import java.time.Duration;

/** What is to become of an event. */
public sealed interface Verdict {
    /** Done: it never comes again in this channel. */
    Verdict FIN = new Fin();

    /** Not now: it comes again after the delay, up to an hour, with the next attempt. */
    static Verdict again(Duration delay) {
        return new Again(delay);
    }

    /** Nothing is said: it comes again when its time in flight is over. */
    Verdict LEAVE = new Leave();

    /** See {@link #FIN}. */
    record Fin() implements Verdict {
    }

    /** See {@link #again}. */
    record Again(Duration delay) implements Verdict {
    }

    /** See {@link #LEAVE}. */
    record Leave() implements Verdict {
    }
}
