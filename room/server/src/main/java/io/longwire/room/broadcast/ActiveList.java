package io.longwire.room.broadcast;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/** All active broadcasts of the room at one moment. Immutable, for any thread. */
final class ActiveList {
    static final long SMALLEST_FLOOR = 1;
    static final ActiveList EMPTY = new ActiveList(0, List.of(), Map.of());

    /**
     * What an app has.
     *
     * @param floor below its oldest broadcast that is not over, as a saver said; 1 or more
     * @param lastSeq of the newest one known
     * @param active by rising sequence
     */
    record OfApp(long floor, long lastSeq, ActiveBroadcast[] active) {
        @Nullable
        ActiveBroadcast bySeq(long seq) {
            for (int i = active.length - 1; i >= 0; i--) { // what is acked is new
                if (active[i].seq() == seq) {
                    return active[i];
                }
            }
            return null;
        }
    }

    /** What a saver said of an app. */
    record Floor(long floor, long lastSeq) {
        static final Floor NONE = new Floor(SMALLEST_FLOOR, SMALLEST_FLOOR);

        Floor max(long otherFloor, long otherLast) {
            return new Floor(Math.max(floor, otherFloor), Math.max(lastSeq, otherLast));
        }
    }

    private static final OfApp NOTHING = new OfApp(SMALLEST_FLOOR, SMALLEST_FLOOR, new ActiveBroadcast[0]);

    private final long number;
    private final Long2ObjectHashMap<ActiveBroadcast> byId = new Long2ObjectHashMap<>();
    private final Int2ObjectHashMap<OfApp> byApp = new Int2ObjectHashMap<>();
    private final List<ActiveBroadcast> all; // iterators over the maps are not for several threads

    /** @param number of this list; a later one is higher */
    ActiveList(long number, Collection<ActiveBroadcast> all, Map<Integer, Floor> floors) {
        this.number = number;
        this.all = List.copyOf(all);
        var lists = new HashMap<Integer, List<ActiveBroadcast>>();
        for (ActiveBroadcast one : all) {
            byId.put(one.id(), one);
            lists.computeIfAbsent(one.appId(), none -> new ArrayList<>()).add(one);
        }
        floors.forEach((app, floor) -> lists.computeIfAbsent(app, none -> List.of()));
        lists.forEach((app, list) -> {
            ActiveBroadcast[] rising = list.stream().sorted(Comparator.comparingLong(ActiveBroadcast::seq))
                    .toArray(ActiveBroadcast[]::new);
            Floor floor = floors.getOrDefault(app, Floor.NONE);
            long last = rising.length == 0 ? floor.lastSeq : Math.max(floor.lastSeq, rising[rising.length - 1].seq());
            byApp.put(app.intValue(), new OfApp(Math.max(floor.floor, SMALLEST_FLOOR), last, rising));
        });
    }

    long number() {
        return number;
    }

    /** Never null; hot. */
    OfApp ofApp(int appId) {
        OfApp found = byApp.get(appId);
        return found == null ? NOTHING : found;
    }

    @Nullable
    ActiveBroadcast byId(long id) {
        return byId.get(id);
    }

    int size() {
        return all.size();
    }

    List<ActiveBroadcast> all() {
        return all;
    }
}
