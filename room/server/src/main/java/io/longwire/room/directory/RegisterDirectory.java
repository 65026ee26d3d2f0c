package io.longwire.room.directory;

import io.longwire.register.client.PutResult;
import io.longwire.register.client.Session;
import io.longwire.register.client.SessionListener;
import io.longwire.register.client.SessionWriter;
import io.longwire.register.client.SlotSessions;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of this room, mirrored to the register by a {@link SessionWriter}. The list is changed before the
 * register is told, as the writer's flushes need it. Thread-safe.
 */
public final class RegisterDirectory implements SessionDirectory, AutoCloseable {
    private final SessionList list = new SessionList();
    private final IntSupplier incarnation;
    private volatile @Nullable SessionWriter writer;

    /** @param incarnation the room's present one */
    public RegisterDirectory(IntSupplier incarnation) {
        this.incarnation = incarnation;
    }

    /**
     * Connects the list to the register; once, before the first put.
     *
     * @param make makes the writer over the list of this directory
     */
    public void start(Function<SlotSessions, SessionWriter> make, SessionEvents events) {
        writer = make.apply(new Listed(list, events));
    }

    @Override
    public @Nullable Session put(long endpointId, long connSeq, long handle, SessionListener listener,
            Executor executor) {
        SessionList.Entry had = list.put(endpointId, connSeq, handle);
        boolean barred = had != null && had.bars(connSeq, handle);
        if (!barred) {
            writer().put(endpointId, connSeq, handle, listener, executor);
        }
        return had == null || (!barred && had.handle() == handle)
                ? null
                : new Session(endpointId, had.connSeq(), incarnation.getAsInt(), had.handle());
    }

    @Override
    public void remove(long endpointId, long connSeq) {
        list.remove(endpointId, connSeq);
        writer().remove(endpointId, connSeq);
    }

    @Override
    public void removeStray(long endpointId, long connSeq) {
        if (!list.has(endpointId, connSeq)) {
            writer().remove(endpointId, connSeq);
        }
    }

    /** The home handle of the endpoint's session in this room; -1 = it has none. */
    public long handleOf(long endpointId) {
        return list.handleOf(endpointId);
    }

    /** Sessions listed; walks all slots. */
    public int size() {
        return list.size();
    }

    @Override
    public void close() {
        SessionWriter started = writer;
        if (started != null) {
            started.close();
        }
    }

    private SessionWriter writer() {
        return Objects.requireNonNull(writer, "register writer: not started");
    }

    private record Listed(SessionList list, SessionEvents events) implements SlotSessions {
        @Override
        public void forEach(int slot, Visitor visitor) {
            list.forEach(slot, visitor::session);
            visitor.done();
        }

        @Override
        public void slotFlushed(int slot) {
            list.forEach(slot, (endpointId, connSeq, handle) -> events.fetchAgain(endpointId, handle));
        }

        @Override
        public void conflict(long endpointId, long connSeq, PutResult result) {
            long handle = list.handleOf(endpointId);
            if (list.has(endpointId, connSeq)) {
                events.conflict(endpointId, connSeq, handle, result);
            }
        }
    }
}
