package io.longwire.keeper.rpc;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.longwire.keeper.clock.Clock;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An ordered stream of batches to one process. Callers offer items to a bounded queue; everything else is owned by the
 * loop of the connection.
 *
 * <p>When to send: at once while nothing is in flight and few batches are sent (a lone call waits for nothing;
 * {@link Pacer} tells for many), as soon as a batch is full, and otherwise 2 ms after the first item that had to wait.
 * At most {@link BatchServer#MAX_IN_FLIGHT} batches are unanswered, and nothing is sent while gRPC is not ready; the
 * queue then fills and refuses.
 *
 * <p>Deadlines: items expire in the order they came, so one timer on the earliest of them serves all. An answer that
 * stays away for twice the deadline and a second means that the other side hangs: the stream is given up.
 *
 * <p>Breaks: what is in flight fails with DISCONNECTED; what is queued goes out on the next stream, unless the peer is
 * down, in which case it fails too. A stream that breaks without ever having answered is opened again after a growing
 * wait.
 *
 * <p>Memory: one {@link Pending} per item, one array and one list per batch, 300 B when idle.
 */
final class BatchStream<I, R, Q, A> implements BatchCall<I, R> {
    private static final Logger LOG = LoggerFactory.getLogger(BatchStream.class);
    private static final long GATHER_NANOS = 2_000_000L;
    private static final long FINEST_TIMER_NANOS = 5_000_000L;
    private static final long HOPELESS_NANOS = 1_000_000_000L;

    private final Peer peer;
    private final BatchMethod<I, R, Q, A> method;
    private final Clock clock;
    private final RpcCounters counters;
    private final Outcome<I, R> outcome;
    private final EventLoop loop;
    private final long deadlineNanos;
    private final StreamQueue<I, R> queue = new StreamQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Runnable wakeUp = this::onWake;
    private final Runnable gathered = this::onGathered;
    private final Consumer<Pending<I, R>> lateOnes = this::failLate;
    private volatile boolean closed;

    // Everything below belongs to the loop.
    private final Flights<I, R> inFlight = new Flights<>();
    private final Backoff backoff = new Backoff();
    private final Pacer pacer = new Pacer();
    private @Nullable ClientCall<Q, A> call;
    private long attempt;
    private long lastBatch;
    private long openAfter;
    private boolean waitsToOpen;
    private boolean ready;
    private boolean answeredOnce;
    private boolean gathering;
    private long gatherAt;
    private boolean gatherDue;
    private boolean timerSet;

    BatchStream(Peer peer, BatchMethod<I, R, Q, A> method, Clock clock, RpcCounters counters, Outcome<I, R> outcome) {
        this.peer = peer;
        this.method = method;
        this.clock = clock;
        this.counters = counters;
        this.outcome = outcome;
        this.loop = peer.loop;
        this.deadlineNanos = method.deadline().toNanos();
        this.openAfter = clock.nanos();
    }

    @Override
    public CompletableFuture<R> call(I item) {
        var pending = new Pending<I, R>(item, method.sizeOf(item), clock.nanos() + deadlineNanos);
        submit(pending);
        return pending;
    }

    /** As {@link #call}, for an item that has its promise and deadline already. */
    void submit(Pending<I, R> pending) {
        pending.with = this;
        if (closed) {
            fail(pending, RpcFailure.Kind.CLOSED);
        } else if (peer.down()) {
            fail(pending, RpcFailure.Kind.DISCONNECTED);
        } else {
            switch (queue.offer(pending)) {
                case FULL -> fail(pending, RpcFailure.Kind.QUEUE_FULL);
                case WAKE -> wake();
                case QUEUED -> {
                    if (closed) {
                        wake();
                    }
                }
            }
        }
    }

    @Override
    public int pending() {
        return queued() + inFlight();
    }

    int queued() {
        return queue.items();
    }

    int inFlight() {
        return inFlight.items();
    }

    @Override
    public void close() {
        if (ended.compareAndSet(false, true)) {
            closed = true;
            try {
                loop.execute(this::end);
            } catch (RejectedExecutionException loopHasEnded) {
                end();
            }
        }
    }

    private void wake() {
        if (!woken.get() && woken.compareAndSet(false, true)) {
            try {
                loop.execute(wakeUp);
            } catch (RejectedExecutionException loopHasEnded) {
                closed = true;
                failQueued(RpcFailure.Kind.CLOSED);
            }
        }
    }

    private void onWake() {
        woken.set(false);
        step();
    }

    private void onGathered() {
        gathering = false;
        gatherDue = true;
        step();
    }

    // Sends what may be sent now and sees to it that somebody comes back for the rest.
    private void step() {
        if (closed) {
            failQueued(RpcFailure.Kind.CLOSED);
            return;
        }
        if (queue.isEmpty()) {
            return;
        }
        setTimer();
        if (call == null) {
            open();
        }
        while (ready && call != null && call.isReady() && inFlight.size() < BatchServer.MAX_IN_FLIGHT) {
            if (queue.isEmpty()) {
                return;
            }
            long pause = gatherDue || queue.fillsBatch() ? 0 : pause();
            if (pause > 0 || !send(call)) {
                gather(Math.max(pause, Pacer.INTERVAL_NANOS / 2));
                return;
            }
        }
    }

    private long pause() {
        return inFlight.isEmpty() ? pacer.pause(clock.nanos()) : GATHER_NANOS;
    }

    private void gather(long nanos) {
        long at = clock.nanos() + nanos;
        if (!gathering || gatherAt - at > Pacer.INTERVAL_NANOS / 4) {
            gathering = true;
            gatherAt = at;
            loop.schedule(gathered, nanos, TimeUnit.NANOSECONDS);
        }
    }

    // False if nothing could be taken: a producer has counted its item and is about to offer it.
    private boolean send(ClientCall<Q, A> open) {
        gatherDue = false;
        long now = clock.nanos();
        long untilFirst = deadlineNanos;
        int expected = Math.min(queue.items(), StreamQueue.BATCH_ITEMS);
        var items = new ArrayList<I>(expected);
        var batch = new ArrayList<Pending<I, R>>(expected);
        boolean took = false;
        for (int bytes = 0; items.size() < StreamQueue.BATCH_ITEMS;) {
            Pending<I, R> next = queue.peek();
            if (next == null || (bytes > 0 && bytes + next.bytes > StreamQueue.BATCH_BYTES)) {
                break;
            }
            queue.take(next);
            took = true;
            long left = next.deadline - now;
            if (left <= 0) {
                fail(next, RpcFailure.Kind.DEADLINE);
            } else if (!next.isDone()) {
                untilFirst = Math.min(untilFirst, left);
                bytes += next.bytes;
                items.add(next.item);
                batch.add(next);
            }
        }
        if (!items.isEmpty()) {
            long hopeless = now + 2 * deadlineNanos + HOPELESS_NANOS;
            pacer.sent(now, items.size());
            dispatch(open, items, new InFlight<>(++lastBatch, array(batch), now + untilFirst, hopeless));
        }
        return took;
    }

    private void dispatch(ClientCall<Q, A> open, List<I> items, InFlight<I, R> batch) {
        inFlight.add(batch);
        counters.batches.increment();
        counters.items.add(items.size());
        try {
            open.sendMessage(method.batch(batch.id, items));
        } catch (RuntimeException broken) {
            LOG.error("{} to {}: a batch could not be sent", name(), peer.address, broken);
            giveUp(RpcFailure.Kind.REFUSED);
        }
    }

    private void open() {
        long wait = openAfter - clock.nanos();
        if (wait > 0) {
            if (!waitsToOpen) {
                waitsToOpen = true;
                loop.schedule(this::onWaited, wait, TimeUnit.NANOSECONDS);
            }
            return;
        }
        long mine = ++attempt;
        ready = false;
        answeredOnce = false;
        ClientCall<Q, A> opened = peer.open(method.method());
        call = opened;
        opened.start(new Events(mine), new Metadata());
        if (attempt == mine && call != null) {
            opened.request(Integer.MAX_VALUE);
        }
    }

    private void onWaited() {
        waitsToOpen = false;
        step();
    }

    private void onReady(long from) {
        if (from == attempt && call != null) {
            ready = true;
            step();
        }
    }

    private void onReply(long from, A reply) {
        if (from != attempt || call == null) {
            return;
        }
        InFlight<I, R> batch = inFlight.oldest();
        if (batch == null || batch.id != method.batchId(reply)) {
            LOG.error("{} to {}: reply to batch {} (expected: replies in order)", name(), peer.address,
                    method.batchId(reply));
            giveUp(RpcFailure.Kind.REFUSED);
            return;
        }
        inFlight.removeOldest();
        answeredOnce = true;
        backoff.reset();
        List<R> results = method.results(reply);
        if (results.size() == batch.items.length) {
            outcome.answered();
            for (int i = 0; i < batch.items.length; i++) {
                batch.items[i].complete(results.get(i));
            }
        } else {
            LOG.error("{} to {}: {} results (expected: {})", name(), peer.address, results.size(),
                    batch.items.length);
            failAll(batch, RpcFailure.Kind.REFUSED);
        }
        step();
    }

    private void onClosed(long from, Status status) {
        if (from != attempt || call == null) {
            return;
        }
        boolean wasReady = ready;
        LOG.debug("{} to {} broke: {}", name(), peer.address, status);
        boolean refused = switch (status.getCode()) {
            case UNAVAILABLE, CANCELLED, UNKNOWN, OK -> false;
            default -> true;
        };
        lose(refused ? RpcFailure.Kind.REFUSED : RpcFailure.Kind.DISCONNECTED);
        if (!wasReady) {
            failQueued(RpcFailure.Kind.DISCONNECTED);
        }
        step();
    }

    // The stream is of no use any more though gRPC has not noticed.
    private void giveUp(RpcFailure.Kind kind) {
        ClientCall<Q, A> useless = call;
        if (useless != null) {
            lose(kind);
            useless.cancel("given up", null);
            step();
        }
    }

    // The first batch is the one the other side was on; the ones behind it share its stream, not its fault.
    private void lose(RpcFailure.Kind first) {
        counters.streamBreaks.increment();
        call = null;
        ready = false;
        openAfter = clock.nanos() + (answeredOnce ? 0 : backoff.nextNanos());
        RpcFailure.Kind kind = first;
        for (InFlight<I, R> batch : inFlight.drain()) {
            failAll(batch, kind);
            kind = RpcFailure.Kind.DISCONNECTED;
        }
    }

    private void setTimer() {
        if (!timerSet) {
            long now = clock.nanos();
            Pending<I, R> oldest = queue.peek();
            long bound = oldest == null ? deadlineNanos : Math.min(deadlineNanos, oldest.deadline - now);
            long wait = Math.max(inFlight.untilDue(now, bound), FINEST_TIMER_NANOS);
            timerSet = true;
            clock.schedule(Duration.ofNanos(wait), () -> onLoop(this::onTimer));
        }
    }

    private void onTimer() {
        timerSet = false;
        long now = clock.nanos();
        inFlight.expire(now, lateOnes);
        for (Pending<I, R> p = queue.peek(); p != null && (p.isDone() || p.deadline - now <= 0); p = queue.peek()) {
            queue.take(p);
            fail(p, RpcFailure.Kind.DEADLINE);
        }
        InFlight<I, R> oldest = inFlight.oldest();
        if (oldest != null && oldest.hopeless - now <= 0) {
            giveUp(RpcFailure.Kind.DISCONNECTED);
        }
        if (!inFlight.isEmpty() || !queue.isEmpty()) {
            setTimer();
        }
    }

    private void failLate(Pending<I, R> pending) {
        fail(pending, RpcFailure.Kind.DEADLINE);
    }

    private void failAll(InFlight<I, R> batch, RpcFailure.Kind kind) {
        var failure = new RpcFailure(kind, told(kind));
        for (Pending<I, R> pending : batch.items) {
            fail(pending, failure);
        }
    }

    private void failQueued(RpcFailure.Kind kind) {
        for (Pending<I, R> p = queue.peek(); p != null; p = queue.peek()) {
            queue.take(p);
            fail(p, kind);
        }
    }

    private void fail(Pending<I, R> pending, RpcFailure.Kind kind) {
        fail(pending, new RpcFailure(kind, told(kind)));
    }

    private void fail(Pending<I, R> pending, RpcFailure failure) {
        if (!pending.isDone() && pending.with == this) {
            counters.failed(failure.kind());
            if (!outcome.failed(pending, failure)) {
                pending.completeExceptionally(failure);
            }
        }
    }

    private String name() {
        return method.method().getFullMethodName();
    }

    private String told(RpcFailure.Kind kind) {
        return name() + " to " + peer.address + ": " + kind;
    }

    private void end() {
        ClientCall<Q, A> open = call;
        call = null;
        ready = false;
        inFlight.drain().forEach(batch -> failAll(batch, RpcFailure.Kind.CLOSED));
        failQueued(RpcFailure.Kind.CLOSED);
        if (open != null) {
            open.cancel("closed", null);
        }
        counters.closed(this);
        peer.release();
    }

    private void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else if (!loop.isShuttingDown()) {
            loop.execute(task);
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array made for exactly this list
    private static <I, R> Pending<I, R>[] array(List<Pending<I, R>> batch) {
        return batch.toArray(new Pending[0]);
    }

    /** What gRPC tells of one attempt; it usually comes on the loop already. */
    private final class Events extends ClientCall.Listener<A> {
        private final long mine;

        Events(long mine) {
            this.mine = mine;
        }

        @Override
        public void onReady() {
            onLoop(() -> BatchStream.this.onReady(mine));
        }

        @Override
        public void onMessage(A reply) {
            onLoop(() -> onReply(mine, reply));
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            onLoop(() -> onClosed(mine, status));
        }
    }
}
