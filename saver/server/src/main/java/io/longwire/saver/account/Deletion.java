package io.longwire.saver.account;

import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.How;
import io.longwire.saver.end.Endings;
import io.longwire.saver.inbox.RedisNodes;
import io.longwire.saver.inbox.RedisSession;
import io.longwire.saver.inbox.SlotKeys;
import io.longwire.saver.ledger.BatchQueue;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.LiveList;
import io.longwire.saver.ledger.ReadLive;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.profile.Profiles;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Deletes endpoints: marked gone in the ledger, then in the slot's gone set, so that no append gets in any more; its
 * profile and aliases go, and every message that lives is ended DELETED. Repeated, it goes on where it stopped.
 */
public final class Deletion implements AutoCloseable {
    private static final BatchQueue.Limits LIMITS = new BatchQueue.Limits(1, 1_000, 64 << 20, Duration.ofMillis(1),
            Duration.ofMillis(2_000));

    private final Registration registration;
    private final Profiles profiles;
    private final ColdCalls calls;
    private final RedisNodes redis;
    private final SlotKeys slots;
    private final Endings endings;
    private final Shards.PerShard<Long, LiveList> live;

    public Deletion(Shards shards, Registration registration, Profiles profiles, ColdCalls calls, RedisNodes redis,
            SlotKeys slots, Endings endings) {
        this.registration = registration;
        this.profiles = profiles;
        this.calls = calls;
        this.redis = redis;
        this.slots = slots;
        this.endings = endings;
        this.live = shards.each(shard -> shard.queue("live-of-gone", new ReadLive(), LIMITS));
    }

    /** Answers the record as it is afterwards; ABSENT for an endpoint that is not the app's. */
    public CompletableFuture<EndpointRecord> delete(long endpoint, int app) {
        return delete(endpoint, app, Long.MAX_VALUE);
    }

    /** Deletes an endpoint that was not seen since then (unix ms); otherwise it stays ACTIVE. */
    CompletableFuture<EndpointRecord> delete(long endpoint, int app, long seenBefore) {
        return calls.call(() -> {
            EndpointRecord record = registration.markGone(endpoint, app, seenBefore);
            if (record.getState() == EndpointRecord.State.GONE) {
                profiles.forget(endpoint, record.getAppId());
            }
            return record;
        }).thenCompose(record -> record.getState() == EndpointRecord.State.GONE
                ? close(endpoint).thenApply(done -> record)
                : CompletableFuture.completedFuture(record));
    }

    private CompletableFuture<Void> close(long endpoint) {
        int slot = Slots.of(endpoint);
        RedisSession session = redis.session(slot);
        CompletableFuture<Long> told = session == null
                ? CompletableFuture.completedFuture(0L) // the repair of the slot fills the gone set
                : slots.addGone(session, slot, List.of(endpoint)).exceptionally(late -> 0L);
        return told.thenCompose(done -> live.submit(slot, endpoint)).thenCompose(list -> endings.endAll(endpoint,
                list.messages().stream().map(LiveList.Live::message).toList(), How.DELETED));
    }

    @Override
    public void close() {
        live.close();
    }
}
