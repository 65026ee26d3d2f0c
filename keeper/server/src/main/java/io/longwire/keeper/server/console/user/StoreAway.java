package io.longwire.keeper.server.console.user;

/** ZooKeeper did not answer in time; asking again later may help. */
public final class StoreAway extends RuntimeException {
    private static final long serialVersionUID = 1;

    private StoreAway(String message, Exception cause) {
        super(message, cause);
    }

    /** Wraps what Curator threw; keeps the interrupt of an interrupted caller. */
    public static StoreAway because(Exception failure) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return new StoreAway("zookeeper: " + failure.getMessage() + " (expected: an answer)", failure);
    }
}
