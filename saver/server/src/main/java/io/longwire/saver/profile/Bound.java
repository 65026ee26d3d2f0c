package io.longwire.saver.profile;

import java.util.List;

/**
 * What became of the binding of an alias.
 *
 * @param lost the endpoints that have it no more
 */
record Bound(Result result, List<Long> lost) {
    /** Whether the endpoint has the alias now, or why not. */
    enum Result {
        DONE,
        /** It had it before. */
        HAD,
        /** It has as many endpoints as it may. */
        FULL,
        /** It is banned. */
        BANNED,
        /** Another endpoint has it and keeps it. */
        TAKEN,
        /** Another binding of it is under way. */
        BUSY
    }

    boolean refused() {
        return result != Result.DONE && result != Result.HAD;
    }

    static Bound of(Result result) {
        return new Bound(result, List.of());
    }
}
