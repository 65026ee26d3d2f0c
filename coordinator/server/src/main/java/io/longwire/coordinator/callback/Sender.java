package io.longwire.coordinator.callback;

import io.longwire.coordinator.CoordinatorMetric;
import io.longwire.coordinator.callback.Verdict.Again;
import io.longwire.coordinator.callback.Verdict.Done;
import io.longwire.coordinator.channel.ChannelName;
import io.longwire.coordinator.channel.ChannelStore.How;
import io.longwire.coordinator.channel.Channels;
import io.longwire.coordinator.channel.Given;
import io.longwire.coordinator.channel.Taker;
import io.longwire.coordinator.client.Partitions;
import io.longwire.keeper.log.FoldedLog;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.coordinator.Callback;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * One callback here: takes from its channel, a batch of a partition at a time, and sends each in a request.
 *
 * <p>Order: of a partition nothing is taken while a batch of it is under way or waits for its next attempt. A batch
 * that failed is given back to the channel at once, with nothing but this object holding the partition up: so its
 * events, the oldest of all, come first when the wait is over, here or at another coordinator.
 *
 * <p>A batch that failed is halved at each attempt, and each that is taken doubles the next: so the event that a
 * backend stumbles over is soon alone, and it alone uses up its attempts, also of a backend that is away for long.
 *
 * <p>Owned by the loop. Its bound: {@code concurrency} batches of 256 KB of events, by the size of those that came
 * before, so that only the first of large ones may have more (100 of 16 KiB, 1.6 MB). Their JSON takes 1.4 times as
 * much again. With events of 200 bytes both are 60 KB.
 */
final class Sender implements Taker {
    private static final Duration MARGIN = Duration.ofSeconds(15);
    private static final Duration SETTLE_AGAIN = Duration.ofMillis(500);
    private static final int MOST_BYTES = 256 << 10;
    private static final Duration MOST_REJECTED = Duration.ofSeconds(30);

    private final ChannelName name;
    private final AppGate gate;
    private final Tools tools;
    private final @Nullable Batch[] batches = new @Nullable Batch[Partitions.COUNT];
    private final int[] limits = new int[Partitions.COUNT];
    private final long[] held = new long[Partitions.COUNT]; // nanoseconds; 0 = not
    private Callback settings;
    private long allHeld;
    private int underWay;
    private int reserved;
    private int eventBytes;
    private boolean attached;
    private boolean gone;

    /**
     * What senders work with.
     *
     * @param config asked for each wait
     * @param wire sends batches
     * @param deleted told on the loop when a channel turned out to be there no more
     * @param observer of every request
     * @param log of trouble with backends
     */
    record Tools(Channels channels, Supplier<CallbackConfig> config, Wire wire, Deleted deleted,
            CallbackObserver observer,
            Metrics metrics, FoldedLog log) {
    }

    /** Sends a batch; the verdict comes on any thread, within its time-out. */
    interface Wire {
        CompletableFuture<Verdict> send(Callback callback, Batch batch);
    }

    /** Hears of channels that are there no more. */
    interface Deleted {
        void deleted(ChannelName name);
    }

    Sender(ChannelName name, Callback settings, AppGate gate, Tools tools) {
        this.name = name;
        this.settings = settings;
        this.gate = gate;
        this.tools = tools;
        Arrays.fill(limits, settings.getBatch());
    }

    Callback settings() {
        return settings;
    }

    AppGate gate() {
        return gate;
    }

    /** From the next batch on. */
    void settings(Callback changed) {
        settings = changed;
        Arrays.fill(limits, changed.getBatch());
        Arrays.fill(held, 0);
        allHeld = 0;
        refresh();
    }

    /** Begins to take. Fails as {@link Channels#attach} does. */
    CompletableFuture<Void> start(boolean make) {
        gate.senders().add(this);
        Channels channels = tools.channels;
        return (make ? channels.attach(name, this) : channels.attachThere(name, this)).thenRunAsync(() -> {
            attached = true;
            if (gone) {
                channels.detach(name, this);
            }
        }, channels.loop());
    }

    /** Takes nothing more; what is under way is given back, and finished if the backend takes it after all. */
    void stop() {
        if (gone) {
            return;
        }
        gone = true;
        gate.senders().remove(this);
        for (Batch batch : batches) {
            if (batch != null) {
                for (Given event : batch.events) {
                    settle(event, How.REQ, 0);
                }
            }
        }
        if (attached) {
            tools.channels.detach(name, this);
        }
    }

    /** There may be a place. */
    void refresh() {
        if (attached && !gone) {
            tools.channels.refresh(name);
        }
    }

    @Override
    public int credit() {
        return free() ? 1 : 0;
    }

    @Override
    public int share(int partition, int sharers) {
        long now = now();
        boolean waits = batches[partition] != null || (held[partition] != 0 && held[partition] - now > 0);
        return waits || !free() ? 0 : Math.min(Math.min(limits[partition], settings.getBatch()), fit());
    }

    @Override
    public int maxAttempts(int usual) {
        return settings.getMaxAttempts();
    }

    @Override
    public void promise(int events) {
        if (events > 0) {
            reserved++;
            gate.reserve();
        } else {
            reserved--;
            gate.unreserve();
        }
    }

    @Override
    public void take(Given event) {
        int partition = event.id().partition();
        Batch batch = batches[partition];
        if (batch == null) {
            long now = now();
            Batch made = new Batch(partition, gate.begin(now), now);
            underWay++;
            batches[partition] = made;
            batch = made;
            tools.channels.loop().execute(() -> send(made)); // when all of this page are in it
        }
        batch.add(event);
        gate.fill(event.value().length);
    }

    @Override
    public boolean gone() {
        return gone;
    }

    @Override
    public boolean poll() {
        return false;
    }

    @Override
    public Duration inFlight() {
        return Duration.ofMillis(settings.getTimeoutMs()).plus(MARGIN);
    }

    @Override
    public Duration leaves() {
        return inFlight();
    }

    @Override
    public void expire(long nowNanos) {
        // a request ends within its time-out, which is shorter
    }

    @Override
    public void end(boolean deleted) {
        stop();
        if (deleted) {
            tools.deleted.deleted(name);
        }
    }

    private boolean free() {
        long now = now();
        return !gone && (allHeld == 0 || allHeld - now <= 0) && underWay + reserved < settings.getConcurrency()
                && gate.free(now);
    }

    // How large events are is known by those before.
    private int fit() {
        return Math.max(1, MOST_BYTES / Math.max(1, eventBytes));
    }

    private void send(Batch batch) {
        int each = batch.bytes / batch.events.size();
        eventBytes = Math.max(each, (7 * eventBytes + each) / 8);
        if (gone) {
            gate.breaker().forget(batch.begun);
            release(batch, 0); // its events have been given back
            return;
        }
        Callback with = settings;
        tools.observer.began(name.app(), batch);
        tools.wire.send(with, batch).whenCompleteAsync((verdict, bug) -> {
            if (bug != null) {
                tools.log.error("a callback could not be sent", bug);
            }
            answered(batch, bug == null ? verdict : new Again(Reason.BUG, "", String.valueOf(bug.getMessage())));
        }, tools.channels.loop());
    }

    private void answered(Batch batch, Verdict verdict) {
        tools.metrics.timer(CoordinatorMetric.CALLBACK_TIME).record(Duration.ofNanos(now() - batch.sinceNanos));
        tools.observer.ended(name.app(), batch, ended(batch, verdict));
        int limit = limits[batch.partition];
        long waitMillis = 0;
        if (verdict instanceof Again again) {
            count(again.reason().label());
            waitMillis = waitMillis(batch, again);
            limits[batch.partition] = Math.max(1, Math.min(limit, batch.events.size()) / 2);
            judge(batch, again);
        } else {
            count("done");
            limits[batch.partition] = Math.min(limit * 2, settings.getBatch());
            if (gate.breaker().success(batch.begun)) {
                tools.log.warn("callbacks of app " + name.app() + ": its backend answers again", null);
            }
        }
        settle(batch, verdict, waitMillis);
    }

    private CallbackObserver.Ended ended(Batch batch, Verdict verdict) {
        CallbackObserver.Outcome outcome = switch (verdict) {
            case Done _ -> CallbackObserver.Outcome.TAKEN;
            case Again again when again.reason() == Reason.REJECTED -> CallbackObserver.Outcome.REJECTED;
            case Again again -> again.reason().breaks()
                    ? CallbackObserver.Outcome.FAILED
                    : CallbackObserver.Outcome.UNKNOWN;
        };
        long waited = batch.attempt() == 1
                ? Math.max(0, tools.channels.clock().wallMillis() - batch.events.getFirst().id().millis())
                : -1;
        return new CallbackObserver.Ended(outcome, now() - batch.sinceNanos, waited, batch.pushPace);
    }

    // A rejection is an answer: who gives one lives. What is our own fault says nothing.
    private void judge(Batch batch, Again again) {
        if (again.reason() == Reason.REJECTED) {
            gate.breaker().success(batch.begun);
            return;
        }
        if (!again.reason().breaks()) {
            gate.breaker().forget(batch.begun);
            return;
        }
        boolean opens = gate.breaker().failure(batch.begun, now());
        if (gate.breaker().state(now()) == Breaker.State.OPEN) {
            tools.channels.clock().schedule(Duration.ofNanos(gate.breaker().pause()).plusMillis(1),
                    () -> tools.channels.loop().execute(gate::refresh));
        }
        if (opens) {
            tools.metrics.counter(CoordinatorMetric.CALLBACK_BREAKS).increment();
            tools.log.warn("callbacks of app " + name.app() + ": its backend fails (" + again.reason().label() + ", "
                    + again.text() + ") and is left alone for " + gate.breaker().pause() / 1_000_000 + " ms", null);
        }
    }

    private long waitMillis(Batch batch, Again again) {
        CallbackConfig config = tools.config.get();
        Duration most = config.maxBackoff();
        if (again.reason() == Reason.REJECTED && most.compareTo(MOST_REJECTED) > 0) {
            most = MOST_REJECTED;
        }
        long asked = Waits.retryAfterMillis(again.retryAfter(), tools.channels.clock().wallMillis(),
                config.maxRetryAfter());
        if (asked > 0) {
            allHeld = now() + Duration.ofMillis(asked).toNanos();
        }
        return Math.max(asked, Waits.backoffMillis(batch.attempt(), config.backoff(), most));
    }

    // The store's answer is waited for: what comes next of the partition must not overtake what is given back. While
    // the store is away it has nothing to give either.
    private void settle(Batch batch, Verdict verdict, long waitMillis) {
        var all = new ArrayList<CompletableFuture<Boolean>>(batch.events.size());
        for (Given event : batch.events) {
            Long again = verdict instanceof Done done ? done.again().get(event.id().text()) : Long.valueOf(0);
            all.add(again == null ? settle(event, How.FIN, 0) : settle(event, How.REQ, again));
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).whenCompleteAsync((done, failure) -> {
            boolean inTime = now() - batch.sinceNanos < inFlight().toNanos();
            if (failure != null && inTime && !gone) {
                tools.channels.clock().schedule(SETTLE_AGAIN,
                        () -> tools.channels.loop().execute(() -> settle(batch, verdict, waitMillis)));
                return;
            }
            count(verdict, batch);
            release(batch, waitMillis);
        }, tools.channels.loop());
    }

    private CompletableFuture<Boolean> settle(Given event, How how, long millis) {
        return tools.channels.store().settle(name, event.id(), how, millis, how == How.FIN ? 0 : event.attempt());
    }

    private void release(Batch batch, long waitMillis) {
        int partition = batch.partition;
        batches[partition] = null;
        underWay--;
        held[partition] = waitMillis == 0 ? 0 : now() + Duration.ofMillis(waitMillis).toNanos();
        if (!gone) {
            tools.channels.landed(name, partition, this, batch.events.size());
            tools.channels.wake(name, partition, waitMillis == 0 ? 0 : waitMillis + 1);
        }
        gate.end(batch.bytes);
    }

    private void count(Verdict verdict, Batch batch) {
        int again = verdict instanceof Done done ? done.again().size() : batch.events.size();
        int requeued = Math.min(again, batch.events.size());
        tools.metrics.counter(CoordinatorMetric.REQUEUED).add(requeued);
        tools.metrics.counter(CoordinatorMetric.FINISHED).add(batch.events.size() - requeued);
    }

    private void count(String outcome) {
        tools.metrics.counter(CoordinatorMetric.CALLBACK_REQUESTS, "outcome", outcome).increment();
    }

    private long now() {
        return tools.channels.clock().nanos();
    }
}
