package io.longwire.register;

import io.longwire.keeper.service.Service;
import io.longwire.register.client.PutResult;
import io.longwire.register.client.SessionListener;
import io.longwire.register.client.SessionWriter;
import io.longwire.register.client.SlotSessions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A room without phones: sessions are put by the test, on one thread as on an event loop. */
final class TestRoom implements SlotSessions, AutoCloseable {
    final Map<Long, Long> sessions = new ConcurrentHashMap<>();
    final AtomicInteger firstAcks = new AtomicInteger();
    final AtomicInteger secondAcks = new AtomicInteger();
    final AtomicInteger owed = new AtomicInteger();
    final Set<PutResult> results = ConcurrentHashMap.newKeySet();
    final Set<PutResult> conflicts = ConcurrentHashMap.newKeySet();
    final Set<Integer> fetchedAgain = ConcurrentHashMap.newKeySet();
    private final ExecutorService loop = Executors
            .newSingleThreadExecutor(Thread.ofPlatform().daemon().name("test-loop").factory());
    private final SessionWriter writer;

    TestRoom(Service service) {
        this.writer = new SessionWriter(service.rpc(), service.cluster(), service.clock(), service.metrics(), this);
    }

    void put(long endpointId, long connSeq) {
        sessions.put(endpointId, connSeq);
        writer.put(endpointId, connSeq, endpointId + 1, new Counted(), loop);
    }

    void remove(long endpointId, long connSeq) {
        sessions.remove(endpointId, connSeq);
        writer.remove(endpointId, connSeq);
    }

    int dirtySlots() {
        return writer.dirtySlots();
    }

    @Override
    public void forEach(int slot, Visitor visitor) {
        sessions.forEach((endpointId, connSeq) -> {
            if ((endpointId & 4095) == slot) {
                visitor.session(endpointId, connSeq, endpointId + 1);
            }
        });
        visitor.done();
    }

    @Override
    public void slotFlushed(int slot) {
        fetchedAgain.add(slot);
    }

    @Override
    public void conflict(long endpointId, long connSeq, PutResult result) {
        conflicts.add(result);
    }

    @Override
    public void close() {
        writer.close();
        loop.shutdown();
    }

    private final class Counted implements SessionListener {
        @Override
        public void onFirstAck(PutResult result) {
            results.add(result);
            firstAcks.incrementAndGet();
        }

        @Override
        public void onSecondAck(PutResult result) {
            results.add(result);
            secondAcks.incrementAndGet();
        }

        @Override
        public void onOwed(int acks) {
            owed.incrementAndGet();
        }
    }
}
