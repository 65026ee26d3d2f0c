package io.longwire.center.client.call;

import io.grpc.CallCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/**
 * Makes calls: with the key, a deadline a try and one in all, and again after a failure that will pass. Thread-safe,
 * never blocks. At close every call under way completes.
 */
public final class Calls implements AutoCloseable {
    private final Channels channels;
    private final CallCredentials key;
    private final RetryPolicy retries;
    private final Delays delays;
    private final DoubleSupplier random;

    Calls(List<ManagedChannel> channels, String key, RetryPolicy retries, Delays delays, DoubleSupplier random) {
        this.channels = new Channels(channels);
        this.key = new KeyCredentials(key);
        this.retries = retries;
        this.delays = delays;
        this.random = random;
    }

    /** @param channels one for each center; closed with this */
    public static Calls over(List<ManagedChannel> channels, String key, RetryPolicy retries) {
        return new Calls(channels, key, retries, new TimerThread(), () -> ThreadLocalRandom.current().nextDouble());
    }

    /** One call, within the total deadline. */
    public <Q, A> Answer<A> call(MethodDescriptor<Q, A> method, Q request, Repeat repeat) {
        return call(method, request, repeat, deadline());
    }

    /** One call of several that share a deadline. */
    public <Q, A> Answer<A> call(MethodDescriptor<Q, A> method, Q request, Repeat repeat, long deadlineNanos) {
        return call(method, request, repeat, deadlineNanos, retries.perTry());
    }

    /** One call that takes long: a try of it has all the time that the call has. */
    public <Q, A> Answer<A> slow(MethodDescriptor<Q, A> method, Q request) {
        return call(method, request, Repeat.ALWAYS, deadline(), retries.total());
    }

    private <Q, A> Answer<A> call(MethodDescriptor<Q, A> method, Q request, Repeat repeat, long deadlineNanos,
            Duration perTry) {
        var call = new RetriedCall<>(this, method, request, repeat, deadlineNanos, perTry.toNanos());
        call.run();
        return call.answer();
    }

    /** A call that tells how things go on until it is over; each answer as something else. */
    public <Q, R, A> Watch<A> watch(MethodDescriptor<Q, R> method, Q request, Function<R, A> as) {
        return Watch.start(this, method, request, as);
    }

    /** The total deadline of a call that begins now. */
    public long deadline() {
        return delays.nanos() + retries.total().toNanos();
    }

    /**
     * Runs the task after the pause that the failure asks for, or returns false: it is not worth it, or too late.
     *
     * @param tries how many there were
     */
    public boolean again(BackendException failure, Repeat repeat, int tries, long deadlineNanos, Runnable task) {
        if (channels.closed() || !RetryPolicy.worth(failure, repeat)) {
            return false;
        }
        Duration pause = retries.pause(failure, tries, random);
        if (delays.nanos() + pause.toNanos() - deadlineNanos >= 0) {
            return false;
        }
        delays.after(pause, task);
        return true;
    }

    /** Whether a call that failed so may be made again at all, time aside. */
    public boolean worth(BackendException failure, Repeat repeat) {
        return RetryPolicy.worth(failure, repeat);
    }

    /** Runs the task after a pause, at close at once. */
    public void after(Duration pause, Runnable task) {
        delays.after(pause, task);
    }

    /** Monotonic time. */
    public long nanos() {
        return delays.nanos();
    }

    /** No call is made any more. */
    public boolean closed() {
        return channels.closed();
    }

    CallCredentials key() {
        return key;
    }

    ManagedChannel channel() {
        return channels.next();
    }

    @Override
    public void close() {
        channels.close();
        delays.close();
    }
}
