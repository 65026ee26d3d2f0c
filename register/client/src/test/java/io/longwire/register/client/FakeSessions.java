package io.longwire.register.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The room's list of sessions, as the test says. */
final class FakeSessions implements SlotSessions {
    private final Map<Integer, Map<Long, Long>> sessions = new HashMap<>();
    final List<Integer> fetchedAgain = new ArrayList<>();
    final List<String> conflicts = new ArrayList<>();
    /** Runs after the visit of a slot, before it is done. */
    Runnable duringVisit = () -> {
    };
    boolean neverDone;

    void put(long endpointId, long connSeq) {
        sessions.computeIfAbsent(SessionWriter.slotOf(endpointId), slot -> new TreeMap<>()).put(endpointId, connSeq);
    }

    void remove(long endpointId) {
        sessions.getOrDefault(SessionWriter.slotOf(endpointId), Map.of()).remove(endpointId);
    }

    @Override
    public void forEach(int slot, Visitor visitor) {
        sessions.getOrDefault(slot, Map.of())
                .forEach((endpointId, connSeq) -> visitor.session(endpointId, connSeq, 9));
        duringVisit.run();
        if (!neverDone) {
            visitor.done();
        }
    }

    @Override
    public void slotFlushed(int slot) {
        fetchedAgain.add(slot);
    }

    @Override
    public void conflict(long endpointId, long connSeq, PutResult result) {
        conflicts.add(endpointId + "/" + connSeq + " " + result);
    }
}
