package io.longwire.saver.due;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Finds an endpoint and tells its room to look into its inbox. */
public interface Reach {
    /** What came of it. */
    enum Outcome {
        /** Its room fetches, now or when the phone is back from a flash disconnect. */
        TOLD,
        /** Its room says that the app is not running: it will fetch when it runs. */
        NOT_READY,
        /** Every owner in the map says offline, each complete by flush: it will fetch when it comes. */
        OFFLINE,
        /** Nobody can say; look again later. */
        UNKNOWN;

        /** Nothing more to do until the endpoint itself comes. */
        public boolean isFinal() {
            return this == NOT_READY || this == OFFLINE;
        }
    }

    /** Never blocks, never fails, completes within two seconds. */
    CompletableFuture<Outcome> reach(long endpoint);

    /**
     * Ends the endpoint's session, if it has one: its phone is told SIGNED_OUT and the alias. Returns at once.
     *
     * @param lost whether it still has lost the alias; asked before each try
     */
    void signOut(long endpoint, String alias, Supplier<CompletableFuture<Boolean>> lost);
}
