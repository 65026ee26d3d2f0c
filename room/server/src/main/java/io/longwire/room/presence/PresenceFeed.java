package io.longwire.room.presence;

import io.longwire.coordinator.client.Partitions;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Bound;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Metrics.Counter;
import io.longwire.register.client.RemovalListener;
import io.longwire.register.client.SessionListener;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.metric.Tagged;
import io.longwire.rpc.coordinator.PresenceChunk;
import io.longwire.rpc.coordinator.PresenceItem;
import io.longwire.rpc.coordinator.PresenceItem.Kind;
import io.longwire.rpc.coordinator.PresenceResult;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.MpscArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Tells coordinators what becomes of sessions (decision 19). Loops and the register's threads put events into one
 * bounded queue and go on; nothing here can hold up a login. Each 50 ms a thread of its own, {@code presence-feed},
 * puts them into lanes, one for each partition, and sends of each lane one chunk at a time: the next one after the
 * answer, the same one again while there is none. So the order of an endpoint's events is the order they were told in.
 *
 * <p>What would break it: an online that comes behind its own offline, since both have one conn_seq. A put's answers
 * and a removal's come on different threads; so before an online goes out the thread looks whether the session is
 * still in the room's book. It left the book before its removal was even asked for.
 *
 * <p>Bounds: the queue (65,536 events), the lanes (2,048 each), 200 events a chunk. Full: the lane's events are given
 * up, counted, and told as one RESYNC. After a new incarnation, or when ours was taken for dead, all sessions are told
 * again, slot by slot, as fast as the chunks are answered. While we are fenced nothing is sent.
 */
public final class PresenceFeed implements AutoCloseable {
    private static final int QUEUE = 65_536;
    private static final int CHUNK = 200;
    private static final Duration TICK = Duration.ofMillis(50);
    private static final long RETRY_NANOS = Duration.ofMillis(500).toNanos();
    private static final int MAX_DOUBLINGS = 3;

    private final SessionBook book;
    private final PresenceSink sink;
    private final Home home;
    private final Clock clock;
    private final WantedApps wanted;
    private final MpscArrayQueue<PresenceEvent> queue = new MpscArrayQueue<>(QUEUE);
    private final AtomicLong overflowed = new AtomicLong(); // a bit for each partition
    private final Lane[] lanes = new Lane[Partitions.COUNT];
    private final Executor thread;
    private final @Nullable ExecutorService owned;
    private final AtomicBoolean ticking = new AtomicBoolean();
    private final Clock.Cancellable ticks;
    private final Tagged<Kind> told;
    private final Counter lost;
    private final Counter failed;
    private final Counter elsewhere;
    private final Counter nowhere;
    private int via;

    /** Who the room is, and whether it may speak. Thread-safe. */
    public interface Home {
        int incarnation();

        /** Cut off from ZooKeeper: others may take it for dead. */
        boolean fenced();
    }

    public PresenceFeed(SessionBook book, PresenceSink sink, Home home, Clock clock, Metrics metrics) {
        this(book, sink, home, clock, metrics,
                Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("presence-feed").factory()));
    }

    /** @param thread runs one task at a time; for tests */
    public PresenceFeed(SessionBook book, PresenceSink sink, Home home, Clock clock, Metrics metrics, Executor thread) {
        this.book = book;
        this.sink = sink;
        this.home = home;
        this.clock = clock;
        this.wanted = new WantedApps(clock);
        this.thread = thread;
        this.owned = thread instanceof ExecutorService service ? service : null;
        this.told = new Tagged<>(metrics, RoomMetric.PRESENCE_TOLD, "kind", Kind.class);
        this.lost = metrics.counter(RoomMetric.PRESENCE_LOST);
        this.failed = metrics.counter(RoomMetric.PRESENCE_FAILED);
        this.elsewhere = metrics.counter(RoomMetric.SESSIONS_ENDED, "then", "elsewhere");
        this.nowhere = metrics.counter(RoomMetric.SESSIONS_ENDED, "then", "nowhere");
        this.via = home.incarnation();
        for (int p = 0; p < lanes.length; p++) {
            lanes[p] = new Lane(p);
        }
        metrics.gauge(RoomMetric.PRESENCE_WAITING, queue::size);
        metrics.bound(Bound.of(RoomMetric.PRESENCE_WAITING, QUEUE, RoomMetric.PRESENCE_LOST));
        this.ticks = clock.every(TICK, this::wake);
    }

    // ---- any thread

    /** Somebody takes a snapshot of the app: its events are told from now on, whatever was said before. */
    public void wanted(int appId) {
        wanted.wanted(appId);
    }

    /** The listener for a put of this session, which is in the book: the same one, where nobody wants to know. */
    public SessionListener watch(Arrival arrival, long endpointId, long connSeq, SessionListener listener) {
        if (!wanted.wants(arrival.appId())) {
            return listener;
        }
        var online = new PresenceEvent(Kind.ONLINE, arrival.appId(), endpointId, connSeq, clock.wallMillis(),
                arrival.network());
        if (arrival.first()) {
            tell(new PresenceEvent(Kind.INSTALLED, arrival.appId(), endpointId, connSeq, online.atMillis(), ""));
        }
        return new PutWatch(this, listener, online);
    }

    /** The listener for the removal of this session, which has left the book. */
    public RemovalListener watch(int appId, long endpointId, long connSeq) {
        if (appId == 0) {
            return RemovalListener.NOBODY;
        }
        boolean watched = wanted.wants(appId);
        long at = clock.wallMillis();
        return (removed, superseded, absent) -> {
            boolean offline = PresenceRules.isOffline(superseded);
            (offline ? nowhere : elsewhere).increment();
            if (offline && watched) {
                tell(new PresenceEvent(Kind.OFFLINE, appId, endpointId, connSeq, at, ""));
            }
        };
    }

    /** Something else became of an endpoint. */
    public void note(Kind kind, int appId, long endpointId, long connSeq, String network) {
        if (wanted.wants(appId)) {
            tell(new PresenceEvent(kind, appId, endpointId, connSeq, clock.wallMillis(), network));
        }
    }

    void tell(PresenceEvent event) {
        if (!queue.offer(event)) {
            lost.increment();
            long bit = 1L << Partitions.of(event.endpointId());
            overflowed.getAndAccumulate(bit, (bits, one) -> bits | one);
        }
    }

    private void wake() {
        if (ticking.compareAndSet(false, true)) {
            run(() -> {
                ticking.set(false);
                tick();
            });
        }
    }

    private void run(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException closed) {
            ticking.set(true); // the feed has ended: nothing is told any more
        }
    }

    // ---- the feed's thread

    private void tick() {
        if (via != home.incarnation()) {
            reincarnate();
        }
        gather();
        long now = clock.nanos();
        for (Lane lane : lanes) {
            pump(lane, now);
        }
    }

    private void gather() {
        long full = overflowed.getAndSet(0);
        for (PresenceEvent event = queue.relaxedPoll(); event != null; event = queue.relaxedPoll()) {
            if (!lanes[Partitions.of(event.endpointId())].add(event)) {
                lost.add(Lane.MOST_WAITING + 1);
            }
        }
        for (; full != 0; full &= full - 1) {
            Lane lane = lanes[Long.numberOfTrailingZeros(full)];
            lost.add(lane.waiting.size());
            lane.lose();
        }
    }

    private void reincarnate() {
        via = home.incarnation();
        for (Lane lane : lanes) {
            if (lane.underWay != null) {
                lane.lost = true; // what was under way may be refused: it is of a dead incarnation
                abandon(lane);
            }
            lane.revive = false;
            lane.restate();
        }
    }

    private void pump(Lane lane, long now) {
        if (lane.inFlight || lane.idle() || now - lane.notBeforeNanos < 0 || home.fenced()) {
            return;
        }
        PresenceChunk chunk = lane.underWay == null ? chunk(lane) : lane.underWay;
        if (chunk == null) {
            return;
        }
        lane.underWay = chunk;
        lane.inFlight = true;
        lane.sentNanos = now;
        sink.tell(chunk).whenComplete((result, failure) -> run(() -> answered(lane, chunk, result)));
    }

    private @Nullable PresenceChunk chunk(Lane lane) {
        var chunk = PresenceChunk.newBuilder();
        if (lane.lost) {
            lane.lost = false;
            add(chunk, new PresenceEvent(Kind.RESYNC, 0, 0, 0, clock.wallMillis(), ""));
        }
        while (chunk.getItemsCount() < CHUNK && !lane.waiting.isEmpty()) {
            PresenceEvent event = lane.waiting.remove();
            boolean over = event.present() && !book.has(event.endpointId(), event.connSeq());
            if (!over && wanted.wants(event.appId())) {
                add(chunk, event);
            }
        }
        while (chunk.getItemsCount() < CHUNK && lane.restating()) {
            long at = clock.wallMillis();
            book.forEach(lane.restateNext(), (endpointId, connSeq, appId) -> {
                if (wanted.wants(appId)) {
                    add(chunk, new PresenceEvent(Kind.ONLINE, appId, endpointId, connSeq, at, ""));
                }
            });
        }
        return chunk.getItemsCount() == 0
                ? null
                : chunk.setVia(via).setPartition(lane.partition).setNumber(lane.nextNumber())
                        .setRevive(lane.revive).build();
    }

    private void add(PresenceChunk.Builder chunk, PresenceEvent event) {
        told.increment(event.kind());
        PresenceItem item = event.item();
        chunk.addItems(item);
    }

    /** @param result null = it is not known whether the chunk was kept */
    private void answered(Lane lane, PresenceChunk chunk, @Nullable PresenceResult result) {
        if (lane.underWay == null || lane.underWay.getNumber() != chunk.getNumber()) {
            return; // of an incarnation that is over
        }
        lane.inFlight = false;
        lane.failures = result == null || result.getCode() == PresenceResult.Code.UNAVAILABLE ? lane.failures : 0;
        PresenceResult.Code code = result == null ? PresenceResult.Code.UNAVAILABLE : result.getCode();
        switch (code) {
            case KEPT -> {
                lane.underWay = null;
                lane.revive = false;
                if (result != null) {
                    heed(chunk, result, lane.sentNanos);
                }
                pump(lane, clock.nanos());
            }
            case GONE -> {
                lane.lost = true;
                lane.revive = true;
                lane.restate();
                abandon(lane);
                lane.notBeforeNanos = clock.nanos() + RETRY_NANOS;
            }
            case REFUSED -> {
                lane.lost = true;
                abandon(lane);
                lane.notBeforeNanos = clock.nanos() + RETRY_NANOS;
            }
            case UNAVAILABLE, UNRECOGNIZED -> {
                failed.increment();
                chunk.getItemsList().forEach(item -> wanted.stillUnwanted(item.getAppId()));
                lane.waiting.removeIf(event -> wanted.stillUnwanted(event.appId()));
                lane.notBeforeNanos = clock.nanos() + (RETRY_NANOS << Math.min(lane.failures++, MAX_DOUBLINGS));
            }
        }
    }

    private void heed(PresenceChunk chunk, PresenceResult result, long sentNanos) {
        for (PresenceItem item : chunk.getItemsList()) {
            if (!result.getUnwantedAppsList().contains(item.getAppId())) {
                wanted.kept(item.getAppId());
            }
        }
        result.getUnwantedAppsList().forEach(app -> wanted.unwanted(app, sentNanos));
    }

    private void abandon(Lane lane) {
        PresenceChunk gone = lane.underWay;
        if (gone != null) {
            lost.add(gone.getItemsCount());
        }
        lane.underWay = null;
        lane.inFlight = false;
    }

    /** What was not told by now is not. */
    @Override
    public void close() {
        ticks.cancel();
        if (owned != null) {
            owned.shutdown();
        }
    }
}
