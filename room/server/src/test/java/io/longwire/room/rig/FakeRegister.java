package io.longwire.room.rig;

import io.longwire.register.client.PutResult;
import io.longwire.register.client.Session;
import io.longwire.register.client.SessionListener;
import io.longwire.room.directory.SessionDirectory;
import io.longwire.room.presence.Arrival;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Two owners that answer at once, or hold their answers until told. */
public final class FakeRegister implements SessionDirectory {
    /** The room's own incarnation. */
    public static final int ROOM = 7;

    /** A put that the test answers. */
    public record Put(long endpointId, long connSeq, long handle, SessionListener listener, Executor executor) {
        public void first(PutResult result) {
            executor.execute(() -> listener.onFirstAck(result));
        }

        public void second(PutResult result) {
            executor.execute(() -> listener.onSecondAck(result));
        }

        public void owed() {
            executor.execute(() -> listener.onOwed(0));
        }
    }

    public final List<Put> puts = new ArrayList<>();
    public final List<String> removed = new ArrayList<>();
    public final List<String> strays = new ArrayList<>();
    /** What is told of endpoints beside their puts and removals. */
    public final List<String> noted = new ArrayList<>();
    public final List<Arrival> arrivals = new ArrayList<>();
    /** What the owners have. */
    public final Map<Long, Session> table = new HashMap<>();
    /** What the room itself has, known before any owner. */
    public final Map<Long, Session> here = new HashMap<>();
    /** Answer nothing by yourself. */
    public boolean hold;

    @Override
    public synchronized @Nullable Session put(long endpointId, long connSeq, long handle, Arrival arrival,
            SessionListener listener, Executor executor) {
        arrivals.add(arrival);
        Session had = here.get(endpointId);
        if (had != null && (had.connSeq() > connSeq || (had.connSeq() == connSeq && had.handle() != handle))) {
            return had;
        }
        here.put(endpointId, new Session(endpointId, connSeq, ROOM, handle));
        var put = new Put(endpointId, connSeq, handle, listener, executor);
        puts.add(put);
        if (!hold) {
            PutResult result = store(put);
            put.first(result);
            put.second(result instanceof PutResult.Incumbent ? result : PutResult.STORED);
        }
        return had == null || had.handle() == handle ? null : had;
    }

    @Override
    public synchronized void remove(long endpointId, long connSeq) {
        removed.add(endpointId + "@" + connSeq);
        Session had = here.get(endpointId);
        if (had != null && had.connSeq() == connSeq) {
            here.remove(endpointId);
        }
        Session there = table.get(endpointId);
        if (there != null && there.connSeq() == connSeq && there.roomIncarnation() == ROOM) {
            table.remove(endpointId);
        }
    }

    @Override
    public void uninstalled(int appId, long endpointId, long connSeq) {
        noted.add("uninstalled " + appId + " " + endpointId + "@" + connSeq);
    }

    @Override
    public void onNetwork(int appId, long endpointId, long connSeq, String network) {
        noted.add(network + " " + appId + " " + endpointId + "@" + connSeq);
    }

    @Override
    public synchronized void removeStray(long endpointId, long connSeq) {
        strays.add(endpointId + "@" + connSeq);
    }

    public synchronized @Nullable Session of(long endpointId) {
        return table.get(endpointId);
    }

    public Put lastPut() {
        return puts.getLast();
    }

    private PutResult store(Put put) {
        Session there = table.get(put.endpointId);
        if (there != null && there.connSeq() > put.connSeq) {
            return new PutResult.Incumbent(there);
        }
        table.put(put.endpointId, new Session(put.endpointId, put.connSeq, ROOM, put.handle));
        if (there == null || (there.connSeq() == put.connSeq && there.roomIncarnation() == ROOM
                && there.handle() == put.handle)) {
            return PutResult.STORED;
        }
        return new PutResult.Displaced(there);
    }
}
