package io.longwire.center.client.call;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a call keeps telling, until it is over. A connection that breaks, or says nothing for 15 s, is made again, as
 * long as center answers within the total deadline; what was told meanwhile is left out. Who reads slowly gets the
 * newest answers, and misses older ones. Read by one thread; closed by any.
 */
public final class Watch<A> implements Iterator<A>, AutoCloseable {
    private static final Duration SILENCE = Duration.ofSeconds(15);
    private static final int UNREAD = 64;

    private final Calls calls;
    private final Runnable dial;
    private final Deque<A> unread = new ArrayDeque<>();
    private @Nullable Attempt<?> current;
    private @Nullable BackendException failure;
    private boolean ended;
    private int tries;
    private long deadlineNanos;

    private <Q, R> Watch(Calls calls, MethodDescriptor<Q, R> method, Q request, Function<R, A> as) {
        this.calls = calls;
        this.dial = () -> dial(method, request, as);
    }

    static <Q, R, A> Watch<A> start(Calls calls, MethodDescriptor<Q, R> method, Q request, Function<R, A> as) {
        var watch = new Watch<A>(calls, method, request, as);
        watch.dial.run();
        return watch;
    }

    /**
     * Blocks until there is an answer, or the call is over. Throws {@link BackendException} when it failed for good,
     * with the code {@code interrupted} when the thread was interrupted.
     */
    @Override
    public synchronized boolean hasNext() {
        while (unread.isEmpty() && !ended) {
            try {
                wait();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                close();
                throw BackendException.noAnswer("interrupted", "interrupted while watching", stopped);
            }
        }
        if (unread.isEmpty() && failure != null) {
            throw failure;
        }
        return !unread.isEmpty();
    }

    @Override
    public synchronized A next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the call is over");
        }
        return unread.remove();
    }

    /** Ends it; what was told and not read yet can be read still. */
    @Override
    public void close() {
        Attempt<?> last;
        synchronized (this) {
            last = current;
            end(null);
        }
        if (last != null) {
            last.call.cancel("closed by the caller", null);
        }
    }

    private <Q, R> void dial(MethodDescriptor<Q, R> method, Q request, Function<R, A> as) {
        Attempt<R> attempt;
        ClientCall<Q, R> call;
        synchronized (this) {
            if (ended) {
                return;
            }
            if (calls.closed()) {
                end(BackendException.noAnswer("closed", "the client was closed", null));
                return;
            }
            call = calls.channel().newCall(method, CallOptions.DEFAULT.withCallCredentials(calls.key()));
            attempt = new Attempt<>(call, as);
            current = attempt;
        }
        ClientCalls.asyncServerStreamingCall(call, request, attempt);
        listen(attempt);
    }

    private void listen(Attempt<?> attempt) {
        long heard = attempt.heard.get();
        calls.after(SILENCE, () -> {
            synchronized (this) {
                if (ended || current != attempt) {
                    return;
                }
            }
            if (calls.closed() || attempt.heard.get() == heard) {
                attempt.call.cancel("nothing heard", null);
                attempt.onError(Status.UNAVAILABLE.withDescription("nothing heard for " + SILENCE.toSeconds() + " s")
                        .asRuntimeException());
            } else {
                listen(attempt);
            }
        });
    }

    private synchronized void told(A answer) {
        if (unread.size() == UNREAD) {
            unread.remove();
        }
        unread.add(answer);
        tries = 0;
        notifyAll();
    }

    // The deadline is for getting an answer again.
    private synchronized void failed(Attempt<?> attempt, Throwable reason) {
        if (ended || current != attempt) {
            return;
        }
        current = null;
        if (tries++ == 0) {
            deadlineNanos = calls.deadline();
        }
        BackendException told = Failures.of(reason);
        if (!calls.again(told, Repeat.ALWAYS, tries, deadlineNanos, dial)) {
            end(told);
        }
    }

    private synchronized void end(@Nullable BackendException why) {
        if (!ended) {
            ended = true;
            failure = why;
            current = null;
            notifyAll();
        }
    }

    private final class Attempt<R> implements StreamObserver<R> {
        private final ClientCall<?, R> call;
        private final Function<R, A> as;
        private final AtomicLong heard = new AtomicLong();

        Attempt(ClientCall<?, R> call, Function<R, A> as) {
            this.call = call;
            this.as = as;
        }

        @Override
        public void onNext(R answer) {
            heard.incrementAndGet();
            told(as.apply(answer));
        }

        @Override
        public void onError(Throwable reason) {
            failed(this, reason);
        }

        @Override
        public void onCompleted() {
            end(null);
        }
    }
}
