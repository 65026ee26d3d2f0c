package io.longwire.keeper.rpc;

import java.util.function.ToLongFunction;

import org.jspecify.annotations.Nullable;

/**
 * How a caller spreads its items over the members of a part.
 *
 * @param key the key of an item for rendezvous hashing; null = round robin
 */
public record Balance<I>(@Nullable ToLongFunction<I> key) {
    public static <I> Balance<I> roundRobin() {
        return new Balance<>(null);
    }

    public static <I> Balance<I> byKey(ToLongFunction<I> key) {
        return new Balance<>(key);
    }
}
