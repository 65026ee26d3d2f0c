package io.longwire.register.table;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;

/**
 * The sessions of one slot. It grows by a tenth at a load of 0.65, to a load of 0.59. All slots fill in step, so
 * each takes its steps at sizes of its own: over all of them an entry costs 39 bytes at any time, though in one slot
 * it may be 41. Growing takes some 1 ms with the 73,000 entries a slot has at 300 M, under this slot's lock; the
 * other 4095 go on.
 *
 * <p>{@code touched} remembers which rooms have had entries here, so that looking for the entries of one room costs
 * nothing where it has none. All of it is guarded by {@link #lock}.
 */
final class SlotTable {
    /** Where the slots part ways: 64 pages, 7,100 entries. */
    private static final int FORK_CELLS = 64 * 4096 / Cells.BYTES;
    private static final int PHASES = 6;

    final ReentrantLock lock = new ReentrantLock();
    private final Cells cells = new Cells();
    private final int phase;
    private int limit;
    private int size;
    private RoomSet touched = RoomSet.EMPTY;

    SlotTable(int slot) {
        this.phase = slot % PHASES;
    }

    int size() {
        return size;
    }

    int capacity() {
        return cells.capacity();
    }

    long bytes() {
        return cells.bytes();
    }

    /** The cell of the endpoint, or -1. */
    int find(long endpointId) {
        return size == 0 ? -1 : cells.find(endpointId);
    }

    long meta(int cell) {
        return cells.meta(cell);
    }

    long handle(int cell) {
        return cells.handle(cell);
    }

    /** False if there is no memory. The endpoint is not in the table. */
    boolean insert(long endpointId, long meta, long handle) {
        if (size >= limit) {
            if (!cells.grow(grown(cells.capacity()))) {
                return false;
            }
            limit = (int) (cells.capacity() * 0.65);
        }
        cells.insert(endpointId, meta, handle);
        size++;
        touched = touched.with((int) (meta & 0xffff));
        return true;
    }

    void overwrite(int cell, long meta, long handle) {
        cells.write(cell, cells.endpoint(cell), meta, handle);
        touched = touched.with((int) (meta & 0xffff));
    }

    void erase(int cell) {
        cells.erase(cell);
        size--;
    }

    void forEach(EntryVisitor visitor) {
        for (int cell = 0; cell < cells.capacity(); cell++) {
            long meta = cells.meta(cell);
            if (meta != 0) {
                visitor.visit(cells.endpoint(cell), meta >>> 16, (int) (meta & 0xffff), cells.handle(cell));
            }
        }
    }

    boolean touchedBy(int room) {
        return touched.has(room);
    }

    boolean touchedByAny(IntPredicate rooms) {
        return touched.any(rooms);
    }

    /** Erases the entries of these rooms; returns how many. */
    int eraseAll(IntPredicate rooms) {
        int before = size;
        for (int cell = 0; cell < cells.capacity(); cell++) {
            // A follower may have moved into the cell, so it is judged again. What wraps round the end comes from
            // cells already judged.
            long meta = cells.meta(cell);
            while (meta != 0 && rooms.test((int) (meta & 0xffff))) {
                erase(cell);
                meta = cells.meta(cell);
            }
        }
        touched = touched.without(rooms);
        if (size == 0) {
            clear();
        } else if (size < limit / 2) {
            cells.shrink((int) (size / 0.6));
            limit = (int) (cells.capacity() * 0.65);
        }
        return before - size;
    }

    void clear() {
        cells.free();
        limit = 0;
        size = 0;
        touched = RoomSet.EMPTY;
    }

    private int grown(int capacity) {
        int grown = capacity + capacity / 10 + 1;
        boolean forks = capacity < FORK_CELLS && grown >= FORK_CELLS * 0.95;
        return forks ? FORK_CELLS + FORK_CELLS / 10 * phase / PHASES : grown;
    }
}
