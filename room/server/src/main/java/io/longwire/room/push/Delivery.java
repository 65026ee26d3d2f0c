package io.longwire.room.push;

import com.google.protobuf.ByteString;
import io.longwire.device.Limits;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Metrics.Counter;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.room.end.EndOutbox;
import io.longwire.room.end.UnsealedEnds;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Loop;
import io.longwire.room.session.Session;
import io.longwire.room.session.Window;
import io.longwire.rpc.room.PushItem;
import io.longwire.rpc.room.PushResult;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Puts messages into the window and onto the socket, in that order: an ack can never overtake its own registration.
 * What cannot be written now is not kept here: a DURABLE message is in the inbox and the session owes a fetch, a
 * TRANSIENT one is dropped and counted. One of low priority is written if the phone is awake: in the foreground, or
 * heard within 3 s. Else the session is marked, and owes a fetch from the phone's next bytes on. Owner: the loop.
 */
public final class Delivery {
    /** A message not acked so long after it was written is late. */
    public static final Duration ACK_TIMEOUT = Duration.ofSeconds(15);
    static final int ACK_TICKS = Loop.ticks(ACK_TIMEOUT);

    private final Loop loop;
    private final EndOutbox ends;
    private final UnsealedEnds unsealed;
    private final HaltPoints halts;
    private final Counter written;
    private final Counter transientDropped;

    public Delivery(Loop loop, EndOutbox ends, UnsealedEnds unsealed, HaltPoints halts, Metrics metrics) {
        this.loop = loop;
        this.ends = ends;
        this.unsealed = unsealed;
        this.halts = halts;
        this.written = metrics.counter(RoomMetric.WRITTEN);
        this.transientDropped = metrics.counter(RoomMetric.TRANSIENT_DROPPED);
    }

    /**
     * A message from another part, meant for exactly this conn_seq.
     *
     * @param connection null if the handle names none
     */
    public PushResult.Code push(@Nullable Connection connection, PushItem item) {
        Session session = connection == null ? null : connection.find(item.getEndpointId());
        if (connection == null || session == null) {
            if (connection != null && connection.phase() == Connection.LOGIN) {
                connection.mark(Connection.MISSED_PUSH); // its sessions may be on their way from another loop
                return later(null, PushResult.Code.PARKED, item);
            }
            return later(null, PushResult.Code.NOT_HERE, item);
        }
        if (session.connSeq() != item.getConnSeq()) {
            return later(null, PushResult.Code.NOT_HERE, item);
        }
        PushResult.Code refused = refusal(connection, session, item.getMessageId());
        if (refused == PushResult.Code.DUPLICATE) {
            return refused;
        }
        if (refused != PushResult.Code.WRITTEN) {
            return later(session, refused, item);
        }
        if (item.getLow() && !connection.isAwake(loop.now())) {
            return hold(connection, session, item);
        }
        if (mayNotGo(session, item.getEnvelope())) {
            return refuse(session, item);
        }
        if (item.getTransient()) {
            loop.out().push(connection, 0, item.getEnvelope());
        } else {
            write(connection, session, item.getMessageId(), item.getRoutedMs(), item.getEnvelope());
        }
        written.increment();
        return PushResult.Code.WRITTEN;
    }

    /** How many messages of this session could be written now. */
    public static int room(Connection connection, Session session) {
        return connection.phase() == Connection.LIVE && connection.writable()
                ? Math.min(Limits.UNACKED_ENDPOINT - session.inWindow(),
                        connection.windowLimit() - connection.inFlight())
                : 0;
    }

    /** A message from the inbox, for which there is {@link #room}. */
    public void deliver(Connection connection, Session session, long messageId, ByteString envelope) {
        if (mayNotGo(session, envelope)) {
            unsealed.end(session, messageId, loop.clock().wallMillis());
            return;
        }
        write(connection, session, messageId, loop.clock().wallMillis(), envelope);
        written.increment();
    }

    /** A message of the window, expected again, came from the inbox: writes it once more. */
    public void again(Connection connection, Window window, int i, ByteString envelope) {
        send(connection, window, i, connection.nextSeq(), envelope);
        written.increment();
    }

    private static boolean mayNotGo(Session session, ByteString envelope) {
        return session.is(Session.SEALED_ONLY) && EnvelopeScan.isReadable(envelope);
    }

    // It has ended, so for whoever sent it that is what a message is that the phone has had.
    private PushResult.Code refuse(Session session, PushItem item) {
        if (item.getTransient()) {
            return later(session, PushResult.Code.NOT_READY, item);
        }
        unsealed.end(session, item.getMessageId(), item.getRoutedMs());
        return PushResult.Code.DUPLICATE;
    }

    private PushResult.Code refusal(Connection connection, Session session, long messageId) {
        if (connection.phase() == Connection.PARKED) {
            return PushResult.Code.PARKED;
        }
        if (session.is(Session.NOT_READY)) {
            return PushResult.Code.NOT_READY;
        }
        Window window = connection.window();
        if ((window != null && window.find(session, messageId) >= 0)
                || ends.hasEnded(session.endpointId(), messageId)) {
            return PushResult.Code.DUPLICATE;
        }
        if (session.is(Session.STOPPED) || connection.phase() != Connection.LIVE
                || session.inWindow() >= Limits.UNACKED_ENDPOINT
                || connection.inFlight() >= connection.windowLimit()) {
            return PushResult.Code.WINDOW_FULL;
        }
        return connection.writable() ? PushResult.Code.WRITTEN : PushResult.Code.NOT_WRITABLE;
    }

    private PushResult.Code hold(Connection connection, Session session, PushItem item) {
        if (item.getTransient()) {
            transientDropped.increment();
        } else {
            session.set(Session.HELD);
            connection.mark(Connection.HOLDS);
        }
        return PushResult.Code.HELD;
    }

    private PushResult.Code later(@Nullable Session session, PushResult.Code code, PushItem item) {
        if (item.getTransient()) {
            transientDropped.increment();
        } else if (session != null) {
            session.set(Session.OWES);
        }
        return code;
    }

    private void write(Connection connection, Session session, long messageId, long routed, ByteString envelope) {
        Window window = loop.windowOf(connection);
        long seq = connection.nextSeq();
        send(connection, window, window.add(session, messageId, routed, seq, EnvelopeScan.isRevoke(envelope)), seq,
                envelope);
    }

    private void send(Connection connection, Window window, int i, long seq, ByteString envelope) {
        window.written(i, seq, loop.clock().wallMillis(), loop.now());
        loop.out().push(connection, seq, envelope);
        loop.wheel().want(connection, loop.now() + ACK_TICKS);
        halts.pass("room.pushed");
    }
}
