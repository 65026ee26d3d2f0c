package io.longwire.center.send;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;

/**
 * Many steps, so many at a time: whichever is done begins the next one, so that one request never has more under way,
 * however many steps it is made of. The results are in the order of the steps. Thread-safe, never blocks.
 */
public final class Waves<A> {
    private final IntFunction<CompletableFuture<A>> step;
    private final AtomicReferenceArray<A> results;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger missing;
    private final CompletableFuture<List<A>> done = new CompletableFuture<>();

    private Waves(int count, IntFunction<CompletableFuture<A>> step) {
        this.step = step;
        this.results = new AtomicReferenceArray<>(count);
        this.missing = new AtomicInteger(count);
    }

    /** Fails with the first failure, and then begins no further step. */
    public static <A> CompletableFuture<List<A>> run(int count, int atOnce, IntFunction<CompletableFuture<A>> step) {
        if (count == 0) {
            return CompletableFuture.completedFuture(List.of());
        }
        var waves = new Waves<>(count, step);
        for (int i = 0; i < Math.min(count, atOnce); i++) {
            waves.goOn();
        }
        return waves.done;
    }

    // A step that is done at once is followed by the next in this loop, not deeper in the stack.
    private void goOn() {
        while (!done.isDone()) {
            int index = next.getAndIncrement();
            if (index >= results.length()) {
                return;
            }
            CompletableFuture<A> stepped;
            try {
                stepped = step.apply(index);
            } catch (RuntimeException failed) {
                done.completeExceptionally(failed);
                return;
            }
            if (!stepped.isDone()) {
                stepped.whenComplete((result, failure) -> {
                    finished(index, result, failure);
                    goOn();
                });
                return;
            }
            stepped.whenComplete((result, failure) -> finished(index, result, failure));
        }
    }

    private void finished(int index, A result, Throwable failure) {
        if (failure != null) {
            done.completeExceptionally(failure);
            return;
        }
        results.setRelease(index, result);
        if (missing.decrementAndGet() == 0) {
            var all = new ArrayList<A>(results.length());
            for (int i = 0; i < results.length(); i++) {
                all.add(results.getAcquire(i));
            }
            done.complete(all);
        }
    }
}
