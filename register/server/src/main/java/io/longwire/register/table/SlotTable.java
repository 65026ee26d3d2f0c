package io.longwire.register.table;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;

/**
 * The sessions of one slot: open addressing with linear probing in native memory. A cell is 24 bytes: endpoint, then
 * conn_seq (48 bit) and room (16 bit), then handle; an empty cell has conn_seq and room 0, which no session has.
 *
 * <p>The home of an endpoint is {@code hash * capacity / 2^64}, so the capacity may be any number: the table grows by a
 * sixteenth at a load of 0.65, which keeps it between 0.61 and 0.65 = 37 to 39 bytes an entry. Homes ascend with the
 * hash,
 * so growing is one pass in memory order over both tables (73,000 entries, the share of a slot at 300 M, about 1 ms
 * under
 * this slot's lock; the other 4095 go on). Removal shifts the followers back; there are no tombstones.
 *
 * <p>{@code touched} remembers which rooms have had entries here, so that looking for the entries of one room costs
 * nothing where it has none. All of it is guarded by {@link #lock}.
 */
final class SlotTable {
    static final int CELL_BYTES = 24;
    private static final long META = 8;
    private static final long HANDLE = 16;
    private static final int MIN_CELLS = (int) (NativeMemory.PAGE_BYTES / CELL_BYTES);

    final ReentrantLock lock = new ReentrantLock();
    private MemorySegment cells = MemorySegment.NULL;
    private int capacity;
    private int limit;
    private int size;
    private RoomSet touched = RoomSet.EMPTY;

    int size() {
        return size;
    }

    int capacity() {
        return capacity;
    }

    long bytes() {
        return cells.byteSize();
    }

    /** The cell of the endpoint, or -1. */
    int find(long endpointId) {
        if (size == 0) {
            return -1;
        }
        int cell = home(endpointId, capacity);
        while (true) {
            long meta = meta(cell);
            if (meta == 0) {
                return -1;
            }
            if (endpoint(cell) == endpointId) {
                return cell;
            }
            cell = next(cell);
        }
    }

    /** False if there is no memory. The endpoint is not in the table. */
    boolean insert(long endpointId, long meta, long handle) {
        if (size >= limit && !rebuild(grown(capacity))) {
            return false;
        }
        write(cells, freeCell(cells, capacity, endpointId), endpointId, meta, handle);
        size++;
        touched = touched.with((int) (meta & 0xffff));
        return true;
    }

    void overwrite(int cell, long meta, long handle) {
        write(cells, cell, endpoint(cell), meta, handle);
        touched = touched.with((int) (meta & 0xffff));
    }

    /** Takes the entry out and moves back whoever was pushed past its home by it. */
    void erase(int cell) {
        int hole = cell;
        int probe = next(cell);
        while (meta(probe) != 0) {
            // An entry may fill the hole unless its home lies, on the ring, after the hole and up to the entry.
            int home = home(endpoint(probe), capacity);
            boolean stays = hole < probe ? home > hole && home <= probe : home > hole || home <= probe;
            if (!stays) {
                MemorySegment.copy(cells, offset(probe), cells, offset(hole), CELL_BYTES);
                hole = probe;
            }
            probe = next(probe);
        }
        write(cells, hole, 0, 0, 0);
        size--;
    }

    void forEach(EntryVisitor visitor) {
        for (int cell = 0; cell < capacity; cell++) {
            long meta = meta(cell);
            if (meta != 0) {
                visitor.visit(endpoint(cell), meta >>> 16, (int) (meta & 0xffff), handle(cell));
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
        for (int cell = 0; cell < capacity; cell++) {
            // A follower may have moved into the cell, so it is judged again. What wraps round the end comes from
            // cells already judged.
            long meta = meta(cell);
            while (meta != 0 && rooms.test((int) (meta & 0xffff))) {
                erase(cell);
                meta = meta(cell);
            }
        }
        touched = touched.without(rooms);
        if (size < limit / 2) {
            shrink();
        }
        return before - size;
    }

    void clear() {
        NativeMemory.unmap(cells);
        cells = MemorySegment.NULL;
        capacity = 0;
        limit = 0;
        size = 0;
        touched = RoomSet.EMPTY;
    }

    long endpoint(int cell) {
        return cells.get(ValueLayout.JAVA_LONG, offset(cell));
    }

    long meta(int cell) {
        return cells.get(ValueLayout.JAVA_LONG, offset(cell) + META);
    }

    long handle(int cell) {
        return cells.get(ValueLayout.JAVA_LONG, offset(cell) + HANDLE);
    }

    private void shrink() {
        if (size == 0) {
            clear();
        } else {
            rebuild(wholePages((int) (size / 0.6)));
        }
    }

    private boolean rebuild(int cellCount) {
        if (cellCount == capacity) {
            return true;
        }
        MemorySegment larger = NativeMemory.map((long) cellCount * CELL_BYTES);
        if (larger.byteSize() == 0) {
            return false;
        }
        for (int cell = 0; cell < capacity; cell++) {
            long meta = meta(cell);
            if (meta != 0) {
                long endpointId = endpoint(cell);
                write(larger, freeCell(larger, cellCount, endpointId), endpointId, meta, handle(cell));
            }
        }
        NativeMemory.unmap(cells);
        cells = larger;
        capacity = cellCount;
        limit = (int) (cellCount * 0.65);
        return true;
    }

    private int next(int cell) {
        return cell + 1 == capacity ? 0 : cell + 1;
    }

    private static int freeCell(MemorySegment cells, int capacity, long endpointId) {
        int cell = home(endpointId, capacity);
        while (cells.get(ValueLayout.JAVA_LONG, offset(cell) + META) != 0) {
            cell = cell + 1 == capacity ? 0 : cell + 1;
        }
        return cell;
    }

    private static void write(MemorySegment cells, int cell, long endpointId, long meta, long handle) {
        long offset = offset(cell);
        cells.set(ValueLayout.JAVA_LONG, offset, endpointId);
        cells.set(ValueLayout.JAVA_LONG, offset + META, meta);
        cells.set(ValueLayout.JAVA_LONG, offset + HANDLE, handle);
    }

    private static int grown(int capacity) {
        return wholePages(capacity + Math.max(capacity >> 4, MIN_CELLS / 2));
    }

    // As many cells as the pages that hold this many can take.
    private static int wholePages(int cellCount) {
        long bytes = Math.max((long) cellCount * CELL_BYTES, 1);
        long pages = (bytes + NativeMemory.PAGE_BYTES - 1) / NativeMemory.PAGE_BYTES;
        return (int) (pages * NativeMemory.PAGE_BYTES / CELL_BYTES);
    }

    private static int home(long endpointId, int capacity) {
        long hash = (endpointId ^ (endpointId >>> 32)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 29)) * 0x94d049bb133111ebL;
        return (int) Math.unsignedMultiplyHigh(hash, capacity);
    }

    private static long offset(int cell) {
        return (long) cell * CELL_BYTES;
    }
}
