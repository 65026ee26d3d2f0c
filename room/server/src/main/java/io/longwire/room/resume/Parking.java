package io.longwire.room.resume;

import io.longwire.keeper.metrics.Metrics;
import io.longwire.room.ack.Acks;
import io.longwire.room.broadcast.LoopBroadcasts;
import io.longwire.room.directory.SessionDirectory;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.metric.Tagged;
import io.longwire.room.session.CloseReason;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Link;
import io.longwire.room.session.Loop;
import io.longwire.room.session.Session;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The ends of connections. A dropped one that may be back soon is parked: its sessions stay registered under the same
 * handle, pushes to them are remembered as "owes a fetch", and nobody is told they are offline. When the time is
 * over, or the reason speaks against it, its sessions are removed from the register. Owner: the loop.
 */
public final class Parking {
    /** Gives up the place that a home handle names, on whatever loop it is, if it still leads to this handle. */
    public interface HomeRelease {
        void release(long home, long handle);
    }

    private final Loop loop;
    private final Acks acks;
    private final LoopBroadcasts broadcasts;
    private final SessionDirectory directory;
    private final int maxParked;
    private final HomeRelease homes;
    private final Tagged<CloseReason> closed;
    private final AtomicInteger parked = new AtomicInteger(); // written by the loop, read by gauges
    private volatile int ttlTicks = Loop.ticks(Duration.ofSeconds(30));

    /**
     * @param maxParked connections this loop keeps parked; above it they end at once
     */
    public Parking(Loop loop, Acks acks, LoopBroadcasts broadcasts, SessionDirectory directory, int maxParked,
            HomeRelease homes, Metrics metrics) {
        this.loop = loop;
        this.acks = acks;
        this.broadcasts = broadcasts;
        this.directory = directory;
        this.maxParked = maxParked;
        this.homes = homes;
        this.closed = new Tagged<>(metrics, RoomMetric.CLOSED, "reason", CloseReason.class);
    }

    /** How long connections parked from now on wait. Any thread. */
    public void ttl(Duration ttl) {
        ttlTicks = Loop.ticks(ttl);
    }

    /** Connections parked on this loop. Any thread. */
    public int parked() {
        return parked.get();
    }

    /** Closes the socket; then as {@link #dropped}. */
    public void close(Connection connection, CloseReason reason) {
        Link link = connection.link();
        if (link != null) {
            link.flush();
            link.close();
        }
        dropped(connection, reason);
    }

    /** The socket is gone, or is being closed. */
    public void dropped(Connection connection, CloseReason reason) {
        if (connection.link() == null || connection.phase() == Connection.CLOSED) {
            return;
        }
        closed.increment(reason);
        connection.unlink();
        connection.reader().close();
        switch (connection.phase()) {
            case Connection.LOGIN -> {
                // whoever works on the login sees that the link is gone and ends or parks what came of it
            }
            case Connection.LIVE -> {
                if (reason.parks()) {
                    broadcasts.onDropped(connection);
                }
                if (reason.parks() && connection.boundCount() > 0 && parked.get() < maxParked) {
                    park(connection);
                } else {
                    end(connection);
                }
            }
            default -> end(connection);
        }
    }

    /** Keeps the sessions for a while. The link is gone. */
    public void park(Connection connection) {
        acks.giveUp(connection, null);
        connection.phase(Connection.PARKED);
        parked.incrementAndGet();
        loop.wheel().set(connection, loop.now() + ttlTicks);
    }

    /** Ends the connection and all its sessions. The link is gone or was never logged in. */
    public void end(Connection connection) {
        leave(connection);
        for (int i = 0; i < connection.places(); i++) {
            Session session = connection.place(i);
            if (session.bound()) {
                directory.remove(session.endpointId(), session.connSeq());
                session.unbind();
            }
        }
        if (connection.home() != connection.handle()) {
            homes.release(connection.home(), connection.handle());
        }
        loop.table().free(connection.handle());
    }

    /** Ends one session. A connection that is left without any is closed. */
    public void unbind(Connection connection, Session session) {
        acks.giveUp(connection, session);
        directory.remove(session.endpointId(), session.connSeq());
        session.unbind();
        connection.removePlace(session);
        if (connection.boundCount() == 0 && connection.phase() != Connection.LOGIN) {
            if (connection.link() == null) {
                end(connection);
            } else {
                close(connection, CloseReason.EMPTY);
            }
        }
    }

    /** Takes a connection out of everything but its place in the table. */
    void leave(Connection connection) {
        if (connection.phase() == Connection.PARKED) {
            parked.decrementAndGet();
        }
        acks.giveUp(connection, null);
        loop.wheel().remove(connection);
        connection.phase(Connection.CLOSED);
    }

    /** The phone is back on a new socket: closes the old one if it is still there. */
    void replaced(Connection connection) {
        Link link = connection.link();
        if (link != null) {
            link.close();
            closed.increment(CloseReason.RESUMED);
            connection.unlink();
            connection.reader().close();
        }
    }
}
