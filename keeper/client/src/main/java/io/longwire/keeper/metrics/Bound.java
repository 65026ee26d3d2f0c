package io.longwire.keeper.metrics;

import org.jspecify.annotations.Nullable;

/**
 * A queue, or a store, that holds so much at most.
 *
 * @param held a gauge of the service that says how much it holds; null = nothing counts it
 * @param hits a counter of the service that says what happened at the bound; null = nothing does
 * @param tag of the counter that is meant; empty = all of it
 */
public record Bound(@Nullable Metric held, long most, @Nullable Metric hits, String tag, String value) {
    /** A queue of this process. */
    public static Bound of(Metric held, long most, @Nullable Metric hits) {
        return new Bound(held, most, hits, "", "");
    }

    /** One that is there for each app, say, so that no gauge tells how full it is; what happened at all of them. */
    public static Bound ofEach(long most, Metric hits, String tag, String value) {
        return new Bound(null, most, hits, tag, value);
    }
}
