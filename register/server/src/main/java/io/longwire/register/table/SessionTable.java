package io.longwire.register.table;

import io.longwire.keeper.cluster.Slots;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;

/**
 * Where the session of each endpoint is: 24 bytes an entry in native memory, 39 with the free cells, and nothing on
 * the heap. It is 4096 tables, one per slot, each under its own lock, because everything that concerns many entries
 * concerns a slot: a flush, the loss of a slot, a sweep. None of them ever walks the whole table at once; walking
 * one slot costs about 0.4 ms at 300 M entries, during which only that slot waits.
 *
 * <p>Which session counts: the higher conn_seq. The same session put again is stored again (its handle may have
 * changed). An entry of a dead room counts as absent whatever its conn_seq, so an equal conn_seq replaces it; an
 * equal conn_seq of another live room does not.
 *
 * <p>Thread-safe. {@link #find}, {@link #put} and {@link #remove} allocate nothing. After {@link #close} the table
 * is empty and full.
 */
public final class SessionTable implements AutoCloseable {
    /** The largest conn_seq: 48 bit. */
    public static final long MAX_CONN_SEQ = (1L << 48) - 1;
    private static final int MAX_ROOM = 0xffff;

    private final SlotTable[] slots = new SlotTable[Slots.COUNT];
    private final AtomicLong size = new AtomicLong();
    private final LongSupplier maxEntries;
    private final LiveRooms rooms;
    private volatile boolean closed;

    /** @param maxEntries bound of the whole table, the same for ever */
    public SessionTable(long maxEntries, LiveRooms rooms) {
        this(() -> maxEntries, rooms);
    }

    /**
     * @param maxEntries bound of the whole table, asked at each put of a new endpoint: beyond it that answers FULL.
     *        What is in the table when the bound is lowered stays
     */
    public SessionTable(LongSupplier maxEntries, LiveRooms rooms) {
        this.maxEntries = maxEntries;
        this.rooms = rooms;
        for (int slot = 0; slot < slots.length; slot++) {
            slots[slot] = new SlotTable(slot);
        }
    }

    /**
     * Stores the session unless a newer one stands there.
     *
     * @param other receives the session that was displaced (DISPLACED) or that stays (INCUMBENT)
     */
    public PutOutcome put(long endpointId, long connSeq, int room, long handle, SessionEntry other) {
        long meta = meta(connSeq, room);
        SlotTable slot = slotOf(endpointId);
        slot.lock.lock();
        try {
            int cell = slot.find(endpointId);
            if (cell < 0) {
                return insert(slot, endpointId, meta, handle);
            }
            long known = slot.meta(cell);
            boolean same = known == meta;
            boolean live = rooms.isLive((int) (known & MAX_ROOM));
            if (same || !live) {
                slot.overwrite(cell, meta, handle);
                return PutOutcome.STORED;
            }
            other.set(endpointId, known, slot.handle(cell));
            if (connSeq > known >>> 16) {
                slot.overwrite(cell, meta, handle);
                return PutOutcome.DISPLACED;
            }
            return PutOutcome.INCUMBENT;
        } finally {
            slot.lock.unlock();
        }
    }

    /** Removes the entry if it is exactly this session, in one step. */
    public RemoveOutcome remove(long endpointId, long connSeq, int room) {
        long meta = meta(connSeq, room);
        SlotTable slot = slotOf(endpointId);
        slot.lock.lock();
        try {
            int cell = slot.find(endpointId);
            if (cell < 0) {
                return RemoveOutcome.ABSENT;
            }
            long known = slot.meta(cell);
            if (known == meta) {
                slot.erase(cell);
                size.decrementAndGet();
                return RemoveOutcome.REMOVED;
            }
            return known >>> 16 > connSeq && rooms.isLive((int) (known & MAX_ROOM))
                    ? RemoveOutcome.SUPERSEDED
                    : RemoveOutcome.ABSENT;
        } finally {
            slot.lock.unlock();
        }
    }

    /** Whether a live session stands there; it is copied into {@code found}. */
    public boolean find(long endpointId, SessionEntry found) {
        SlotTable slot = slotOf(endpointId);
        slot.lock.lock();
        try {
            int cell = slot.find(endpointId);
            if (cell < 0) {
                return false;
            }
            long meta = slot.meta(cell);
            if (!rooms.isLive((int) (meta & MAX_ROOM))) {
                return false;
            }
            found.set(endpointId, meta, slot.handle(cell));
            return true;
        } finally {
            slot.lock.unlock();
        }
    }

    /** Shows every entry of the slot, those of dead rooms too. Walks the slot unless it is empty. */
    public void forEach(int slot, EntryVisitor visitor) {
        SlotTable table = slots[slot];
        table.lock.lock();
        try {
            if (table.size() > 0) {
                table.forEach(visitor);
            }
        } finally {
            table.lock.unlock();
        }
    }

    /** Shows the entries of one room in the slot. Walks the slot only if the room has ever put anything there. */
    public void forEachOf(int slot, int room, EntryVisitor visitor) {
        SlotTable table = slots[slot];
        table.lock.lock();
        try {
            if (table.touchedBy(room)) {
                table.forEach((endpointId, connSeq, of, handle) -> {
                    if (of == room) {
                        visitor.visit(endpointId, connSeq, of, handle);
                    }
                });
            }
        } finally {
            table.lock.unlock();
        }
    }

    /** Erases the entries of these rooms in the slot; returns how many. Walks the slot only if they put any there. */
    public int sweep(int slot, IntPredicate gone) {
        SlotTable table = slots[slot];
        table.lock.lock();
        try {
            if (!table.touchedByAny(gone)) {
                return 0;
            }
            int erased = table.eraseAll(gone);
            size.addAndGet(-erased);
            return erased;
        } finally {
            table.lock.unlock();
        }
    }

    /** Forgets the slot and gives its memory back. */
    public void clear(int slot) {
        SlotTable table = slots[slot];
        table.lock.lock();
        try {
            size.addAndGet(-table.size());
            table.clear();
        } finally {
            table.lock.unlock();
        }
    }

    /** Cells of the slot, free ones included: what walking it costs. */
    public int cells(int slot) {
        SlotTable table = slots[slot];
        table.lock.lock();
        try {
            return table.capacity();
        } finally {
            table.lock.unlock();
        }
    }

    /** Entries, those of dead rooms included until they are swept. */
    public long size() {
        return size.get();
    }

    /** Native memory held. */
    public long bytes() {
        long bytes = 0;
        for (SlotTable table : slots) {
            table.lock.lock();
            try {
                bytes += table.bytes();
            } finally {
                table.lock.unlock();
            }
        }
        return bytes;
    }

    @Override
    public void close() {
        closed = true;
        for (int slot = 0; slot < slots.length; slot++) {
            clear(slot);
        }
    }

    private PutOutcome insert(SlotTable slot, long endpointId, long meta, long handle) {
        boolean fits = size.incrementAndGet() <= maxEntries.getAsLong() && !closed;
        if (!fits || !slot.insert(endpointId, meta, handle)) {
            size.decrementAndGet();
            return PutOutcome.FULL;
        }
        return PutOutcome.STORED;
    }

    private SlotTable slotOf(long endpointId) {
        return slots[Slots.of(endpointId)];
    }

    private static long meta(long connSeq, int room) {
        if (connSeq < 1 || connSeq > MAX_CONN_SEQ) {
            throw new IllegalArgumentException("conn_seq: " + connSeq + " (expected: 1 to 2^48 - 1)");
        }
        if (room < 0 || room > MAX_ROOM) {
            throw new IllegalArgumentException("room_incarnation: " + room + " (expected: 0 to 65535)");
        }
        return connSeq << 16 | room;
    }
}
