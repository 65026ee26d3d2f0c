package io.longwire.coordinator.client.consume;

import io.longwire.rpc.coordinator.OnlineEndpoint;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The endpoints of one partition by the rule for consumers: a smaller conn_seq than the one known is ignored. Those
 * that went offline are remembered for that, the last 10,000. An event that came before, or that the snapshot knew,
 * says nothing. Not thread-safe.
 */
final class PartitionView {
    private static final int REMEMBERED = 10_000;

    private final Map<String, PresenceView.Online> online = new HashMap<>();
    private final Map<String, Long> offline = new LinkedHashMap<>();
    private long[] last = {0, 0}; // id of the last event that counts
    private boolean loaded;

    boolean loaded() {
        return loaded;
    }

    /** What comes is of no use before the next snapshot. */
    void unload() {
        loaded = false;
    }

    /** Begins anew with a whole snapshot. */
    void load(List<OnlineEndpoint> snapshot, String cursor) {
        online.clear();
        offline.clear();
        for (OnlineEndpoint one : snapshot) {
            arrive(one.getEndpoint(), new PresenceView.Online(one.getConnSeq(), one.getVia()));
        }
        last = id(cursor);
        loaded = true;
    }

    /** False = it says nothing new. */
    boolean apply(PresenceNews news, String eventId) {
        long[] id = id(eventId);
        if (id[0] < last[0] || (id[0] == last[0] && id[1] <= last[1])) {
            return false;
        }
        last = id;
        return switch (news.kind()) {
            case ONLINE, MOVED, NETWORK -> arrive(news.endpoint(),
                    new PresenceView.Online(news.connSeq(), news.via()));
            case OFFLINE -> leave(news.endpoint(), news.connSeq());
            case ROOM_GONE -> lose(news.via());
            case INSTALLED, UNINSTALLED -> true;
            case RESYNC -> {
                unload(); // one up to the cursor was told before the snapshot asked the rooms: it does not get here
                yield false;
            }
            case OTHER -> false;
        };
    }

    Map<String, PresenceView.Online> online() {
        return online;
    }

    private boolean arrive(String endpoint, PresenceView.Online now) {
        if (known(endpoint) > now.connSeq()) {
            return false;
        }
        offline.remove(endpoint);
        return !now.equals(online.put(endpoint, now));
    }

    private boolean leave(String endpoint, long connSeq) {
        if (known(endpoint) > connSeq) {
            return false;
        }
        remember(endpoint, connSeq);
        return online.remove(endpoint) != null;
    }

    private boolean lose(int via) {
        return online.entrySet().removeIf(entry -> {
            boolean gone = entry.getValue().via() == via;
            if (gone) {
                remember(entry.getKey(), entry.getValue().connSeq());
            }
            return gone;
        });
    }

    private void remember(String endpoint, long connSeq) {
        offline.put(endpoint, connSeq);
        if (offline.size() > REMEMBERED) {
            Iterator<String> oldest = offline.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    private long known(String endpoint) {
        PresenceView.Online there = online.get(endpoint);
        return there != null ? there.connSeq() : offline.getOrDefault(endpoint, 0L);
    }

    // partition-ms-number
    private static long[] id(String eventId) {
        String[] parts = eventId.split("-", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("event_id: " + eventId + " (expected: partition, ms and number)");
        }
        return new long[]{Long.parseLong(parts[1]), Long.parseLong(parts[2])};
    }
}
