package io.longwire.room.directory;

import io.longwire.keeper.cluster.Slots;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * All sessions of this room by slot, as the register should have them, with their app: endpoint, conn_seq, home handle,
 * app; 32 bytes each. One immutable array per slot, replaced as a whole by compare-and-set: no reader or writer ever
 * waits, and a reader has one moment's view. A change copies its slot: 8 kB at a million sessions. Thread-safe.
 */
final class SessionList {
    private static final int WIDTH = 4;
    private static final long[] NONE = {};

    private final AtomicReferenceArray<long @Nullable []> slots = new AtomicReferenceArray<>(Slots.COUNT);

    /** Takes the entries of one slot. */
    interface Visitor {
        void session(long endpointId, long connSeq, long handle, int appId);
    }

    /** What the list had of an endpoint. */
    record Entry(long connSeq, long handle) {
        /** Whether a session under this conn_seq and handle must give way to the entry. */
        boolean bars(long newConnSeq, long newHandle) {
            return connSeq > newConnSeq || (connSeq == newConnSeq && handle != newHandle);
        }
    }

    /** Adds the endpoint, or replaces what it had; not if that bars it. Returns what it had. */
    @Nullable
    Entry put(long endpointId, long connSeq, long handle, int appId) {
        int slot = Slots.of(endpointId);
        long[] before;
        long[] after;
        Entry had;
        do {
            before = slots.get(slot);
            long[] old = before == null ? NONE : before;
            int at = find(old, endpointId);
            had = at < 0 ? null : new Entry(old[at + 1], old[at + 2]);
            if (had != null && had.bars(connSeq, handle)) {
                return had;
            }
            after = Arrays.copyOf(old, at < 0 ? old.length + WIDTH : old.length);
            int to = at < 0 ? old.length : at;
            after[to] = endpointId;
            after[to + 1] = connSeq;
            after[to + 2] = handle;
            after[to + 3] = appId;
        } while (!slots.compareAndSet(slot, before, after));
        return had;
    }

    /** Removes the endpoint if it has this conn_seq; returns its app, 0 = it has not. */
    int remove(long endpointId, long connSeq) {
        int slot = Slots.of(endpointId);
        long[] before;
        long[] after;
        int appId;
        do {
            before = slots.get(slot);
            int at = before == null ? -1 : find(before, endpointId);
            if (before == null || at < 0 || before[at + 1] != connSeq) {
                return 0;
            }
            appId = (int) before[at + 3];
            after = without(before, at);
        } while (!slots.compareAndSet(slot, before, after));
        return appId;
    }

    boolean has(long endpointId, long connSeq) {
        long[] entries = entries(Slots.of(endpointId));
        int at = find(entries, endpointId);
        return at >= 0 && entries[at + 1] == connSeq;
    }

    /** The home handle of the endpoint's session, or -1, which is no handle, where it has none. */
    long handleOf(long endpointId) {
        long[] entries = entries(Slots.of(endpointId));
        int at = find(entries, endpointId);
        return at < 0 ? -1 : entries[at + 2];
    }

    void forEach(int slot, Visitor visitor) {
        long[] entries = entries(slot);
        for (int i = 0; i < entries.length; i += WIDTH) {
            visitor.session(entries[i], entries[i + 1], entries[i + 2], (int) entries[i + 3]);
        }
    }

    /** Walks all slots: for gauges, not for the hot path. */
    int size() {
        int size = 0;
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            size += entries(slot).length / WIDTH;
        }
        return size;
    }

    private long[] entries(int slot) {
        long[] entries = slots.get(slot);
        return entries == null ? NONE : entries;
    }

    private static int find(long[] entries, long endpointId) {
        for (int i = 0; i < entries.length; i += WIDTH) {
            if (entries[i] == endpointId) {
                return i;
            }
        }
        return -1;
    }

    private static long @Nullable [] without(long[] entries, int at) {
        int last = entries.length - WIDTH;
        if (last == 0) {
            return null;
        }
        long[] left = Arrays.copyOf(entries, last);
        if (at < last) {
            System.arraycopy(entries, last, left, at, WIDTH);
        }
        return left;
    }
}
