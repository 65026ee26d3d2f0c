package io.longwire.saver.due;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.How;
import io.longwire.saver.end.Endings;
import io.longwire.saver.inbox.Inbox;
import io.longwire.saver.inbox.RedisNodes;
import io.longwire.saver.inbox.RedisSession;
import io.longwire.saver.inbox.SlotKeys;
import io.longwire.saver.watch.Rounds;
import io.longwire.saver.watch.SaverMetric;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Works the due sets of this saver's slots. An entry says: something was appended for this endpoint, look again at
 * that time. A look leases the entry first (score = now + backoff, 20 s doubling to 30 min, in one step with the
 * check that it is due), ends what has expired, then reaches for the endpoint; it removes the entry only if the
 * endpoint is for sure away (it will fetch when it comes) and the score is still the lease's: an append in between
 * has lowered it by 1 ms. An endpoint that fetches and acks leaves the set by the removal of its last message. Each
 * slot is looked at every 5 s, as many entries a round and looks at once as {@link DueConfig} says; what is more stays
 * due.
 */
public final class DueWorker implements AutoCloseable {
    private static final Duration LAP = Duration.ofSeconds(5);
    private static final Duration STEP = Duration.ofMillis(20);
    private static final long UNSURE = Long.MIN_VALUE;

    private final WorkedSlots worked;
    private final RedisNodes redis;
    private final SlotKeys slots;
    private final Inbox inbox;
    private final Endings endings;
    private final Reach reach;
    private final Supplier<DueConfig> config;
    private final Metrics metrics;
    private final AtomicInteger looks = new AtomicInteger();
    private final SlotLap lap = new SlotLap(LAP, STEP); // rounds never overlap

    /** @param config asked at each slot */
    public DueWorker(WorkedSlots worked, RedisNodes redis, Clock clock, Endings endings, Reach reach,
            Supplier<DueConfig> config, Metrics metrics) {
        this.worked = worked;
        this.redis = redis;
        this.slots = new SlotKeys(clock);
        this.inbox = new Inbox(clock);
        this.endings = endings;
        this.reach = reach;
        this.config = config;
        this.metrics = metrics;
    }

    /** Looks at all worked slots in 5 s, a few at a time. The caller closes it. */
    public Rounds start(Clock clock) {
        return new Rounds("due", clock, lap.period(), () -> lap.step(this::workIfMine), () -> { // Redis counts them
        });
    }

    private void workIfMine(int slot) {
        if (worked.has(slot)) {
            work(slot);
        }
    }

    /** Looks at everything that is due in a slot now. Never blocks; completes when all looks are done. */
    public CompletableFuture<Void> work(int slot) {
        RedisSession session = redis.session(slot);
        DueConfig bounds = config.get();
        if (session == null || looks.get() >= bounds.atOnce()) {
            return CompletableFuture.completedFuture(null);
        }
        return slots.due(session, slot, bounds.perSlot())
                .thenCompose(endpoints -> CompletableFuture.allOf(endpoints.stream()
                        .map(endpoint -> look(session, endpoint)).toArray(CompletableFuture[]::new)))
                .exceptionally(unanswered -> null);
    }

    private CompletableFuture<Void> look(RedisSession session, long endpoint) {
        looks.incrementAndGet();
        return inbox.lease(session, endpoint).exceptionally(unanswered -> UNSURE).thenCompose(score -> {
            if (score == 0) {
                return CompletableFuture.<Void>completedFuture(null); // another saver was first
            }
            if (score == UNSURE) { // perhaps leased: nobody else would look for so long
                return reach.reach(endpoint).thenCompose(outcome -> counted(outcome.name()));
            }
            return score < 0 ? counted("empty") : leased(session, endpoint, score);
        }).whenComplete((done, failure) -> looks.decrementAndGet()).exceptionally(unanswered -> null);
    }

    private CompletableFuture<Void> leased(RedisSession session, long endpoint, long score) {
        metrics.counter(SaverMetric.DUE_LEASED).increment();
        return inbox.fetch(session, endpoint, List.of(), 0, 0)
                .thenCompose(looked -> endings.collapse(endpoint, looked.collapsed())
                        .thenCompose(done -> endings.endAll(endpoint, looked.expired(), How.EXPIRED)))
                .handle((ended, unanswered) -> endpoint) // an inbox that does not answer is no reason not to reach
                .thenCompose(reach::reach)
                .thenCompose(outcome -> (outcome.isFinal()
                        ? inbox.settle(session, endpoint, score)
                        : CompletableFuture.completedFuture(0L)).thenCompose(settled -> counted(outcome.name())));
    }

    private CompletableFuture<Void> counted(String outcome) {
        metrics.counter(SaverMetric.DUE_OUTCOMES, "outcome", outcome).increment();
        return CompletableFuture.completedFuture(null);
    }

    /** Looks under way. */
    public int looks() {
        return looks.get();
    }

    @Override
    public void close() {
        worked.close();
    }
}
