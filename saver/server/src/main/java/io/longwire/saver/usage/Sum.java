package io.longwire.saver.usage;

/**
 * What waits for the endpoints of an app.
 *
 * @param countedAt unix ms of the last recount, 0 = never
 */
record Sum(long messages, long bytes, long countedAt) {
    static final Sum NONE = new Sum(0, 0, 0);
}
