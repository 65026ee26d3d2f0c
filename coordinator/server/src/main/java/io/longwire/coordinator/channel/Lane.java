package io.longwire.coordinator.channel;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/** One partition of a channel here. Owned by the loop. */
final class Lane {
    final int partition;
    /** Of the lease; 0 = not held. */
    long epoch;
    /** A call for the lease is under way. */
    boolean leasing;
    /** Events are being asked for. */
    boolean asking;
    /** Completes, on the loop, when what was asked for last has been handed on. */
    CompletableFuture<?> given = CompletableFuture.completedFuture(null);
    /** It is not known what was given out last. Nothing more is before the lease is taken anew. */
    boolean unsure;
    /** There may be events to be given. */
    boolean hasMore;
    /** Another coordinator is to have it: nothing more is given out here. */
    boolean leaving;
    long leavingSince;
    /** Who has events of it in flight: the same one gets the next, so that order holds. */
    @Nullable
    Taker holder;
    int inFlight;
    /** When a look is planned; 0 = none is. */
    long lookAt;

    Lane(int partition) {
        this.partition = partition;
    }

    boolean hungry() {
        return epoch != 0 && !leaving && hasMore && !asking;
    }

    void lost() {
        epoch = 0;
        unsure = false;
        leaving = false;
    }
}
