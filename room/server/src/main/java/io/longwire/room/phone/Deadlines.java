package io.longwire.room.phone;

import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.Limits;
import io.longwire.device.v1.ErrorFrame;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Metrics.Counter;
import io.longwire.room.ack.Acks;
import io.longwire.room.fetch.Fetcher;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.push.Delivery;
import io.longwire.room.resume.Parking;
import io.longwire.room.session.CloseReason;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Loop;
import io.longwire.room.session.Session;
import io.longwire.room.session.Window;

/**
 * What time does to a connection: first frame, idle, half a frame, late acks, fetches put off, the end of parking.
 * One timer per connection, at the earliest of these; bytes that arrive move nothing, who wakes too early looks
 * again. Owner: the loop.
 */
final class Deadlines {
    private static final int FIRST_FRAME = Limits.FIRST_FRAME_SECONDS * Loop.TICKS_PER_SECOND;
    private static final int PARTIAL_FRAME = Limits.PARTIAL_FRAME_SECONDS * Loop.TICKS_PER_SECOND;
    private static final int ACK = Loop.ticks(Delivery.ACK_TIMEOUT);

    private final Loop loop;
    private final Acks acks;
    private final Fetcher fetcher;
    private final Parking parking;
    private final Counter late;
    private final Counter stopped;

    Deadlines(Loop loop, Acks acks, Fetcher fetcher, Parking parking, Metrics metrics) {
        this.loop = loop;
        this.acks = acks;
        this.fetcher = fetcher;
        this.parking = parking;
        this.late = metrics.counter(RoomMetric.ACK_TIMEOUTS);
        this.stopped = metrics.counter(RoomMetric.STOPPED);
    }

    /** A new connection has 8 s. */
    void onOpen(Connection connection) {
        connection.sinceTick(loop.now());
        loop.wheel().set(connection, loop.now() + FIRST_FRAME);
    }

    /** A frame has begun. */
    void onPartial(Connection connection) {
        connection.sinceTick(loop.now());
        loop.wheel().want(connection, loop.now() + PARTIAL_FRAME);
    }

    /** The connection's tick has come. */
    void onDue(Connection connection) {
        switch (connection.phase()) {
            case Connection.NEW -> unfinished(connection);
            case Connection.LIVE -> live(connection);
            case Connection.PARKED -> parking.end(connection);
            default -> {
                // LOGIN: its request has a deadline of its own
            }
        }
    }

    private void unfinished(Connection connection) {
        int due = connection.sinceTick() + FIRST_FRAME;
        if (loop.now() < due) {
            loop.wheel().set(connection, due);
        } else {
            timeOut(connection, CloseReason.NO_CONNECT, "CONNECT: none (expected: within 8 s)");
        }
    }

    private void live(Connection connection) {
        int idle = connection.receivedTick() + connection.idleSeconds() * Loop.TICKS_PER_SECOND;
        if (loop.now() >= idle) {
            timeOut(connection, CloseReason.IDLE, "bytes: none (expected: within " + connection.idleSeconds() + " s)");
            return;
        }
        int next = idle;
        if (connection.marked(Connection.PARTIAL)) {
            int due = connection.sinceTick() + PARTIAL_FRAME;
            if (loop.now() >= due) {
                timeOut(connection, CloseReason.PARTIAL_FRAME, "frame: not whole (expected: within 20 s)");
                return;
            }
            next = Math.min(next, due);
        }
        if (connection.inFlight() > 0) {
            next = Math.min(next, lateAcks(connection));
            if (connection.phase() != Connection.LIVE) {
                return; // closed for silence
            }
        }
        loop.wheel().set(connection, Math.min(next, fetcher.onTimer(connection)));
    }

    /** Returns the tick at which the next ack of the connection is late. */
    private int lateAcks(Connection connection) {
        int next = Integer.MAX_VALUE;
        for (int i = connection.inFlight() - 1; i >= 0; i--) {
            Window window = connection.window();
            if (window == null || i >= window.count() || window.expectedAgain(i)) {
                continue;
            }
            int due = window.writtenTick(i) + ACK;
            if (loop.now() < due) {
                next = Math.min(next, due);
                continue;
            }
            late.increment();
            if (window.attempts(i) < 2) {
                again(connection, window, i);
            } else if (connection.receivedTick() < window.writtenTick(i)) {
                timeOut(connection, CloseReason.ACK_TIMEOUT, "ack: none, and no other byte (expected: within 15 s)");
                return next;
            } else {
                stop(connection, window.session(i));
            }
        }
        return next;
    }

    /** Once more, by way of the inbox: bodies are not kept. */
    private void again(Connection connection, Window window, int i) {
        Session session = window.session(i);
        acks.unacked(window, i);
        if (session.is(Session.NOT_READY)) { // put off with the others: nothing is expected of it until READY
            session.set(Session.OWES);
            window.remove(i);
            loop.releaseIfEmpty(connection);
            return;
        }
        window.expectAgain(i);
        fetcher.owe(connection, session);
    }

    /** This endpoint's app does not ack, the others go on. */
    private void stop(Connection connection, Session session) {
        stopped.increment();
        acks.giveUp(connection, session);
        session.set(Session.STOPPED);
    }

    private void timeOut(Connection connection, CloseReason reason, String text) {
        loop.out().frame(connection, FrameType.ERROR,
                ErrorFrame.newBuilder().setCode(Code.TIMEOUT).setFatal(true).setText(text).build());
        parking.close(connection, reason);
    }
}
