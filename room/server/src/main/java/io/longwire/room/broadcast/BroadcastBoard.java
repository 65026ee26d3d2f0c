package io.longwire.room.broadcast;

import io.longwire.rpc.room.BroadcastOrder;
import io.longwire.rpc.saver.AppFloor;
import io.longwire.rpc.saver.Broadcast;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The broadcasts that this room has in force: what a saver listed, and what centers have told since. Loops read
 * immutable lists of it. Versions and floors only grow. Thread-safe; changed by gRPC threads, under its lock.
 */
public final class BroadcastBoard {
    private static final int REMEMBERED = 4096;

    /** What became of an order. */
    public enum Taken {
        OK, FENCED
    }

    private final Map<Long, ActiveBroadcast> known = new HashMap<>(); // all of them guarded by this
    private final Map<Long, Long> toldAt = new HashMap<>();
    private final Map<Integer, ActiveList.Floor> floors = new HashMap<>();
    private final Map<Long, Integer> over = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Integer> eldest) {
            return size() > REMEMBERED;
        }
    };
    private long told;
    private volatile ActiveList list = ActiveList.EMPTY;
    private volatile boolean loaded;

    ActiveList list() {
        return list;
    }

    /** Whether a saver has listed all of them at least once. */
    public boolean loaded() {
        return loaded;
    }

    /** Broadcasts in force. */
    public int size() {
        return list.size();
    }

    /** Puts a broadcast in force as the order has it, if that is news, and its stage to be walked if so ordered. */
    public synchronized Taken take(BroadcastOrder order, boolean walk) {
        Broadcast broadcast = order.getBroadcast();
        ActiveBroadcast before = known.get(broadcast.getBroadcastId());
        if (before != null && walk && broadcast.getStage() == before.orderedStage()
                && order.getRoomIncarnation() == before.incarnation()
                && Long.compareUnsigned(order.getEpoch(), before.epoch()) < 0) {
            return Taken.FENCED;
        }
        ActiveBroadcast now = put(broadcast);
        if (now == null) {
            return Taken.OK; // it is over
        }
        double rate = broadcast.getVersion() < now.version() ? now.ratePerSecond() : rate(order);
        if (walk && broadcast.getStage() >= now.orderedStage()) {
            now = now.epoch() == order.getEpoch() && now.incarnation() == order.getRoomIncarnation()
                    && now.orderedStage() == broadcast.getStage() && now.ratePerSecond() == rate
                            ? now
                            : now.ordered(order.getRoomIncarnation(), order.getEpoch(), broadcast.getStage(), rate);
        } else if (now.ratePerSecond() != rate) {
            now = now.paced(rate);
        }
        if (now != before) {
            if (before == null || before.version() < now.version()) {
                toldAt.put(now.id(), ++told);
            }
            known.put(now.id(), now);
            publish();
        }
        return Taken.OK;
    }

    private static double rate(BroadcastOrder order) {
        return order.getRate() > 0 ? order.getRate() : order.getRatePerSecond();
    }

    /** To be called before a list is asked for: what is told from then on is newer than that list. */
    synchronized long listing() {
        return told;
    }

    /**
     * A whole list has come. What it lacks is over, unless it was told after the list was asked for.
     *
     * @param asked as {@link #listing} said then
     */
    synchronized void replace(long asked, List<Broadcast> listed, List<AppFloor> saidFloors) {
        Set<Long> there = new HashSet<>();
        for (Broadcast broadcast : listed) {
            there.add(broadcast.getBroadcastId());
            ActiveBroadcast now = put(broadcast);
            if (now != null) {
                known.put(now.id(), now);
            }
        }
        known.values().removeIf(one -> {
            boolean ended = !there.contains(one.id()) && toldAt.getOrDefault(one.id(), 0L) <= asked;
            if (ended) {
                over.put(one.id(), one.version());
                toldAt.remove(one.id());
            }
            return ended;
        });
        for (AppFloor said : saidFloors) {
            floors.merge(said.getAppId(), ActiveList.Floor.NONE.max(said.getFloor(), said.getLastSeq()),
                    (old, next) -> old.max(next.floor(), next.lastSeq()));
        }
        loaded = true;
        publish();
    }

    // What is in force afterwards; null if it is known to be over.
    private @Nullable ActiveBroadcast put(Broadcast broadcast) {
        Integer ended = over.get(broadcast.getBroadcastId());
        if (ended != null && broadcast.getVersion() <= ended) {
            return null;
        }
        ActiveBroadcast before = known.get(broadcast.getBroadcastId());
        if (before == null) {
            return ActiveBroadcast.of(broadcast);
        }
        return broadcast.getVersion() > before.version() ? before.changed(broadcast) : before;
    }

    private void publish() {
        list = new ActiveList(list.number() + 1, known.values(), floors);
    }
}
