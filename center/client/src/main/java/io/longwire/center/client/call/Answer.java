package io.longwire.center.client.call;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/**
 * What a call will answer: a future that completes at the call's total deadline at the latest, with a value or a {@link
 * BackendException}. Who would rather wait says {@link #await()}. Its callbacks must not block: they run on the threads
 * that bring the answers.
 */
public final class Answer<T> extends CompletableFuture<T> {
    /** An answer that there is already. */
    public static <T> Answer<T> of(T value) {
        var answer = new Answer<T>();
        answer.complete(value);
        return answer;
    }

    /** A call that failed before it was made. */
    public static <T> Answer<T> failed(Throwable failure) {
        var answer = new Answer<T>();
        answer.completeExceptionally(failure);
        return answer;
    }

    /** Blocks until it is there. An interrupt gives the call up; what it did at the server, it did. */
    public T await() {
        try {
            return get();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            cancel(true);
            throw BackendException.noAnswer("interrupted", "interrupted while waiting for the answer", stopped);
        } catch (ExecutionException failed) {
            throw asThrown(failed.getCause() == null ? failed : failed.getCause());
        }
    }

    /** The same answer, seen as something else. */
    public <R> Answer<R> map(Function<? super T, ? extends R> as) {
        var mapped = new Answer<R>();
        whenComplete((value, failure) -> {
            if (failure != null) {
                mapped.completeExceptionally(cause(failure));
                return;
            }
            try {
                mapped.complete(as.apply(value));
            } catch (RuntimeException broken) {
                mapped.completeExceptionally(broken);
            }
        });
        mapped.whenComplete((value, failure) -> {
            if (mapped.isCancelled()) {
                cancel(true);
            }
        });
        return mapped;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new Answer<>();
    }

    static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static RuntimeException asThrown(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof BackendException ours) {
            ours.fillInStackTrace();
            return ours;
        }
        return cause instanceof RuntimeException other ? other : new CompletionException(cause);
    }
}
