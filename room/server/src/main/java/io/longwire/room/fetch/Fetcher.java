package io.longwire.room.fetch;

import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Metrics.Counter;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.room.end.EndOutbox;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.metric.Tagged;
import io.longwire.room.push.Delivery;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Loop;
import io.longwire.room.session.Session;
import io.longwire.room.session.TokenBucket;
import io.longwire.room.session.Window;
import io.longwire.rpc.saver.FetchItem;
import io.longwire.rpc.saver.FetchResult;
import io.longwire.rpc.saver.StoredMessage;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks into the inboxes of sessions that owe it. Owner: the loop.
 *
 * <p>A session <em>owes</em> a fetch (flag OWES) whenever its inbox may hold what is not in its window: after each
 * acknowledged put, after a push that could not be written, when told. The debt is cleared when a fetch is sent and
 * comes back if it fails, is PARTIAL, or does not fit; what set it again while the fetch was under way has its own
 * fetch after it. So "owes" ends only with a fetch that began after the last reason and succeeded in full. Failures
 * wait 1, 2, 4 ... 60 s while the connection lives, under a budget per loop, and a session is fetched for only while
 * something could be written. An answer of nothing but what was acked, with more behind it, counts as PARTIAL.
 *
 * <p>Fetches asked for in one batch of work leave together at its end, so the endpoints of a connection share one
 * call.
 */
public final class Fetcher {
    private static final int IN_FLIGHT = 8192;
    private static final int MESSAGES = 8;
    private static final int BYTES = 64 * 1024;
    private static final int LONGEST_BACKOFF_SECONDS = 60;
    private static final long LATEST_DUE_MILLIS = 30 * 60_000;
    private static final long RECENT_ACK_MILLIS = 1_000;

    private enum Outcome {
        FULL, MORE, PARTIAL, FAILED, STALE
    }

    private record Wish(Connection connection, Session session, long endpointId) {
    }

    private final Loop loop;
    private final InboxSource inbox;
    private final Delivery delivery;
    private final EndOutbox ends;
    private final HaltPoints halts;
    private final TokenBucket retryBudget;
    private final Tagged<Outcome> outcomes;
    private final Counter retries;
    private final ArrayDeque<Wish> wishes = new ArrayDeque<>();
    private int inFlight;

    /** @param retriesPerSecond fetches a second after failures and after mass events */
    public Fetcher(Loop loop, InboxSource inbox, Delivery delivery, EndOutbox ends, int retriesPerSecond,
            HaltPoints halts,
            Metrics metrics) {
        this.loop = loop;
        this.inbox = inbox;
        this.delivery = delivery;
        this.ends = ends;
        this.halts = halts;
        this.retryBudget = new TokenBucket(retriesPerSecond);
        this.outcomes = new Tagged<>(metrics, RoomMetric.FETCHES, "outcome", Outcome.class);
        this.retries = metrics.counter(RoomMetric.FETCH_RETRIES);
    }

    /** There is a reason to look now, whatever failed before. */
    public void owe(Connection connection, Session session) {
        session.set(Session.OWES);
        session.fetchTick(0);
        session.fetchTries(0);
        pump(connection, session);
    }

    /**
     * There is a reason to look, and probably a second one within a tick (the other owner's acknowledgement): looks
     * then, or at the end of the tick, so that one fetch serves both.
     */
    public void oweSoon(Connection connection, Session session) {
        session.set(Session.OWES);
        session.fetchTries(0);
        session.clear(Session.PACED);
        postpone(connection, session, 1);
    }

    /** There is a reason to look, at a pace: many have one at the same moment. */
    public void oweLater(Connection connection, Session session, int ticks) {
        session.set(Session.OWES | Session.PACED);
        postpone(connection, session, ticks);
    }

    /**
     * Looks if the session owes it and something could be written. Called after anything that may have changed that.
     */
    public void pump(Connection connection, Session session) {
        if (session.is(Session.OWES) && !session.is(Session.QUEUED) && session.fetchTick() == 0
                && possible(connection, session)) {
            session.set(Session.QUEUED);
            wishes.add(new Wish(connection, session, session.endpointId()));
        }
    }

    /**
     * The phone has acked: its saver, once it knows, holds nothing back from the endpoint any more, so what it put off
     * is looked for in a second.
     */
    public void onAcked(Connection connection, Session session) {
        if (session.is(Session.OWES) && !session.is(Session.PACED)
                && session.fetchTick() > loop.now() + Loop.TICKS_PER_SECOND) {
            postpone(connection, session, Loop.TICKS_PER_SECOND);
        }
        pump(connection, session);
    }

    public void pumpAll(Connection connection) {
        for (int i = 0; i < connection.places(); i++) {
            pump(connection, connection.place(i));
        }
    }

    /** The phone was heard: what waited for that is looked for now. Called when it is marked HOLDS. */
    public void onHeard(Connection connection) {
        connection.unmark(Connection.HOLDS);
        for (int i = 0; i < connection.places(); i++) {
            Session session = connection.place(i);
            if (session.is(Session.HELD)) {
                session.clear(Session.HELD);
                session.set(Session.OWES); // a backoff that runs goes on
                pump(connection, session);
            }
        }
    }

    /** The backoff of some session may be over. Returns the earliest tick of those that wait on, or MAX_VALUE. */
    public int onTimer(Connection connection) {
        int next = Integer.MAX_VALUE;
        for (int i = 0; i < connection.places(); i++) {
            Session session = connection.place(i);
            if (session.fetchTick() == 0) {
                continue;
            }
            if (session.fetchTick() <= loop.now()) {
                if (!session.is(Session.PACED) || retryBudget.take(loop.now())) {
                    session.fetchTick(0);
                    pump(connection, session);
                    continue;
                }
                retries.increment();
                session.fetchTick(loop.now() + Loop.TICKS_PER_SECOND);
            }
            next = Math.min(next, session.fetchTick());
        }
        return next;
    }

    /** Sends what was asked for; runs at the end of each batch of work. */
    public void send() {
        Wish wish;
        while ((wish = wishes.poll()) != null) {
            Session session = wish.session;
            if (session.endpointId() != wish.endpointId) {
                continue; // unbound meanwhile; a new bind has its own wish
            }
            session.clear(Session.QUEUED);
            if (!session.is(Session.OWES) || !possible(wish.connection, session)) {
                continue;
            }
            if (inFlight >= IN_FLIGHT) {
                retries.increment();
                postpone(wish.connection, session, Loop.TICKS_PER_SECOND);
                continue;
            }
            fetch(wish);
        }
    }

    private boolean possible(Connection connection, Session session) {
        return session.bound() && !session.is(Session.FETCHING | Session.NOT_READY | Session.STOPPED)
                && (Delivery.room(connection, session) > 0 || expectsAgain(connection, session));
    }

    private void fetch(Wish wish) {
        Session session = wish.session;
        FetchItem.Builder item = FetchItem.newBuilder().setEndpointId(session.endpointId()).setMaxBytes(BYTES)
                .setOnlineS(StillHere.onlineSeconds(session, loop.now()));
        Window window = wish.connection.window();
        int wanted = Delivery.room(wish.connection, session);
        for (int i = 0; window != null && i < window.count(); i++) {
            if (window.isOf(i, session) && window.expectedAgain(i)) {
                wanted++;
            } else if (window.isOf(i, session)) {
                item.addSkipIds(window.id(i));
            }
        }
        ends.skipEnded(item);
        item.setMaxMessages(Math.min(MESSAGES, wanted));
        session.clear(Session.OWES | Session.PACED | Session.HELD);
        session.set(Session.FETCHING);
        inFlight++;
        halts.pass("room.before-fetch");
        inbox.fetch(item.build()).whenComplete(
                (result, failure) -> loop.mailbox().answer(() -> onResult(wish, failure == null ? result : null)));
    }

    private void onResult(Wish wish, @Nullable FetchResult result) {
        inFlight--;
        Session session = wish.session;
        Connection connection = wish.connection;
        boolean stale = session.endpointId() != wish.endpointId || !session.is(Session.FETCHING)
                || connection.phase() == Connection.CLOSED;
        if (stale) {
            outcomes.increment(Outcome.STALE);
            return;
        }
        session.clear(Session.FETCHING);
        if (result == null || result.getCode() == FetchResult.Code.UNAVAILABLE
                || result.getCode() == FetchResult.Code.BUSY) {
            outcomes.increment(Outcome.FAILED);
            failed(connection, session);
            return;
        }
        boolean stuck = result.getMore() && allEnded(session, result.getMessagesList()); // before any is ended here
        boolean fit = deliverAll(connection, session, result.getMessagesList());
        if (result.getCode() != FetchResult.Code.OK || stuck) {
            outcomes.increment(Outcome.PARTIAL);
            failed(connection, session);
            return;
        }
        session.fetchTries(0);
        boolean more = result.getMore() || !fit;
        outcomes.increment(more ? Outcome.MORE : Outcome.FULL);
        if (more || result.getNextDueMs() != 0) {
            session.set(Session.OWES);
        }
        if (result.getNextDueMs() != 0 && !more) {
            // Held back by a saver that does not know of the latest ack yet?
            long longest = ends.hasUnconfirmed(session.endpointId()) ? RECENT_ACK_MILLIS : LATEST_DUE_MILLIS;
            long wait = Math.clamp(result.getNextDueMs() - loop.clock().wallMillis(), 0, longest);
            postpone(connection, session, (int) (wait / Loop.TICK_MILLIS) + 1);
        }
        pump(connection, session);
    }

    // None is left to be written, so the next answer would be the same, at once, again and again.
    private boolean allEnded(Session session, List<StoredMessage> messages) {
        for (int i = 0; i < messages.size(); i++) {
            if (!ends.hasEnded(session.endpointId(), messages.get(i).getMessageId())) {
                return false;
            }
        }
        return true;
    }

    private boolean deliverAll(Connection connection, Session session, List<StoredMessage> messages) {
        boolean fit = true;
        for (int i = 0; i < messages.size(); i++) {
            StoredMessage message = messages.get(i);
            if (ends.hasEnded(session.endpointId(), message.getMessageId())) {
                continue;
            }
            Window window = connection.window();
            int at = window == null ? -1 : window.find(session, message.getMessageId());
            if (window != null && at >= 0) {
                if (window.expectedAgain(at) && connection.writable()) {
                    delivery.again(connection, window, at, message.getEnvelope());
                } else {
                    fit &= !window.expectedAgain(at);
                }
            } else if (!session.is(Session.NOT_READY | Session.STOPPED) && Delivery.room(connection, session) > 0) {
                delivery.deliver(connection, session, message.getMessageId(), message.getEnvelope());
            } else {
                fit = false;
            }
        }
        if (fit) {
            forgetAbsent(connection, session);
        }
        return fit;
    }

    /** What was expected again and did not come has ended, or is being held back by the saver. */
    private void forgetAbsent(Connection connection, Session session) {
        Window window = connection.window();
        for (int i = window == null ? -1 : window.count() - 1; window != null && i >= 0; i--) {
            if (window.isOf(i, session) && window.expectedAgain(i)) {
                window.remove(i);
            }
        }
        loop.releaseIfEmpty(connection);
    }

    private static boolean expectsAgain(Connection connection, Session session) {
        Window window = connection.window();
        if (window == null || connection.phase() != Connection.LIVE || !connection.writable()) {
            return false;
        }
        for (int i = 0; i < window.count(); i++) {
            if (window.isOf(i, session) && window.expectedAgain(i)) {
                return true;
            }
        }
        return false;
    }

    private void failed(Connection connection, Session session) {
        session.set(Session.OWES | Session.PACED);
        int seconds = Math.min(LONGEST_BACKOFF_SECONDS, 1 << Math.min(session.fetchTries(), 6));
        session.fetchTries(session.fetchTries() + 1);
        retries.increment();
        postpone(connection, session, seconds * Loop.TICKS_PER_SECOND);
    }

    private void postpone(Connection connection, Session session, int ticks) {
        session.fetchTick(loop.now() + Math.max(1, ticks));
        if (connection.phase() == Connection.LIVE) {
            loop.wheel().want(connection, session.fetchTick());
        }
    }
}
