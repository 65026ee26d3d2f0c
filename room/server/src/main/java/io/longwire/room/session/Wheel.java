package io.longwire.room.session;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The timers of one loop: one per connection, at the earliest moment at which anything of it may be due. A connection
 * is in the list of one bucket, linked by place numbers; 12 bytes each, in the connection. Moments are ticks of 50
 * ms; 8192 buckets make a round of 410 s, and what is due in a later round is passed over once a round. Bytes that
 * arrive move no timer: who is woken too early looks again and asks for a later tick.
 */
public final class Wheel {
    static final int NOT_LINKED = Integer.MIN_VALUE;
    private static final int BUCKETS = 8192;
    private static final int NOBODY = -1;

    private final ConnectionTable table;
    private final int[] heads = new int[BUCKETS];
    private int done;
    private int[] due = new int[256];

    Wheel(ConnectionTable table) {
        this.table = table;
        Arrays.fill(heads, NOBODY);
    }

    /** Wakes the connection at this tick, or earlier if it asked for that before. */
    public void want(Connection connection, int tick) {
        if (connection.dueTick == NOT_LINKED || tick < connection.dueTick) {
            set(connection, tick);
        }
    }

    /** Wakes the connection at this tick and not before. */
    public void set(Connection connection, int tick) {
        remove(connection);
        int place = Handle.place(connection.handle());
        int at = Math.max(tick, done + 1);
        int bucket = at & (BUCKETS - 1);
        connection.dueTick = at;
        connection.wheelPrevious = NOBODY;
        connection.wheelNext = heads[bucket];
        if (heads[bucket] != NOBODY) {
            at(heads[bucket]).wheelPrevious = place;
        }
        heads[bucket] = place;
    }

    /** Takes the connection off. Must precede its leaving the table. */
    public void remove(Connection connection) {
        if (connection.dueTick == NOT_LINKED) {
            return;
        }
        if (connection.wheelPrevious == NOBODY) {
            heads[connection.dueTick & (BUCKETS - 1)] = connection.wheelNext;
        } else {
            at(connection.wheelPrevious).wheelNext = connection.wheelNext;
        }
        if (connection.wheelNext != NOBODY) {
            at(connection.wheelNext).wheelPrevious = connection.wheelPrevious;
        }
        connection.dueTick = NOT_LINKED;
    }

    /**
     * Takes off all that are due up to this tick and hands each over; that one may ask again or end any connection.
     */
    public void advance(int now, Consumer<Connection> woken) {
        int from = now - done > BUCKETS ? now - BUCKETS : done;
        int count = 0;
        for (int tick = from + 1; tick <= now; tick++) {
            int place = heads[tick & (BUCKETS - 1)];
            while (place != NOBODY) {
                Connection connection = at(place);
                place = connection.wheelNext;
                if (connection.dueTick <= now) {
                    remove(connection);
                    if (count == due.length) {
                        due = Arrays.copyOf(due, 2 * count);
                    }
                    due[count++] = Handle.place(connection.handle());
                }
            }
        }
        done = Math.max(done, now);
        for (int i = 0; i < count; i++) {
            Connection connection = table.connectionAt(due[i]);
            if (connection != null && connection.dueTick == NOT_LINKED) { // else ended or asked again meanwhile
                woken.accept(connection);
            }
        }
    }

    private Connection at(int place) {
        Connection connection = table.connectionAt(place);
        if (connection == null) {
            throw new IllegalStateException("wheel: nobody at place " + place + " (expected: a linked connection)");
        }
        return connection;
    }
}
