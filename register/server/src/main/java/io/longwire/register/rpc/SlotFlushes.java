package io.longwire.register.rpc;

import io.longwire.register.slots.OwnedSlot;
import io.longwire.register.table.SessionTable;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.agrona.collections.Long2LongHashMap;

import org.jspecify.annotations.Nullable;

/**
 * The flushes one stream has begun and not ended. A flush starts from the entries its room has in the slot; each put
 * takes its endpoint from that list, and what is left at the end is stale: each is removed by compare-and-remove. So
 * a flush remembers at most what the room has in the table anyway, and nothing at all when it fills an empty slot.
 *
 * <p>Cost: one walk of the slot at the beginning, if the room has ever put anything there (0.4 ms at 300 M entries).
 * Ends with its stream: a flush torn in two by a broken connection is none. Not thread-safe.
 */
final class SlotFlushes {
    /** Beyond it the oldest is forgotten, and its end refused. */
    static final int MAX_OPEN = 512;
    private static final long NONE = 0; // no conn_seq is 0

    private record Open(OwnedSlot owned, @Nullable Long2LongHashMap stale) {
    }

    private final Map<Integer, Open> open = new LinkedHashMap<>();
    private final SessionTable table;

    SlotFlushes(SessionTable table) {
        this.table = table;
    }

    void begin(OwnedSlot owned, int room) {
        open.remove(owned.slot());
        if (open.size() >= MAX_OPEN) {
            Iterator<Integer> oldest = open.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        var found = new Long2LongHashMap[1];
        table.forEachOf(owned.slot(), room, (endpointId, connSeq, of, handle) -> {
            Long2LongHashMap stale = found[0];
            if (stale == null) {
                stale = new Long2LongHashMap(NONE);
                found[0] = stale;
            }
            stale.put(endpointId, connSeq);
        });
        open.put(owned.slot(), new Open(owned, found[0]));
    }

    void seen(int slot, long endpointId) {
        if (!open.isEmpty()) {
            Open flush = open.get(slot);
            if (flush != null && flush.stale() != null) {
                flush.stale().remove(endpointId);
            }
        }
    }

    /** What the flush was begun on; null if it was not, on this stream. Erases what it has not seen. */
    @Nullable
    OwnedSlot end(int slot, int room, Erased erased) {
        Open flush = open.remove(slot);
        if (flush == null) {
            return null;
        }
        Long2LongHashMap stale = flush.stale();
        if (stale != null && !stale.isEmpty()) {
            stale.forEachLong((endpointId, connSeq) -> {
                table.remove(endpointId, connSeq, room);
                erased.one();
            });
        }
        return flush.owned();
    }

    /** Told of each stale entry. */
    interface Erased {
        void one();
    }
}
