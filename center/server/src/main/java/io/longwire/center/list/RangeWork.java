package io.longwire.center.list;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** What is done to one range of a list, step by step; one step at a time. */
interface RangeWork {
    /** What comes after a step. */
    enum Next {
        /** The next one. */
        ON,
        /** The same again, later: some endpoints could not be served. */
        WAIT,
        /** Nothing: the range is through. */
        DONE
    }

    /**
     * How far it is.
     *
     * @param cursor chunks that are through
     * @param failed by code, see docs/errors.md
     * @param behind endpoints that could not be served yet, and are tried again
     */
    record Counts(int cursor, long written, Map<Integer, Long> failed, long behind) {
        long visited() {
            return written + failed.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /**
     * The next step. It fails when it is to be tried again.
     *
     * @param goesOn whether anything more may be sent
     */
    CompletableFuture<Next> next(BooleanSupplier goesOn);

    Counts counts();

    /**
     * Whether a step is to be made although the broadcast is paused, and nothing may be sent: something is known now
     * that nobody could find out after a long pause.
     */
    default boolean unsettled() {
        return false;
    }
}
