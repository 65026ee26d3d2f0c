package io.longwire.saver;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** The results of many items as one answer, aligned with them. */
final class Gather {
    private Gather() {
    }

    /** Completes when all are done; fails when one fails, which is a bug: items answer their failures themselves. */
    static <I, R> CompletableFuture<List<R>> all(List<I> items, Function<I, CompletableFuture<R>> work) {
        var all = new CompletableFuture<List<R>>();
        int count = items.size();
        if (count == 0) {
            all.complete(List.of());
            return all;
        }
        @SuppressWarnings("unchecked") // filled with R only
        R[] results = (R[]) new Object[count];
        var left = new AtomicInteger(count);
        for (int i = 0; i < count; i++) {
            int at = i;
            work.apply(items.get(i)).whenComplete((result, failure) -> {
                if (failure != null) {
                    all.completeExceptionally(failure);
                    return;
                }
                results[at] = result;
                if (left.decrementAndGet() == 0) { // orders the writes of the others before it
                    all.complete(Arrays.asList(results));
                }
            });
        }
        return all;
    }
}
