package io.longwire.center.send;

import io.longwire.center.CenterMetric;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.keeper.rpc.RpcFailure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Asks the savers what may be asked again: up to twice more, 50 and 200 ms later, when there was no answer or none
 * that counts. Then the caller is told UNAVAILABLE, and may send again with the same idempotency key. Thread-safe.
 */
final class Asking {
    static final Duration BUSY_RETRY = Duration.ofSeconds(1);
    private static final Duration[] RETRY_AFTER = {Duration.ofMillis(50), Duration.ofMillis(200)};

    private final Sender.Tools tools;

    Asking(Sender.Tools tools) {
        this.tools = tools;
    }

    /** @param unavailable whether an answer is none; it fails with {@link Refused} in the end, or as the call throws */
    <A> CompletableFuture<A> ask(Supplier<CompletableFuture<A>> call, Predicate<A> unavailable) {
        var asked = new Asked<>(call, unavailable);
        asked.guarded(asked::once);
        return asked.done;
    }

    private final class Asked<A> {
        private final Supplier<CompletableFuture<A>> call;
        private final Predicate<A> unavailable;
        private final CompletableFuture<A> done = new CompletableFuture<>();
        private int tries;

        Asked(Supplier<CompletableFuture<A>> call, Predicate<A> unavailable) {
            this.call = call;
            this.unavailable = unavailable;
        }

        void once() {
            call.get().whenComplete((answer, failure) -> guarded(() -> answered(answer, failure)));
        }

        // Whatever happens on the way, the future completes.
        void guarded(Runnable step) {
            try {
                step.run();
            } catch (RuntimeException refusedOrBug) {
                done.completeExceptionally(refusedOrBug);
            }
        }

        private void answered(@Nullable A answer, @Nullable Throwable failure) {
            if (answer != null) {
                if (unavailable.test(answer)) {
                    again("saver: the message could not be stored");
                } else {
                    done.complete(answer);
                }
            } else if (failure instanceof RpcFailure rpc) {
                failed(rpc);
            } else {
                done.completeExceptionally(failure == null ? new IllegalStateException("saver: no result") : failure);
            }
        }

        private void failed(RpcFailure rpc) {
            switch (rpc.kind()) {
                case QUEUE_FULL -> throw Refused.later(Why.BUSY, "saver: queue full (expected: room in it)",
                        BUSY_RETRY);
                case NO_TARGET, CLOSED -> throw unavailable("saver: none reachable (expected: a live one)");
                case DEADLINE, DISCONNECTED, REFUSED -> again("saver: no answer; the message may have been stored");
            }
        }

        private void again(String reason) {
            if (tries == RETRY_AFTER.length) {
                throw unavailable(reason);
            }
            tools.metrics().counter(CenterMetric.APPEND_RETRIES).increment();
            tools.clock().schedule(RETRY_AFTER[tries++], () -> guarded(this::once));
        }
    }

    static Refused unavailable(String detail) {
        return Refused.later(Why.UNAVAILABLE, detail, BUSY_RETRY);
    }
}
