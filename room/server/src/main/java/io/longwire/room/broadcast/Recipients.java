package io.longwire.room.broadcast;

import io.longwire.device.v1.AckStatus;
import io.longwire.room.client.audience.CompiledAudience;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Loop;
import io.longwire.room.session.Session;
import io.longwire.rpc.saver.MatchProfilesReply;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * The sessions of one loop as one broadcast sees them: who has it, who is behind, whose app does not run; and the
 * writing. Whom to look at, and when, is the {@link LoopWalk}'s. Owner: the loop.
 *
 * <p>As long as some room may still have to walk, {@code had} remembers who was written to or told in its bcast_seen
 * that it has it: nobody is written twice by passes. Only a new socket whose bcast_seen lacks the broadcast is: then
 * what was written to the old socket was lost with it. About 2 bytes a session, as {@code answered}, of whose acks the
 * first one counts; both are dropped when they are not needed any more. A session whose app does not run is
 * <em>deferred</em>: written at READY or BIND. So is, if the broadcast is of low priority, one whose phone sleeps:
 * written when the phone is heard, which its heartbeat bounds.
 */
final class Recipients {
    private static final int WRITES = 64;
    private static final int MATCHED = ProfileQuestions.BATCH * ProfileQuestions.IN_FLIGHT;

    /** What the walk has to know. */
    interface Passes {
        /** Somebody could not be written to and was not behind before. */
        void onBehind(boolean login);
    }

    /** A session that the saver says is in the audience. */
    private record Matched(long handle, long endpointId, long connSeq, boolean login) {
    }

    private final WalkTools tools;
    private final Loop loop;
    private final WalkPace pace;
    private final Passes passes;
    private final RoaringBitmap behind = new RoaringBitmap();
    private final RoaringBitmap deferred = new RoaringBitmap(); // of these, in `unwritten` who has never got it
    private final RoaringBitmap unwritten = new RoaringBitmap();
    private final WalkAnswers answers = new WalkAnswers();
    private final ArrayDeque<Matched> matched = new ArrayDeque<>();
    private final @Nullable ProfileQuestions questions;
    private ActiveBroadcast active;
    private @Nullable RoaringBitmap had = new RoaringBitmap();
    private WalkCounts counts = new WalkCounts();

    Recipients(ActiveBroadcast active, WalkTools tools, WalkPace pace, Passes passes) {
        this.tools = tools;
        this.loop = tools.loop;
        this.pace = pace;
        this.passes = passes;
        this.active = active;
        CompiledAudience audience = active.audience();
        this.questions = audience == null || !audience.needsProfile()
                ? null
                : new ProfileQuestions(tools, active.appId(), audience.profileConditions(), this::onProfiles);
    }

    /** The broadcast as it is now. */
    void update(ActiveBroadcast now) {
        active = now;
    }

    /** What the present stage has come to. */
    WalkCounts counts() {
        return counts;
    }

    /** Counts anew; returns what the last stage has come to. */
    WalkCounts beginStage() {
        WalkCounts last = counts;
        counts = new WalkCounts();
        remember();
        return last;
    }

    /** It has to be known from now on who has it. */
    void remember() {
        if (had == null) {
            had = new RoaringBitmap();
        }
    }

    /** What the phones say is enough from now on. */
    void forget() {
        had = null;
    }

    /** Nobody asks this loop for its counts any more. */
    void stopCounting() {
        answers.stopCounting();
    }

    // ---- who is where

    boolean hasHad(Session session) {
        return had != null && had.contains(session.ord());
    }

    boolean isBehind(Session session) {
        return behind.contains(session.ord());
    }

    /** Sessions that are behind. */
    long waiting() {
        return behind.getLongCardinality();
    }

    /** Sessions that wait for their phone, not for a pass: it sleeps, or the app has never got it and does not run. */
    long unwritten() {
        return unwritten.getLongCardinality();
    }

    /** It is behind no more, for a reason of its own. */
    void passOver(Session session) {
        behind.remove(session.ord());
    }

    /** Whoever is behind is left to its next login. */
    void leaveBehind(WalkCounts of) {
        of.left += waiting();
        tools.left.add(waiting());
        behind.clear();
    }

    void fallBehind(Session session, boolean login) {
        if (behind.checkedAdd(session.ord())) {
            tools.behind.increment();
            passes.onBehind(login);
        }
    }

    /**
     * A session was bound: returns whether it lacks the broadcast.
     *
     * @param seen whether its bcast_seen has it
     * @param again on the socket that it was bound to before
     */
    boolean onBound(Session session, boolean seen, boolean again) {
        int ord = session.ord();
        if (seen) {
            if (had != null && had.checkedAdd(ord)) {
                counts.seen++;
            }
            tools.seen.increment();
            behind.remove(ord);
            undefer(ord);
            return false;
        }
        if (had != null && had.contains(ord)) {
            if (again && !deferred.contains(ord)) {
                return false; // on its way
            }
            had.remove(ord);
            if (!deferred.contains(ord)) {
                counts.written = Math.max(0, counts.written - 1); // it was lost with its socket
            }
        }
        return true;
    }

    /** Its app runs again, or its phone was heard. */
    void onReady(Connection connection, Session session) {
        boolean flows = active.flows(loop.clock().wallMillis());
        if (deferred.contains(session.ord()) && !session.is(Session.SEALED_ONLY) && (flows || active.isPaused())
                && connection.phase() == Connection.LIVE) {
            if (flows && connection.writable() && !session.is(Session.STOPPED)) {
                write(connection, session, WalkTools.When.READY);
            } else {
                undefer(session.ord());
                if (had != null) {
                    had.remove(session.ord());
                }
                fallBehind(session, true);
            }
        }
    }

    // ---- who gets it

    /** Writes it to a session in the audience, if that can be told now; returns whether it did. */
    boolean offer(Connection connection, Session session, boolean login) {
        CompiledAudience audience = active.audience();
        if (audience == null
                || !audience.mayMatch(connection.traits(), session.appVersion(), session.endpointId())) {
            counts.notInAudience++;
            passOver(session);
            return false;
        }
        if (questions == null) {
            return deliver(connection, session, login);
        }
        if (isFull()) {
            fallBehind(session, login);
        } else {
            passOver(session);
            questions.ask(connection, session, login);
        }
        return false;
    }

    private boolean deliver(Connection connection, Session session, boolean login) {
        if (session.is(Session.SEALED_ONLY)) { // everybody can read a broadcast: it comes by a connection of its own
            passOver(session);
            if (!login) {
                counts.left++;
                tools.left.add(1);
            }
            return false;
        }
        boolean asleep = active.isLow() && !connection.isAwake(loop.now());
        if (session.is(Session.NOT_READY) || asleep) {
            deferred.add(session.ord());
            unwritten.add(session.ord());
            passOver(session);
            if (asleep) {
                connection.mark(Connection.HOLDS);
            }
            return false;
        }
        if (!connection.writable() || session.is(Session.STOPPED)) {
            fallBehind(session, login);
            return false;
        }
        write(connection, session, login ? WalkTools.When.LOGIN : WalkTools.When.WALK);
        return true;
    }

    private void write(Connection connection, Session session, WalkTools.When when) {
        int ord = session.ord();
        loop.out().shared(connection, active.frame());
        pace.took();
        tools.written.increment(when);
        behind.remove(ord);
        boolean first = !deferred.contains(ord) || unwritten.contains(ord);
        undefer(ord);
        if ((had == null || had.checkedAdd(ord)) && first) {
            counts.written++;
            counts.writtenAtLogin += when == WalkTools.When.LOGIN ? 1 : 0;
        }
        if (active.watchesDrops()) {
            answers.wrote(connection, loop.now());
        }
    }

    private void undefer(int ord) {
        deferred.remove(ord);
        unwritten.remove(ord);
    }

    // ---- profiles

    /** No further session can be asked about before an answer comes. */
    boolean isFull() {
        return questions != null && (questions.isFull() || matched.size() >= MATCHED);
    }

    /** Whether an answer about somebody is still to come or to be used; what was not asked yet is. */
    boolean isAsking() {
        if (questions == null || (questions.isIdle() && matched.isEmpty())) {
            return false;
        }
        questions.flush();
        return true;
    }

    private void onProfiles(ProfileQuestions.Batch batch, @Nullable MatchProfilesReply holds) {
        CompiledAudience audience = active.audience();
        for (int i = 0; i < batch.count && audience != null; i++) {
            if (!(loop.table().at(batch.handles[i]) instanceof Connection connection)) {
                continue;
            }
            Session session = connection.find(batch.endpoints[i]);
            if (session == null || session.connSeq() != batch.epochs[i]) {
                continue;
            }
            if (holds == null) {
                fallBehind(session, batch.logins[i]);
            } else if (audience.matches(connection.traits(), session.appVersion(), session.endpointId(),
                    holds.getHolds(i))) {
                matched.add(new Matched(batch.handles[i], batch.endpoints[i], batch.epochs[i], batch.logins[i]));
            } else {
                counts.notInAudience++;
            }
        }
        tools.wake.run();
    }

    /**
     * Writes to some of those of whom the saver said that they are in the audience; false = the pace is used up.
     *
     * @param on whether the walk is: a login after it does not wait
     */
    boolean writeMatched(boolean on) {
        if (questions != null) {
            questions.flush();
        }
        for (int writes = 0; writes < WRITES && !matched.isEmpty(); writes++) {
            if ((on || !matched.element().login) && !pace.allows(loop.now())) {
                return false;
            }
            Matched next = matched.remove();
            if (loop.table().at(next.handle) instanceof Connection connection
                    && connection.phase() == Connection.LIVE) {
                Session session = connection.find(next.endpointId);
                if (session != null && session.connSeq() == next.connSeq && !hasHad(session)) {
                    deliver(connection, session, next.login);
                }
            }
        }
        return true;
    }

    // ---- what becomes of it

    void onAck(Session session, int status) {
        if (status == AckStatus.ACK_DEFERRED_VALUE) {
            deferred.add(session.ord());
        } else {
            answers.onAck(session.ord(), status, counts);
            undefer(session.ord());
        }
    }

    /** A phone hung up. */
    void onDropped(Connection connection) {
        answers.onDropped(connection, loop.now(), counts);
    }

    /** Once a second. */
    void onSecond(NoteSender sender) {
        answers.onSecond(active, loop.now(), sender);
    }
}
