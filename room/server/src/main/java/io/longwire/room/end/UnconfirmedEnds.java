package io.longwire.room.end;

import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.FetchItem;
import java.util.ArrayDeque;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.LongArrayList;

/**
 * The messages that phones have acked and savers have not yet confirmed, by endpoint: they are still in their
 * inboxes, and neither a fetch nor a push may bring them again. Owner: the loop.
 */
final class UnconfirmedEnds {
    private static final int SPARE_LISTS = 1024;
    private static final int SKIPPED = 256; // savers take so many beside those of a window

    private final Long2ObjectHashMap<LongArrayList> byEndpoint = new Long2ObjectHashMap<>();
    private final ArrayDeque<LongArrayList> spare = new ArrayDeque<>();

    void add(EndItem item) {
        if (item.getKind() != EndItem.Kind.ENDED) {
            return;
        }
        LongArrayList ids = byEndpoint.get(item.getEndpointId());
        if (ids == null) {
            LongArrayList kept = spare.poll();
            ids = kept == null ? new LongArrayList() : kept;
            byEndpoint.put(item.getEndpointId(), ids);
        }
        ids.addLong(item.getMessageId());
    }

    void remove(EndItem item) {
        LongArrayList ids = byEndpoint.get(item.getEndpointId());
        if (item.getKind() != EndItem.Kind.ENDED || ids == null) {
            return;
        }
        ids.removeLong(item.getMessageId());
        if (ids.isEmpty()) {
            byEndpoint.remove(item.getEndpointId());
            if (spare.size() < SPARE_LISTS) {
                spare.push(ids);
            }
        }
    }

    boolean has(long endpointId, long messageId) {
        LongArrayList ids = byEndpoint.get(endpointId);
        return ids != null && ids.containsLong(messageId);
    }

    boolean hasAny(long endpointId) {
        return byEndpoint.containsKey(endpointId);
    }

    /** Has the fetch pass over them, over the oldest 256 if there are more. */
    void skip(FetchItem.Builder fetch) {
        LongArrayList ids = byEndpoint.get(fetch.getEndpointId());
        for (int i = ids == null ? -1 : Math.min(ids.size(), SKIPPED) - 1; ids != null && i >= 0; i--) {
            fetch.addSkipIds(ids.getLong(i));
        }
    }
}
