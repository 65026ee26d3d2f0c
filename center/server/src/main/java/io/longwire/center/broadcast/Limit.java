package io.longwire.center.broadcast;

/**
 * How much of its pace a broadcast may have because of the product's own backend.
 *
 * @param share of what its operator gave it, above 0, at most 1
 * @param perSecond messages over all rooms, at most; 0 = no such limit
 * @param why of the share: errors, slow, queue; empty = it is whole
 */
record Limit(double share, double perSecond, String why) {
    /** As its operator says. */
    static final Limit NONE = new Limit(1, 0, "");

    boolean limits() {
        return share < 1 || perSecond > 0;
    }
}
