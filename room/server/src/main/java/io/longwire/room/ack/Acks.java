package io.longwire.room.ack;

import io.longwire.device.AckReader;
import io.longwire.device.Code;
import io.longwire.device.Limits;
import io.longwire.device.ProtocolError;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.AckStatus;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Metrics.Counter;
import io.longwire.room.broadcast.LoopBroadcasts;
import io.longwire.room.end.EndOutbox;
import io.longwire.room.fetch.Fetcher;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.metric.Tagged;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Loop;
import io.longwire.room.session.Session;
import io.longwire.room.session.TokenBucket;
import io.longwire.room.session.Window;
import java.time.Duration;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Applies acks to windows. An endpoint ends only messages of its own: ids are looked up among those written to that
 * very endpoint. An id that is not there may be of an earlier socket, so it is handed to the saver for this endpoint
 * alone, if it could be an id at all and within a budget; the saver answers NO_MESSAGE when it is not this
 * endpoint's. A status beyond STORED for a message that has been acked before is a receipt: shown, clicked. Owner: the
 * loop.
 */
public final class Acks {
    private static final int STRANGE_PER_SECOND = 2_000;
    private static final int STRANGE_PER_ENDPOINT = 4 * Limits.UNACKED_ENDPOINT;
    private static final long OLDEST_MILLIS = Duration.ofDays(31).toMillis();
    private static final long CLOCK_SLACK_MILLIS = Duration.ofMinutes(1).toMillis();

    private enum Strange {
        FORWARDED, IGNORED, NOT_BOUND
    }

    private final Loop loop;
    private final EndOutbox outbox;
    private final Fetcher fetcher;
    private final LoopBroadcasts broadcasts;
    private final Ends ends;
    private final TokenBucket strangeBudget = new TokenBucket(STRANGE_PER_SECOND);
    private final Counter acked;
    private final Counter deferred;
    private final Tagged<Strange> strange;
    private final Receipts receipts;

    public Acks(Loop loop, EndOutbox outbox, Fetcher fetcher, LoopBroadcasts broadcasts, IntSupplier incarnation,
            Metrics metrics) {
        this.loop = loop;
        this.outbox = outbox;
        this.fetcher = fetcher;
        this.broadcasts = broadcasts;
        this.ends = new Ends(incarnation);
        this.acked = metrics.counter(RoomMetric.ACKED);
        this.deferred = metrics.counter(RoomMetric.DEFERRED);
        this.strange = new Tagged<>(metrics, RoomMetric.STRANGE_ACKS, "done", Strange.class);
        this.receipts = new Receipts(loop, outbox, incarnation, metrics);
    }

    /**
     * An ACK frame. Returns false if it named an endpoint that is not bound here; the rest of it
     * was applied.
     */
    public boolean onAck(Connection connection, AckReader ack) throws ProtocolError {
        long now = loop.clock().wallMillis();
        boolean allBound = true;
        for (int i = 0; i < ack.endpoints(); i++) {
            Session session = connection.find(ack.endpointId(i));
            if (session == null) {
                strange.increment(Strange.NOT_BOUND);
                allBound = false;
            } else {
                byId(connection, session, ack, i, now);
            }
        }
        for (int i = 0; i < ack.extras(); i++) {
            bySeq(connection, ack.extra(i), now);
        }
        upTo(connection, ack.uptoSeq());
        return allBound;
    }

    /** Everything of this socket up to the seq is STORED. 0 says nothing. */
    public void upTo(Connection connection, long seq) throws ProtocolError {
        if (seq < 0 || seq > connection.lastSeq()) {
            throw new ProtocolError(Code.PROTOCOL,
                    "upto_seq: " + seq + " (expected: at most " + connection.lastSeq() + ", the last one sent)");
        }
        Window window = connection.window();
        if (window != null && seq != 0) {
            long now = loop.clock().wallMillis();
            for (int i = window.count() - 1; i >= 0; i--) {
                if (window.seq(i) != 0 && window.seq(i) <= seq) {
                    settle(connection, window, i, AckStatus.ACK_STORED_VALUE, now);
                }
            }
            loop.releaseIfEmpty(connection);
        }
        if (seq != 0 && seq == connection.lastSeq()) {
            ackedAll(connection);
        }
    }

    /** Everything sent was acked, though maybe too late to be found in the window: who was stopped is so no more. */
    private void ackedAll(Connection connection) {
        for (int i = 0; i < connection.places(); i++) {
            Session session = connection.place(i);
            if (session.is(Session.STOPPED)) {
                session.clear(Session.STOPPED);
                fetcher.pump(connection, session);
            }
        }
    }

    /**
     * A message was not acked in time, or its connection ended: counts an attempt if the endpoint is READY. The
     * caller takes it out of the window, or expects it again.
     */
    public void unacked(Window window, int i) {
        if (!window.session(i).is(Session.NOT_READY)) {
            outbox.add(ends.unacked(window, i, loop.clock().wallMillis()));
        }
    }

    /** Gives up what is in the window of one session, or of all: it is in the inbox and will be fetched. */
    public void giveUp(Connection connection, @Nullable Session only) {
        Window window = connection.window();
        if (window == null) {
            return;
        }
        for (int i = window.count() - 1; i >= 0; i--) {
            Session session = window.session(i);
            if (only == null || window.isOf(i, only)) {
                if (!window.expectedAgain(i)) {
                    unacked(window, i);
                }
                session.set(Session.OWES);
                window.remove(i);
            }
        }
        loop.releaseIfEmpty(connection);
    }

    private void byId(Connection connection, Session session, AckReader ack, int endpoint, long now) {
        int status = ack.status(endpoint);
        if (status < 0 || status > AckStatus.ACK_REVOKE_LATE_VALUE) {
            status = AckStatus.ACK_STORED_VALUE; // a value of a later version counts as the zero value
        }
        for (int i = 0; i < ack.seqs(endpoint); i++) {
            broadcasts.onAck(session, ack.seq(endpoint, i), status);
        }
        int forwarded = 0;
        int told = 0;
        for (int i = 0; i < ack.ids(endpoint); i++) {
            long id = ack.id(endpoint, i);
            Window window = connection.window();
            int at = window == null ? -1 : window.find(session, id);
            if (window != null && at >= 0) {
                settle(connection, window, at, status, now);
                loop.releaseIfEmpty(connection);
            } else if (Receipts.isOne(status) && plausible(id, now)) {
                receipts.add(session, id, status, told++);
                if (!outbox.hasEnded(session.endpointId(), id) && session.is(Session.OWES | Session.FETCHING)
                        && strangeBudget.take(loop.now())) {
                    strange.increment(Strange.FORWARDED); // it may still wait in the inbox
                    outbox.add(ends.ackedLate(session, id, status, now));
                }
            } else if (forwarded < STRANGE_PER_ENDPOINT && plausible(id, now) && strangeBudget.take(loop.now())) {
                forwarded++;
                strange.increment(Strange.FORWARDED);
                outbox.add(ends.ackedLate(session, id, status, now));
            } else {
                strange.increment(Strange.IGNORED);
            }
        }
        session.clear(Session.STOPPED); // it acks again, be it something of before
        if (status == AckStatus.ACK_DEFERRED_VALUE && ack.ids(endpoint) + ack.seqs(endpoint) > 0) {
            session.set(Session.NOT_READY | Session.OWES);
        } else {
            fetcher.pump(connection, session);
        }
    }

    private void bySeq(Connection connection, long seq, long now) {
        Window window = connection.window();
        for (int i = window == null ? -1 : window.count() - 1; window != null && i >= 0; i--) {
            if (window.seq(i) == seq && seq != 0) {
                settle(connection, window, i, AckStatus.ACK_STORED_VALUE, now);
                loop.releaseIfEmpty(connection);
                return;
            }
        }
    }

    private void settle(Connection connection, Window window, int i, int status, long now) {
        Session session = window.session(i);
        boolean late = status == AckStatus.ACK_REVOKE_LATE_VALUE && !window.isRevoke(i);
        outbox.add(ends.acked(window, i, late ? AckStatus.ACK_STORED_VALUE : status, now));
        window.remove(i);
        session.clear(Session.STOPPED);
        if (status == AckStatus.ACK_DEFERRED_VALUE) {
            deferred.increment();
        } else {
            acked.increment();
            fetcher.onAcked(connection, session);
        }
    }

    private static boolean plausible(long id, long now) {
        if (id <= 0) {
            return false;
        }
        long minted = MessageId.timeMs(id);
        return minted < now + CLOCK_SLACK_MILLIS && minted > now - OLDEST_MILLIS;
    }
}
