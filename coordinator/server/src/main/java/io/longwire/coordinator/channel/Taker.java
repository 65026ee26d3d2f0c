package io.longwire.coordinator.channel;

import java.time.Duration;

/** Who takes events of a channel: a pull stream, or a poll. Called on the loop alone. */
public interface Taker {
    /** How many more it takes now, without those that were promised to it. */
    int credit();

    /** How many of this partition it takes now, when so many partitions may have some; 0 = none of this one. */
    default int share(int partition, int sharers) {
        return Math.max(1, credit() / sharers);
    }

    /** After how many attempts an event it has not finished becomes a dead letter. */
    default int maxAttempts(int usual) {
        return usual;
    }

    /** Promises it so many, or takes the promise back (negative). */
    void promise(int events);

    /** Takes one; it has promised to. */
    void take(Given event);

    /** It takes nothing more, not even what was promised. */
    boolean gone();

    /** Whether what it takes stays in the hands of a caller who may come back anywhere. */
    boolean poll();

    /** How long another coordinator waits for a partition because of what this one has of it in flight, at most. */
    default Duration leaves() {
        return Duration.ofSeconds(5);
    }

    /** How long it has for an event. */
    Duration inFlight();

    /** At times: what has been in flight for too long is no longer its own. */
    void expire(long nowNanos);

    /** The channel has been deleted, or this coordinator leaves. */
    void end(boolean deleted);
}
