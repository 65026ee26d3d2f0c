package io.longwire.register.rpc;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.register.RegisterMetric;
import io.longwire.register.slots.Completeness;
import io.longwire.register.slots.OwnedSlot;
import io.longwire.register.slots.Ownership;
import io.longwire.register.table.SessionEntry;
import io.longwire.register.table.SessionTable;
import io.longwire.rpc.register.LookupBatch;
import io.longwire.rpc.register.LookupBatchReply;
import io.longwire.rpc.register.LookupResult;

/**
 * Answers lookups. An entry found is ONLINE whatever else we know; its absence is OFFLINE only for an owner that was
 * complete before it looked, by a map not older than the caller's, and that has not lost the slot since.
 * Thread-safe.
 */
final class Lookups {
    private final Cluster cluster;
    private final Clock clock;
    private final SessionTable table;
    private final Ownership ownership;
    private final Metrics.Counter online;
    private final Metrics.Counter offline;
    private final Metrics.Counter offlineByTime;
    private final Metrics.Counter unknown;

    Lookups(Cluster cluster, Clock clock, SessionTable table, Ownership ownership, Metrics metrics) {
        this.cluster = cluster;
        this.clock = clock;
        this.table = table;
        this.ownership = ownership;
        this.online = metrics.counter(RegisterMetric.LOOKUPS, "result", "online");
        this.offline = metrics.counter(RegisterMetric.LOOKUPS, "result", "offline");
        this.offlineByTime = metrics.counter(RegisterMetric.LOOKUPS, "result", "offline_by_time");
        this.unknown = metrics.counter(RegisterMetric.LOOKUPS, "result", "unknown");
    }

    LookupBatchReply answer(LookupBatch batch) {
        cluster.heard(batch.getStamp());
        var reply = LookupBatchReply.newBuilder().setBatchId(batch.getBatchId());
        var found = new SessionEntry();
        long now = clock.millis();
        boolean silent = cluster.fenced();
        boolean outdated = batch.getStamp().getMapEpoch() > ownership.epoch();
        for (int i = 0; i < batch.getEndpointIdsCount(); i++) {
            reply.addResults(silent
                    ? count(unknown, Answers.UNKNOWN)
                    : find(batch.getEndpointIds(i), found, now, outdated));
        }
        return reply.setStamp(cluster.stamp()).build();
    }

    private LookupResult find(long endpointId, SessionEntry found, long now, boolean outdated) {
        OwnedSlot owned = ownership.owned(Slots.of(endpointId));
        if (owned == null) {
            return count(unknown, Answers.UNKNOWN);
        }
        // Before the look: a room's last sessions may come, and complete the slot, after it.
        Completeness complete = owned.completeness(now);
        if (table.find(endpointId, found)) {
            return count(online, Answers.online(found));
        }
        if (outdated || complete == Completeness.NONE || !ownership.stillOwns(owned)) {
            return count(unknown, Answers.UNKNOWN);
        }
        return complete == Completeness.BY_FLUSH
                ? count(offline, Answers.OFFLINE_BY_FLUSH)
                : count(offlineByTime, Answers.OFFLINE_BY_TIME);
    }

    private static LookupResult count(Metrics.Counter counter, LookupResult result) {
        counter.increment();
        return result;
    }
}
