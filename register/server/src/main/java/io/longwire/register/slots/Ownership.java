package io.longwire.register.slots;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.SlotMap;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.config.Live;
import io.longwire.register.table.SessionTable;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/**
 * Which slots are ours by the newest map, and how complete each is.
 *
 * <p>A reader takes {@link #owned} before it looks into the table and asks {@link #stillOwns} after: the object is
 * another one after every gain, so a slot lost, cleared and gained in between is noticed. A slot is cleared before
 * it is gained and, by the sweeper, after it was lost.
 *
 * <p>Complete by flush = every live room has flushed the slot since we got it. A room that starts later owes a flush
 * too, an empty one: until then nobody knows that it routes by a map in which the slot is ours. It flushes
 * everything at its birth, so this takes it a second or two, during which the slot is complete by time at most.
 */
public final class Ownership implements Rooms.Listener {
    private final Cluster cluster;
    private final SessionTable table;
    private final Rooms rooms;
    private final Clock clock;
    private final Live<Duration> completeAfter;
    private final AtomicReferenceArray<@Nullable OwnedSlot> slots = new AtomicReferenceArray<>(Slots.COUNT);
    private final CountDownLatch handedOver = new CountDownLatch(1);
    private volatile boolean draining;
    private volatile long epoch;
    private volatile int count;

    /** @param completeAfter how long after a gain a slot counts as complete without every room's flush */
    public Ownership(Cluster cluster, SessionTable table, Rooms rooms, Clock clock, Live<Duration> completeAfter) {
        this.cluster = cluster;
        this.table = table;
        this.rooms = rooms;
        this.clock = clock;
        this.completeAfter = completeAfter;
    }

    /** The slot if it is ours, else null. */
    public @Nullable OwnedSlot owned(int slot) {
        return slots.get(slot);
    }

    /** Whether it has been ours without a break since it was taken. */
    public boolean stillOwns(OwnedSlot taken) {
        return slots.get(taken.slot()) == taken;
    }

    /** The epoch of the map in force here. */
    public long epoch() {
        return epoch;
    }

    /** How many slots are ours. */
    public int count() {
        return count;
    }

    public int countComplete(Completeness completeness) {
        long now = clock.millis();
        int found = 0;
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            OwnedSlot owned = slots.get(slot);
            found += owned != null && owned.completeness(now) == completeness ? 1 : 0;
        }
        return found;
    }

    /** A newer map; an older or equal one changes nothing. On the cluster's thread. */
    public synchronized void follow(SlotMap map) {
        if (map.epoch() <= epoch) {
            return;
        }
        String self = cluster.self().instance();
        int owned = 0;
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            boolean ours = map.owns(self, slot);
            owned += ours ? 1 : 0;
            if (!ours) {
                slots.set(slot, null);
            } else if (slots.get(slot) == null) {
                table.clear(slot);
                var gained = new OwnedSlot(slot, map.epoch(), clock.millis(), completeAfter, rooms);
                slots.set(slot, gained);
                gained.judge();
            }
        }
        epoch = map.epoch();
        count = owned;
        if (draining && owned == 0) {
            handedOver.countDown();
        }
    }

    /** The room has told us all it has in the slot. */
    public void flushed(OwnedSlot slot, int room) {
        slot.flushedBy(room);
    }

    /**
     * Leaves the map and waits until no slot is ours; false if that took longer than the time given. Waits for
     * nothing where no other register could take them.
     */
    public boolean handOver(Duration wait) {
        draining = true;
        cluster.drain();
        String self = cluster.self().instance();
        boolean others = cluster.members("register").list().stream()
                .anyMatch(member -> !member.draining() && !member.instance().equals(self));
        if (count == 0 || !others) {
            return true;
        }
        try {
            return handedOver.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Forgets what stands in the slot unless it is ours again. */
    synchronized void clearLost(int slot) {
        if (slots.get(slot) == null) {
            table.clear(slot);
        }
    }

    /** For health: empty if every slot that is ours is complete. */
    public Optional<String> health() {
        if (epoch == 0) {
            return Optional.of("no slot map yet: lookups answer UNKNOWN");
        }
        if (count == 0) {
            return Optional.of("owns no slot by map " + epoch);
        }
        int incomplete = countComplete(Completeness.NONE);
        return incomplete == 0
                ? Optional.empty()
                : Optional.of(incomplete + " of " + count + " slots are not complete: absent endpoints are UNKNOWN");
    }

    @Override
    public void roomsChanged() {
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            OwnedSlot owned = slots.get(slot);
            if (owned != null) {
                owned.judge();
            }
        }
    }

    @Override
    public void roomDied(int room) {
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            OwnedSlot owned = slots.get(slot);
            if (owned != null) {
                owned.forget(room);
            }
        }
    }
}
