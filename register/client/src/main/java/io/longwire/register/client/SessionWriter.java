package io.longwire.register.client;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.SlotMap;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.log.FoldedLog;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.rpc.register.SessionResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a room's sessions to both owners of each slot, and keeps writing until both have them.
 *
 * <p>A put or remove goes at once to the ordered stream of each owner. What an owner has not acknowledged within 2 s
 * makes (slot, owner) dirty; every second dirty slots go out whole, with the room's {@link SlotSessions} as the
 * truth, until acknowledged or until the owner has left the map. A slot that an owner gains by a new map is sent at
 * once: that is how a register is refilled. At its birth, and when it takes a new incarnation, a room sends every
 * slot, empty ones too, because an owner is complete only when every live room has flushed. Flushes go at no more
 * than 2,000 sessions in 10 ms and 2,000 unanswered per owner.
 *
 * <p>{@link #put} and {@link #remove} may be called from any thread, event loops included: they never block. All
 * calls for one session come from one thread. Everything is bounded: when the queue of a stream is full, the slot
 * becomes dirty instead. Memory at rest: 35 kB and 2 kB per owner.
 */
public final class SessionWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionWriter.class);
    private static final Duration TICK = Duration.ofMillis(10);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int SESSIONS_PER_TICK = 2_000;

    final Metrics.Counter putsOwed;
    final Metrics.Counter removesOwed;
    final Metrics.Counter owedOverflows;
    final Metrics.Counter flushesDone;
    final Metrics.Counter flushesFailed;
    private final Metrics.Counter flushedSessions;
    private final Metrics.Counter conflicts;
    private final Rpc rpc;
    private final Cluster cluster;
    private final Clock clock;
    private final SlotSessions sessions;
    private final Executor thread;
    private final @Nullable ExecutorService owned;
    private final FoldedLog failedVisits;
    private final AtomicIntegerArray removals = new AtomicIntegerArray(Slots.COUNT);
    private final AtomicInteger budget = new AtomicInteger(SESSIONS_PER_TICK);
    /** Slots with puts that were owed by nobody who is still there: the next flush fetches again. */
    private final SlotBits orphans = new SlotBits();
    private final Cluster.Subscription maps;
    private final Cluster.Subscription incarnations;
    private final Clock.Cancellable seconds;
    private volatile SessionRoutes routes;
    private volatile int previousIncarnation = -1;
    private volatile boolean closed;
    private boolean ticking;
    private int turn;

    /** Starts at once: the sessions may be asked for before this returns. */
    public SessionWriter(Rpc rpc, Cluster cluster, Clock clock, Metrics metrics, SlotSessions sessions) {
        this(rpc, cluster, clock, metrics, sessions,
                Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("register-writer").factory()));
    }

    /** @param thread runs one task at a time */
    SessionWriter(Rpc rpc, Cluster cluster, Clock clock, Metrics metrics, SlotSessions sessions, Executor thread) {
        this.rpc = rpc;
        this.cluster = cluster;
        this.clock = clock;
        this.sessions = sessions;
        this.failedVisits = new FoldedLog(LOG, clock);
        this.thread = thread;
        this.owned = thread instanceof ExecutorService service ? service : null;
        this.putsOwed = metrics.counter(RegisterClientMetric.PUTS_OWED);
        this.removesOwed = metrics.counter(RegisterClientMetric.REMOVES_OWED);
        this.owedOverflows = metrics.counter(RegisterClientMetric.OWED_OVERFLOWS);
        this.flushesDone = metrics.counter(RegisterClientMetric.FLUSHES, "result", "done");
        this.flushesFailed = metrics.counter(RegisterClientMetric.FLUSHES, "result", "failed");
        this.flushedSessions = metrics.counter(RegisterClientMetric.FLUSHED_SESSIONS);
        this.conflicts = metrics.counter(RegisterClientMetric.CONFLICTS);
        this.routes = SessionRoutes.none(cluster.self().index());
        metrics.gauge(RegisterClientMetric.DIRTY_SLOTS, this::dirtySlots);
        // A put right after this constructor must find the owners that are known already.
        route(cluster.registerMap(), routes.incarnation());
        this.maps = cluster.onRegisterMap(map -> run(() -> follow(map, routes.incarnation())));
        this.incarnations = cluster.onReincarnation(self -> run(() -> follow(cluster.registerMap(), self.index())));
        this.seconds = clock.every(SECOND, () -> run(this::secondPassed));
        run(() -> {
            follow(cluster.registerMap(), cluster.self().index());
            tick();
        });
    }

    /**
     * Registers a session at both owners of its slot. The session is in {@link SlotSessions} already.
     *
     * @param connSeq 1 to 2^48 - 1
     * @param executor one thread, usually the session's event loop, on which the listener is called
     */
    public void put(long endpointId, long connSeq, long handle, SessionListener listener, Executor executor) {
        var put = new PendingPut(endpointId, connSeq, listener, executor);
        int slot = slotOf(endpointId);
        SessionRoutes now = routes;
        SessionOwner first = now.owner(slot, 0);
        SessionOwner second = now.owner(slot, 1);
        put.askedOf((first == null ? 0 : 1) + (second == null ? 0 : 1));
        if (first == null && second == null) {
            orphans.set(slot);
            putsOwed.increment();
            put.failed();
            return;
        }
        if (first != null) {
            first.put(put, handle);
        }
        if (second != null) {
            second.put(put, handle);
        }
    }

    /**
     * Removes exactly this session at both owners, if it stands there; a newer one stays. Also for a session that
     * somebody asked for and that is not here. It is out of {@link SlotSessions} already.
     */
    public void remove(long endpointId, long connSeq) {
        remove(endpointId, connSeq, RemovalListener.NOBODY);
    }

    /**
     * The same, for who wants to know what the owners found.
     *
     * @param listener told once, on any thread, within the 2 s of a write
     */
    public void remove(long endpointId, long connSeq, RemovalListener listener) {
        int slot = slotOf(endpointId);
        removals.incrementAndGet(slot);
        SessionRoutes now = routes;
        SessionOwner first = now.owner(slot, 0);
        SessionOwner second = now.owner(slot, 1);
        var removal = new PendingRemoval(listener, (first == null ? 0 : 1) + (second == null ? 0 : 1));
        if (first != null) {
            first.remove(endpointId, connSeq, removal);
        }
        if (second != null) {
            second.remove(endpointId, connSeq, removal);
        }
    }

    /** Slots that an owner has not been sent whole since it should have been, summed over the owners. */
    public int dirtySlots() {
        int dirty = 0;
        for (SessionOwner owner : routes.owners()) {
            dirty += owner.dirtySlots();
        }
        return dirty;
    }

    /** What is not acknowledged by now stays so; the incarnation's death removes it from the register. */
    @Override
    public void close() {
        closed = true;
        seconds.cancel();
        maps.cancel();
        incarnations.cancel();
        routes.owners().forEach(SessionOwner::close);
        if (owned != null) {
            owned.shutdown();
        }
    }

    private void follow(SlotMap map, int incarnation) {
        if (incarnation != routes.incarnation() || map.epoch() > routes.map().epoch()) {
            route(map, incarnation);
            tick();
        }
    }

    // The order matters: a put that still read the older routes had its session in the list before the flush of a
    // gained slot visits it; one that reads the newer ones goes to the new owner itself.
    private void route(SlotMap map, int incarnation) {
        SessionRoutes old = routes;
        boolean reborn = incarnation != old.incarnation();
        if (reborn) {
            previousIncarnation = old.incarnation();
        }
        var owners = new HashMap<String, SessionOwner>();
        for (SlotMap.Owner member : map.members()) {
            SessionOwner known = reborn ? null : old.named(member.instance());
            owners.put(member.instance(), known != null ? known : open(member, incarnation));
        }
        SessionRoutes next = SessionRoutes.of(map, incarnation, owners);
        routes = next;
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            for (int rank = 0; rank < 2; rank++) {
                SessionOwner owner = next.owner(slot, rank);
                if (owner != null && (reborn || !old.owns(owner, slot))) {
                    owner.dirty(slot, true, reborn);
                }
            }
        }
        for (SessionOwner owner : old.owners()) {
            if (!next.owners().contains(owner)) {
                owner.close();
            }
        }
        adoptOrphans();
    }

    private SessionOwner open(SlotMap.Owner member, int incarnation) {
        var holder = new SessionOwner[1];
        var method = new SessionMethod(cluster, incarnation, () -> routes.map().epoch(), slot -> {
            SessionOwner wanting = holder[0];
            if (wanting != null && slot < Slots.COUNT && owns(wanting, slot)) {
                wanting.dirty(slot, false, false);
            }
        });
        var owner = new SessionOwner(member.instance(), this, rpc.stream(member.rpcAddress(), method), now());
        holder[0] = owner;
        return owner;
    }

    private void secondPassed() {
        adoptOrphans();
        for (SessionOwner owner : routes.owners()) {
            owner.secondPassed(now());
        }
        tick();
    }

    private void adoptOrphans() {
        SessionRoutes now = routes;
        for (int slot = orphans.next(0); slot >= 0; slot = orphans.next(slot + 1)) {
            SessionOwner first = now.owner(slot, 0);
            SessionOwner second = now.owner(slot, 1);
            if ((first != null || second != null) && orphans.take(slot)) {
                if (first != null) {
                    first.dirty(slot, true, true);
                }
                if (second != null) {
                    second.dirty(slot, true, true);
                }
            }
        }
    }

    // Runs every 10 ms while there is something to flush, and not at all otherwise.
    private void tick() {
        if (ticking || closed) {
            return;
        }
        budget.updateAndGet(left -> Math.min(SESSIONS_PER_TICK, left + SESSIONS_PER_TICK));
        boolean more = false;
        List<SessionOwner> owners = routes.owners();
        turn++;
        for (int i = 0; i < owners.size(); i++) {
            // Another one first each time: the first may use up the budget.
            SessionOwner owner = owners.get(Math.floorMod(turn + i, owners.size()));
            owner.pump(sessions, now());
            more |= owner.hasWork();
        }
        if (more) {
            ticking = true;
            clock.schedule(TICK, () -> run(() -> {
                ticking = false;
                tick();
            }));
        }
    }

    private void run(Runnable task) {
        if (!closed) {
            try {
                thread.execute(task);
            } catch (RejectedExecutionException closing) {
                LOG.debug("register writer: a task came after its end");
            }
        }
    }

    boolean mayFlush() {
        return budget.get() > 0;
    }

    void spend() {
        budget.decrementAndGet();
        flushedSessions.increment();
    }

    long now() {
        return clock.millis();
    }

    int removals(int slot) {
        return removals.get(slot);
    }

    boolean owns(SessionOwner owner, int slot) {
        return routes.owns(owner, slot);
    }

    /** What the owner says of a put; null if it has to be put again. */
    @Nullable
    PutResult answer(long connSeq, @Nullable SessionResult result) {
        PutResult answer = Changes.putResult(result);
        // The owner does not know yet that our earlier incarnation is dead: not an answer to act on.
        boolean ourself = answer instanceof PutResult.Incumbent(Session other) && other.connSeq() == connSeq
                && other.roomIncarnation() == previousIncarnation;
        return ourself ? null : answer;
    }

    void conflict(long endpointId, long connSeq, PutResult answer) {
        conflicts.increment();
        run(() -> sessions.conflict(endpointId, connSeq, answer));
    }

    void slotFlushed(int slot) {
        run(() -> sessions.slotFlushed(slot));
    }

    void visitFailed(int slot, RuntimeException bug) {
        failedVisits.error("slot " + slot + ": the room could not list its sessions; flushed again in a second", bug);
    }

    /** Something owed to an owner that has left the map. */
    void strayed(SessionOwner owner, int slot) {
        if (owner.isClosed()) {
            orphans.set(slot);
        }
    }

    static int slotOf(long endpointId) {
        return Slots.of(endpointId);
    }
}
