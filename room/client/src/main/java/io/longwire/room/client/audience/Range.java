package io.longwire.room.client.audience;

import io.longwire.rpc.audience.Compare;

/**
 * Numbers between two bounds, one of which may be left out of it.
 *
 * @param least inclusive
 * @param most inclusive
 * @param except -1 = none
 */
record Range(long least, long most, long except) {
    static Range of(Compare compare) {
        long least = compare.hasGe() ? compare.getGe() : 0;
        long most = compare.hasLe() ? compare.getLe() : Long.MAX_VALUE;
        if (compare.hasGt()) {
            least = Math.max(least, compare.getGt() + 1);
        }
        if (compare.hasLt()) {
            most = Math.min(most, compare.getLt() - 1);
        }
        if (compare.hasEq()) {
            least = Math.max(least, compare.getEq());
            most = Math.min(most, compare.getEq());
        }
        return new Range(least, most, compare.hasNe() ? compare.getNe() : -1);
    }

    boolean holds(long value) {
        return value >= least && value <= most && value != except;
    }
}
