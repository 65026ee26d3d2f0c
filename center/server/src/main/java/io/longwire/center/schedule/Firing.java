package io.longwire.center.schedule;

import io.longwire.center.CenterMetric;
import io.longwire.center.access.FairBound;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.rpc.center.CreateBroadcastRequest;
import io.longwire.rpc.center.SendReply;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.LeaseSchedulesRequest;
import io.longwire.rpc.saver.ListSchedulesReply;
import io.longwire.rpc.saver.Schedule;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fires what is due. Every center asks once a second for due schedules and gets a lease of 30 s on each, so one of
 * them has it; a page that came full is followed by the next one at once.
 *
 * <p>A fire is an ordinary send with the idempotency key {@code sched:<id>:<time>}, then a settle with the next
 * time. Who dies in between leaves the lease to run out; the next center sends again, is told that it is a
 * duplicate, and settles. The key is kept for 24 h, so a fire is never tried later than 23 h after its time. A
 * TRANSIENT message has no key: it is settled first, then sent, so it goes out once or not at all.
 *
 * <p>What is late, because nobody was there or the app's quota is used up, fires once if its message's ttl (and not
 * less than a minute) has not passed since its time; else it is settled as missed. A cron goes on with its next
 * time to come. At most {@value #MAX_FIRING} fire here at once, and one app gets no more than its share: the rest
 * keeps its lease and comes again. Works on the clock's thread and on those that bring answers; never blocks.
 */
public final class Firing implements AutoCloseable {
    static final int MAX_FIRING = 1_000;
    static final Duration LEASE = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(Firing.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int PAGE = 200;

    private final ScheduleStore store;
    private final Sends sends;
    private final BooleanSupplier cutOff;
    private final Tools tools;
    private final Metrics metrics;
    private final FairBound firing = new FairBound(MAX_FIRING);
    private final AtomicBoolean polling = new AtomicBoolean();
    private Clock.@Nullable Cancellable polls;
    private volatile boolean closed;

    /** What the runtime gives. */
    public record Tools(Clock clock, HaltPoints halts, Metrics metrics) {
    }

    /**
     * How a fire is sent.
     *
     * @param send an ordinary send, with its quota
     * @param broadcast an ordinary broadcast, with its quota; its id is the message_id of the answer
     */
    public record Sends(IntFunction<CompletableFuture<AppRecord>> apps,
            BiFunction<SendRequest, AppRecord, CompletableFuture<SendReply>> send,
            BiFunction<CreateBroadcastRequest, AppRecord, CompletableFuture<SendReply>> broadcast) {
    }

    /** @param cutOff whether this process mints no ids at the moment: then it leases nothing */
    public Firing(ScheduleStore store, Sends sends, BooleanSupplier cutOff, Tools tools) {
        this.store = store;
        this.sends = sends;
        this.cutOff = cutOff;
        this.tools = tools;
        this.metrics = tools.metrics();
        metrics.gauge(CenterMetric.SCHEDULES_FIRING, firing::inside);
    }

    /** Polls from now on, until it is closed. Once. */
    public Firing start() {
        polls = tools.clock().every(POLL, this::poll);
        return this;
    }

    /** Leases no more. What is under way settles, or leaves its lease to the others. */
    @Override
    public void close() {
        closed = true;
        if (polls != null) {
            polls.cancel();
        }
    }

    private void poll() {
        if (!closed && !cutOff.getAsBoolean() && polling.compareAndSet(false, true)) {
            try {
                lease();
            } catch (RuntimeException bug) {
                polling.set(false);
                throw bug;
            }
        }
    }

    private void lease() {
        int limit = Math.min(PAGE, MAX_FIRING - firing.inside());
        if (limit <= 0) {
            metrics.counter(CenterMetric.SCHEDULES_FULL).increment();
            polling.set(false);
            return;
        }
        store.leaseSchedules(LeaseSchedulesRequest.newBuilder().setNowMs(tools.clock().wallMillis())
                .setLeaseMs((int) LEASE.toMillis()).setLimit(limit).build())
                .whenComplete((due, failure) -> leased(due, limit));
    }

    // A failed lease is asked for again at the next poll.
    private void leased(@Nullable ListSchedulesReply due, int limit) {
        try {
            if (due != null) {
                due.getSchedulesList().forEach(this::fire);
            }
        } finally {
            polling.set(false);
        }
        if (due != null && due.getSchedulesCount() == limit) {
            poll();
        }
    }

    private void fire(Schedule schedule) {
        int app = schedule.getAppId();
        if (!firing.enter(app)) {
            metrics.counter(CenterMetric.SCHEDULES_FULL).increment();
            return;
        }
        Fire fire;
        try {
            fire = new Fire(store, sends, tools, schedule);
        } catch (RuntimeException unreadable) {
            firing.leave(app);
            LOG.error("app {}, schedule {}: cannot be fired", app, ScheduleText.text(schedule.getScheduleId()),
                    unreadable);
            return;
        }
        fire.run().whenComplete((nothing, failure) -> {
            firing.leave(app);
            if (failure != null) {
                LOG.error("app {}, schedule {}: a fire failed", app, ScheduleText.text(schedule.getScheduleId()),
                        failure);
            }
        });
    }
}
