package io.longwire.room.directory;

import io.longwire.register.client.PutResult;
import io.longwire.register.client.Session;
import io.longwire.register.client.SessionListener;
import io.longwire.register.client.SessionWriter;
import io.longwire.register.client.SlotSessions;
import io.longwire.room.presence.Arrival;
import io.longwire.room.presence.PresenceFeed;
import io.longwire.room.presence.SessionBook;
import io.longwire.rpc.coordinator.PresenceItem.Kind;
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
    private volatile @Nullable PresenceFeed presence;

    /** @param incarnation the room's present one */
    public RegisterDirectory(IntSupplier incarnation) {
        this.incarnation = incarnation;
    }

    /**
     * Connects the list to the register, and those who watch it to what the register answers; once, before the first
     * put.
     *
     * @param make makes the writer over the list of this directory
     */
    public void start(Function<SlotSessions, SessionWriter> make, SessionEvents events, PresenceFeed feed) {
        presence = feed;
        writer = make.apply(new Listed(list, events));
    }

    @Override
    public @Nullable Session put(long endpointId, long connSeq, long handle, Arrival arrival,
            SessionListener listener, Executor executor) {
        SessionList.Entry had = list.put(endpointId, connSeq, handle, arrival.appId());
        boolean barred = had != null && had.bars(connSeq, handle);
        if (!barred) {
            writer().put(endpointId, connSeq, handle, presence().watch(arrival, endpointId, connSeq, listener),
                    executor);
        }
        return had == null || (!barred && had.handle() == handle)
                ? null
                : new Session(endpointId, had.connSeq(), incarnation.getAsInt(), had.handle());
    }

    @Override
    public void remove(long endpointId, long connSeq) {
        int appId = list.remove(endpointId, connSeq);
        writer().remove(endpointId, connSeq, presence().watch(appId, endpointId, connSeq));
    }

    @Override
    public void uninstalled(int appId, long endpointId, long connSeq) {
        presence().note(Kind.UNINSTALLED, appId, endpointId, connSeq, "");
    }

    @Override
    public void onNetwork(int appId, long endpointId, long connSeq, String network) {
        presence().note(Kind.NETWORK, appId, endpointId, connSeq, network);
    }

    @Override
    public void removeStray(long endpointId, long connSeq) {
        if (!list.has(endpointId, connSeq)) {
            writer().remove(endpointId, connSeq);
        }
    }

    /** The same list, for those who tell of it. */
    public SessionBook book() {
        return new Book(list);
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

    private PresenceFeed presence() {
        return Objects.requireNonNull(presence, "presence feed: not started");
    }

    private record Book(SessionList list) implements SessionBook {
        @Override
        public boolean has(long endpointId, long connSeq) {
            return list.has(endpointId, connSeq);
        }

        @Override
        public void forEach(int slot, SessionBook.Visitor visitor) {
            list.forEach(slot, (endpointId, connSeq, handle, appId) -> visitor.session(endpointId, connSeq, appId));
        }
    }

    private record Listed(SessionList list, SessionEvents events) implements SlotSessions {
        @Override
        public void forEach(int slot, SlotSessions.Visitor visitor) {
            list.forEach(slot, (endpointId, connSeq, handle, appId) -> visitor.session(endpointId, connSeq, handle));
            visitor.done();
        }

        @Override
        public void slotFlushed(int slot) {
            list.forEach(slot, (endpointId, connSeq, handle, appId) -> events.fetchAgain(endpointId, handle));
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
