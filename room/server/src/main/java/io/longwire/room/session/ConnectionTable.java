package io.longwire.room.session;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The places of one loop: a connection, a {@link Forward}, or nothing. 12 bytes a place. A place is used again under
 * a new generation, so a handle of before finds nothing.
 */
public final class ConnectionTable {
    private static final int SMALLEST = 1024;

    private final int loop;
    private @Nullable Object[] entries = new @Nullable Object[SMALLEST];
    private int[] generations = new int[SMALLEST];
    private int[] free = new int[SMALLEST];
    private int freeCount;
    private int used;
    private final AtomicInteger connections = new AtomicInteger(); // one writer

    ConnectionTable(int loop) {
        this.loop = loop;
    }

    /** Gives the connection a place and its handle. Throws IllegalStateException at 16 M places. */
    public void add(Connection connection) {
        int place = freeCount > 0 ? free[--freeCount] : fresh();
        entries[place] = connection;
        connection.handle(Handle.of(loop, place, generations[place]));
        connections.incrementAndGet();
    }

    /** What the handle names: a {@link Connection}, a {@link Forward}, or null. */
    public @Nullable Object at(long handle) {
        int place = Handle.place(handle);
        return place < used && generations[place] == Handle.generation(handle) ? entries[place] : null;
    }

    /** Leaves a forward in the connection's place. */
    public void replace(Connection connection, Forward forward) {
        assert at(connection.handle()) == connection;
        entries[Handle.place(connection.handle())] = forward;
        connections.decrementAndGet();
    }

    /** Empties the place; a handle that names nothing is ignored. */
    public void free(long handle) {
        Object entry = at(handle);
        if (entry == null) {
            return;
        }
        int place = Handle.place(handle);
        entries[place] = null;
        generations[place]++;
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, 2 * free.length);
        }
        free[freeCount++] = place;
        if (entry instanceof Connection) {
            connections.decrementAndGet();
        }
    }

    /** Connections in the table, parked ones included. Any thread. */
    public int connections() {
        return connections.get();
    }

    /** Bound of {@link #connectionAt}. */
    public int placesUsed() {
        return used;
    }

    /** The connection in a place, or null. */
    public @Nullable Connection connectionAt(int place) {
        return entries[place] instanceof Connection connection ? connection : null;
    }

    private int fresh() {
        if (used == Handle.PLACES) {
            throw new IllegalStateException("connections of a loop: " + used + " (expected: below " + used + ")");
        }
        if (used == entries.length) {
            int size = Math.min(2 * used, Handle.PLACES);
            entries = Arrays.copyOf(entries, size);
            generations = Arrays.copyOf(generations, size);
        }
        return used++;
    }
}
