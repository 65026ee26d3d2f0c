package io.longwire.register.slots;

import io.longwire.keeper.config.Live;
import java.time.Duration;
import java.util.Arrays;

/**
 * A slot since this register got it by a map; a slot lost and gained again is another object. Holds which rooms have
 * flushed it (8 kB at worst, 40 bytes with 300 rooms). Thread-safe; {@link #completeness} is two volatile reads.
 */
public final class OwnedSlot {
    /** The members known just after a new map may be older than the map. */
    static final long SETTLE_MILLIS = 1_000;

    private final int slot;
    private final long gainedEpoch;
    private final long gainedMillis;
    private final Live<Duration> completeAfter;
    private final Rooms rooms;
    private long[] flushed = new long[0];
    private volatile boolean byFlush;

    OwnedSlot(int slot, long gainedEpoch, long gainedMillis, Live<Duration> completeAfter, Rooms rooms) {
        this.slot = slot;
        this.gainedEpoch = gainedEpoch;
        this.gainedMillis = gainedMillis;
        this.completeAfter = completeAfter;
        this.rooms = rooms;
    }

    public int slot() {
        return slot;
    }

    /** The epoch since which it is ours without a break: a flush sent by an older map does not count. */
    public long gainedEpoch() {
        return gainedEpoch;
    }

    public long ageMillis(long now) {
        return now - gainedMillis;
    }

    public Completeness completeness(long now) {
        long age = now - gainedMillis;
        if (byFlush && age >= SETTLE_MILLIS) {
            return Completeness.BY_FLUSH;
        }
        return age >= completeAfter.get().toMillis() ? Completeness.BY_TIME : Completeness.NONE;
    }

    synchronized void flushedBy(int room) {
        if (room >>> 6 >= flushed.length) {
            flushed = Arrays.copyOf(flushed, (room >>> 6) + 1);
        }
        flushed[room >>> 6] |= 1L << room;
        judge();
    }

    /** The room died; should it come back it has to flush again, its entries may have been swept. */
    synchronized void forget(int room) {
        if (room >>> 6 < flushed.length) {
            flushed[room >>> 6] &= ~(1L << room);
        }
    }

    public synchronized boolean isFlushedBy(int room) {
        return Rooms.has(flushed, room);
    }

    // No live room at all is taken for not knowing them yet: then only time completes.
    // The live rooms are read in here, so that the last judgement is by the newest of them.
    synchronized void judge() {
        long[] live = rooms.live();
        boolean any = false;
        boolean all = true;
        for (int word = 0; word < live.length; word++) {
            any |= live[word] != 0;
            all &= (live[word] & ~(word < flushed.length ? flushed[word] : 0)) == 0;
        }
        byFlush = any && all;
    }
}
