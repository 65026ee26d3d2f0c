package io.longwire.bench.load;

import java.util.concurrent.CompletableFuture;

/** Something that takes messages. Called by one thread; futures complete on any. */
public interface Target extends AutoCloseable {
    /**
     * Sends one call.
     *
     * @param endpoints whom to, as indexes into the endpoint file
     * @param run of the stamps
     * @param firstNumber of the first message; the others follow it
     * @param nanos when it was due
     * @return one outcome per message, {@link #ACCEPTED} or what went wrong
     */
    CompletableFuture<String[]> send(int[] endpoints, int run, long firstNumber, long nanos);

    /** The outcome of a message that was taken. */
    String ACCEPTED = "accepted";

    @Override
    default void close() {
        // most hold nothing of their own
    }
}
