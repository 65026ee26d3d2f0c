package io.longwire.register.rpc;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Slots;
import io.longwire.register.slots.OwnedSlot;
import io.longwire.register.slots.Ownership;
import io.longwire.register.slots.Rooms;
import io.longwire.register.table.SessionEntry;
import io.longwire.register.table.SessionTable;
import io.longwire.rpc.register.SessionBatch;
import io.longwire.rpc.register.SessionBatchReply;
import io.longwire.rpc.register.SessionChange;
import io.longwire.rpc.register.SessionResult;

/**
 * One room's ordered stream of changes. Used by one thread at a time.
 *
 * <p>Nothing is applied, and FENCED answered, while we are cut off from ZooKeeper and for a room that is dead to us
 * (it will come with a new incarnation). A flush counts only if it was begun by a map at least as new as the one
 * that gave us the slot: by an older one the room may have put sessions elsewhere in between.
 */
final class SessionStream {
    private static final long WANTED_EVERY_MILLIS = 1_000;
    private static final long WANTED_AFTER_MILLIS = 3_000;
    private static final int MAX_WANTED = 256;

    private final Cluster cluster;
    private final Clock clock;
    private final SessionTable table;
    private final Ownership ownership;
    private final Rooms rooms;
    private final SessionCounters counters;
    private final SlotFlushes flushes;
    private final SessionEntry other = new SessionEntry();
    private long nextWantedMillis;

    SessionStream(Cluster cluster, Clock clock, SessionTable table, Ownership ownership, Rooms rooms,
            SessionCounters counters) {
        this.cluster = cluster;
        this.clock = clock;
        this.table = table;
        this.ownership = ownership;
        this.rooms = rooms;
        this.counters = counters;
        this.flushes = new SlotFlushes(table);
        this.nextWantedMillis = clock.millis() + WANTED_AFTER_MILLIS;
    }

    SessionBatchReply apply(SessionBatch batch) {
        cluster.heard(batch.getStamp());
        int room = batch.getRoomIncarnation();
        long epoch = batch.getStamp().getMapEpoch();
        var reply = SessionBatchReply.newBuilder().setBatchId(batch.getBatchId());
        boolean fenced = cluster.fenced();
        if (fenced || !rooms.admit(room)) {
            (fenced ? counters.fenced : counters.deadRoom).add(batch.getChangesCount());
            for (int i = 0; i < batch.getChangesCount(); i++) {
                reply.addResults(Answers.FENCED);
            }
        } else {
            for (int i = 0; i < batch.getChangesCount(); i++) {
                reply.addResults(apply(batch.getChanges(i), room, epoch));
            }
            addWanted(reply, room);
        }
        return reply.setStamp(cluster.stamp()).build();
    }

    private SessionResult apply(SessionChange change, int room, long epoch) {
        return switch (change.getKind()) {
            case PUT -> put(change, room);
            case REMOVE -> remove(change, room);
            case FLUSH_BEGIN -> begin(slotOf(change), room, epoch);
            case FLUSH_END -> end(slotOf(change), room);
            case UNRECOGNIZED -> throw new IllegalArgumentException(
                    "kind: " + change.getKindValue() + " (expected: PUT, REMOVE, FLUSH_BEGIN or FLUSH_END)");
        };
    }

    private SessionResult put(SessionChange change, int room) {
        long endpointId = change.getEndpointId();
        OwnedSlot owned = ownership.owned(Slots.of(endpointId));
        if (owned == null) {
            return notOwner();
        }
        var outcome = table.put(endpointId, change.getConnSeq(), room, change.getHandle(), other);
        flushes.seen(owned.slot(), endpointId);
        if (!ownership.stillOwns(owned)) {
            return notOwner();
        }
        return switch (outcome) {
            case STORED -> {
                counters.stored.increment();
                yield Answers.STORED;
            }
            case DISPLACED -> {
                counters.displaced.increment();
                yield Answers.displaced(other);
            }
            case INCUMBENT -> {
                counters.incumbent.increment();
                yield Answers.incumbent(other);
            }
            case FULL -> {
                counters.full.increment();
                yield Answers.FULL;
            }
        };
    }

    private SessionResult remove(SessionChange change, int room) {
        OwnedSlot owned = ownership.owned(Slots.of(change.getEndpointId()));
        if (owned == null) {
            return notOwner();
        }
        return switch (table.remove(change.getEndpointId(), change.getConnSeq(), room)) {
            case REMOVED -> {
                counters.removed.increment();
                yield Answers.REMOVED;
            }
            case SUPERSEDED -> {
                counters.superseded.increment();
                yield Answers.SUPERSEDED;
            }
            case ABSENT -> {
                counters.absent.increment();
                yield Answers.ABSENT;
            }
        };
    }

    private SessionResult begin(int slot, int room, long epoch) {
        OwnedSlot owned = ownership.owned(slot);
        if (owned == null || epoch < owned.gainedEpoch()) {
            return notOwner();
        }
        flushes.begin(owned, room);
        return Answers.FLUSHED;
    }

    private SessionResult end(int slot, int room) {
        OwnedSlot owned = flushes.end(slot, room, counters.flushErased::increment);
        if (owned == null) {
            counters.fenced.increment();
            return Answers.FENCED;
        }
        if (!ownership.stillOwns(owned)) {
            return notOwner();
        }
        ownership.flushed(owned, room);
        counters.flushes.increment();
        return Answers.FLUSHED;
    }

    private SessionResult notOwner() {
        counters.notOwner.increment();
        return Answers.NOT_OWNER;
    }

    // A room that skipped an epoch does not see that we lost and regained a slot, nor that we forgot it as dead.
    private void addWanted(SessionBatchReply.Builder reply, int room) {
        long now = clock.millis();
        if (now - nextWantedMillis < 0) {
            return;
        }
        nextWantedMillis = now + WANTED_EVERY_MILLIS;
        for (int slot = 0; slot < Slots.COUNT && reply.getFlushWantedCount() < MAX_WANTED; slot++) {
            OwnedSlot owned = ownership.owned(slot);
            if (owned != null && owned.ageMillis(now) >= WANTED_AFTER_MILLIS && !owned.isFlushedBy(room)) {
                reply.addFlushWanted(slot);
            }
        }
    }

    private static int slotOf(SessionChange change) {
        if (change.getSlot() >= Slots.COUNT || change.getSlot() < 0) {
            throw new IllegalArgumentException("slot: " + change.getSlot() + " (expected: 0 to 4095)");
        }
        return change.getSlot();
    }
}
