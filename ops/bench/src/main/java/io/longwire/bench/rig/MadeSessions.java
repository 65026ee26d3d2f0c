package io.longwire.bench.rig;

import io.longwire.keeper.cluster.Rendezvous;
import io.longwire.keeper.cluster.Slots;
import io.longwire.register.client.PutResult;
import io.longwire.register.client.SlotSessions;

/**
 * The sessions of a room that has no phones: so many, made from their numbers, spread over the slots. Thread-safe.
 */
public final class MadeSessions implements SlotSessions {
    private static final long CONN_SEQ = 1_790_000_000_000L;

    private final int perSlot;

    public MadeSessions(int count) {
        this.perSlot = Math.ceilDiv(count, Slots.COUNT);
    }

    /** How many there are: the next multiple of the number of slots. */
    public int count() {
        return perSlot * Slots.COUNT;
    }

    /** The endpoint of a number below {@link #count}. */
    public static long endpoint(int number) {
        return Rendezvous.score(0x360, number) << 12 | number % Slots.COUNT;
    }

    @Override
    public void forEach(int slot, Visitor visitor) {
        for (int i = 0; i < perSlot; i++) {
            int number = i * Slots.COUNT + slot;
            visitor.session(endpoint(number), CONN_SEQ + number, number);
        }
        visitor.done();
    }

    @Override
    public void slotFlushed(int slot) {
        // nothing was owed: there is no inbox to fetch
    }

    @Override
    public void conflict(long endpointId, long connSeq, PutResult result) {
        throw new IllegalStateException("conflict: " + result + " for " + endpointId + " (expected: none, made here)");
    }
}
