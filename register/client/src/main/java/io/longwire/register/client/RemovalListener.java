package io.longwire.register.client;

/** What becomes of one removal. Called once, on any thread, when all owners have answered or will not; never blocks. */
@FunctionalInterface
public interface RemovalListener {
    /** For who does not want to know. */
    RemovalListener NOBODY = (removed, superseded, absent) -> {
    };

    /**
     * How many owners answered what; the others were silent, and their slot is flushed until they know.
     *
     * @param removed had this very session
     * @param superseded have a newer live session
     * @param absent have neither
     */
    void onRemoved(int removed, int superseded, int absent);
}
