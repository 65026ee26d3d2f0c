package io.longwire.register.table;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.agrona.collections.LongArrayList;

/**
 * Open addressing with linear probing in native memory. A cell is 24 bytes: endpoint, then conn_seq (48 bit) and
 * room (16 bit), then handle; an empty cell has conn_seq and room 0, which no session has.
 *
 * <p>The home of an endpoint is {@code hash * capacity / 2^64}: the capacity may be any number, and homes ascend
 * with the hash. So growing keeps the order of the cells and is done in place, from the end to the beginning, run by
 * run: a run of full cells between two empty ones moves to its new homes, which never lie before its beginning,
 * where the old cells still are. What would land within its own run waits until the run is empty; what would run
 * over the end, and the run at the very beginning, which may hold entries that did so before, wait until the rest is
 * done. Removal shifts the followers back; there are no tombstones.
 *
 * <p>Never full: there is always an empty cell. Not thread-safe.
 */
final class Cells {
    static final int BYTES = 24;
    private static final long META = 8;
    private static final long HANDLE = 16;

    private MemorySegment memory = MemorySegment.NULL;
    private int capacity;

    int capacity() {
        return capacity;
    }

    long bytes() {
        return memory.byteSize();
    }

    /** The cell of the endpoint, or -1. */
    int find(long endpointId) {
        int cell = home(endpointId, capacity);
        while (true) {
            if (meta(cell) == 0) {
                return -1;
            }
            if (endpoint(cell) == endpointId) {
                return cell;
            }
            cell = next(cell);
        }
    }

    /** The endpoint is not here yet. */
    void insert(long endpointId, long meta, long handle) {
        int cell = home(endpointId, capacity);
        while (meta(cell) != 0) {
            cell = next(cell);
        }
        write(cell, endpointId, meta, handle);
    }

    void write(int cell, long endpointId, long meta, long handle) {
        long offset = (long) cell * BYTES;
        memory.set(ValueLayout.JAVA_LONG, offset, endpointId);
        memory.set(ValueLayout.JAVA_LONG, offset + META, meta);
        memory.set(ValueLayout.JAVA_LONG, offset + HANDLE, handle);
    }

    /** Empties the cell and moves back whoever was pushed past its home by it. */
    void erase(int cell) {
        int hole = cell;
        int probe = next(cell);
        while (meta(probe) != 0) {
            // An entry may fill the hole unless its home lies, on the ring, after the hole and up to the entry.
            int home = home(endpoint(probe), capacity);
            boolean stays = hole < probe ? home > hole && home <= probe : home > hole || home <= probe;
            if (!stays) {
                write(hole, endpoint(probe), meta(probe), handle(probe));
                hole = probe;
            }
            probe = next(probe);
        }
        write(hole, 0, 0, 0);
    }

    /** At least so many cells, filling whole pages. False, and nothing done, if there is no memory. */
    boolean grow(int wanted) {
        long bytes = wholePages(wanted);
        MemorySegment larger = NativeMemory.extend(memory, bytes);
        if (larger.byteSize() == 0) {
            return false;
        }
        memory = larger;
        spread((int) (bytes / BYTES));
        return true;
    }

    /** The same entries in other memory, of a size that fits them. Nothing done if there is no memory. */
    void shrink(int wanted) {
        var smaller = new Cells();
        if (wholePages(wanted) >= memory.byteSize() || !smaller.grow(wanted)) {
            return;
        }
        for (int cell = 0; cell < capacity; cell++) {
            if (meta(cell) != 0) {
                smaller.insert(endpoint(cell), meta(cell), handle(cell));
            }
        }
        NativeMemory.unmap(memory);
        memory = smaller.memory;
        capacity = smaller.capacity;
    }

    void free() {
        NativeMemory.unmap(memory);
        memory = MemorySegment.NULL;
        capacity = 0;
    }

    long endpoint(int cell) {
        return memory.get(ValueLayout.JAVA_LONG, (long) cell * BYTES);
    }

    long meta(int cell) {
        return memory.get(ValueLayout.JAVA_LONG, (long) cell * BYTES + META);
    }

    long handle(int cell) {
        return memory.get(ValueLayout.JAVA_LONG, (long) cell * BYTES + HANDLE);
    }

    // The memory is larger already; the cells from the old capacity on are empty.
    private void spread(int larger) {
        int old = capacity;
        capacity = larger;
        var run = new LongArrayList(64, 0);
        var last = new LongArrayList(64, 0);
        int low = 0;
        while (low < old && meta(low) != 0) {
            takeOut(low++, last);
        }
        int end = old - 1;
        while (end > low) {
            if (meta(end) == 0) {
                end--;
                continue;
            }
            int cell = end;
            while (meta(cell) != 0) {
                int home = home(endpoint(cell), larger);
                if (home <= end) {
                    takeOut(cell, run);
                } else {
                    put(home, endpoint(cell), meta(cell), handle(cell), last);
                    write(cell, 0, 0, 0);
                }
                cell--;
            }
            for (int i = 0; i < run.size(); i += 3) {
                long endpointId = run.getLong(i);
                put(home(endpointId, larger), endpointId, run.getLong(i + 1), run.getLong(i + 2), last);
            }
            run.clear();
            end = cell;
        }
        for (int i = 0; i < last.size(); i += 3) {
            insert(last.getLong(i), last.getLong(i + 1), last.getLong(i + 2));
        }
    }

    private void takeOut(int cell, LongArrayList into) {
        into.addLong(endpoint(cell));
        into.addLong(meta(cell));
        into.addLong(handle(cell));
        write(cell, 0, 0, 0);
    }

    // Into the first empty cell from here to the end; on the ring it would meet cells not moved yet.
    private void put(int from, long endpointId, long meta, long handle, LongArrayList last) {
        int cell = from;
        while (cell < capacity && meta(cell) != 0) {
            cell++;
        }
        if (cell < capacity) {
            write(cell, endpointId, meta, handle);
        } else {
            last.addLong(endpointId);
            last.addLong(meta);
            last.addLong(handle);
        }
    }

    private int next(int cell) {
        return cell + 1 == capacity ? 0 : cell + 1;
    }

    private static long wholePages(int cells) {
        long bytes = Math.max((long) cells * BYTES, 1);
        return (bytes + NativeMemory.PAGE_BYTES - 1) / NativeMemory.PAGE_BYTES * NativeMemory.PAGE_BYTES;
    }

    private static int home(long endpointId, int capacity) {
        long hash = (endpointId ^ (endpointId >>> 32)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 29)) * 0x94d049bb133111ebL;
        return (int) Math.unsignedMultiplyHigh(hash, capacity);
    }
}
