package io.longwire.room.broadcast;

import io.longwire.device.v1.AckStatus;
import io.longwire.room.client.audience.CompiledAudience;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Handle;
import io.longwire.room.session.Loop;
import io.longwire.room.session.Session;
import io.longwire.rpc.room.WalkStatus;
import io.longwire.rpc.saver.MatchProfilesReply;
import java.util.ArrayDeque;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * One broadcast on one loop: who of its sessions gets it, and when. Owner: the loop.
 *
 * <p>The walk goes over the places of the connection table, in order, a chunk at a time. A session in a place that it
 * has passed gets the broadcast when it binds; one that it has not reached, from the walk; so each gets it once
 * whatever happens in between. Who could not be written to (buffer full, profile not known, pace used up) is
 * <em>behind</em>: the walk passes again after 2, 4 ... 64 s and looks at those alone. Whoever is behind after that is
 * left to its next login. Such passes are made after the walk too, for the logins that could not be written to.
 *
 * <p>A walk begins when a center orders it. One that begins by itself: when all rooms are said to have walked and this
 * one was not asked, because the centers did not see it for a while.
 *
 * <p>As long as some room may still have to walk, {@code had} remembers who was written to or told in its bcast_seen
 * that it has it: nobody is written twice by passes. Only a new socket whose bcast_seen lacks the broadcast is: then
 * what was written to the old socket was lost with it. About 2 bytes a session, as {@code answered}, of whose acks the
 * first one counts; both are dropped when they are not needed any more. A session whose app does not run is
 * <em>deferred</em>: written at READY or BIND.
 */
final class LoopWalk {
    private static final int PLACES = 256;
    private static final int COUNTED_PLACES = 4096;
    private static final int WRITES = 64;
    private static final int LAST_PASS = 6;
    private static final int MATCHED = ProfileQuestions.BATCH * ProfileQuestions.IN_FLIGHT;

    private enum Phase {
        /** Not ordered. */
        IDLE,
        /** How many there are is counted before anything is written. */
        COUNTING,
        /** On its way. */
        WALKING,
        /** Between two passes. */
        RESTING,
        /** Every session was visited, and nobody is behind. */
        DONE
    }

    /** A session that the saver says is in the audience. */
    private record Matched(long handle, long endpointId, long connSeq, boolean login) {
    }

    private final WalkTools tools;
    private final Loop loop;
    private final WalkPace pace;
    private final RoaringBitmap behind = new RoaringBitmap();
    private final RoaringBitmap deferred = new RoaringBitmap(); // of these, in `unwritten` who has never got it
    private final RoaringBitmap unwritten = new RoaringBitmap();
    private final WalkAnswers answers = new WalkAnswers();
    private final ArrayDeque<Matched> matched = new ArrayDeque<>();
    private final @Nullable ProfileQuestions questions;
    private ActiveBroadcast active;
    private @Nullable RoaringBitmap had = new RoaringBitmap();
    private WalkCounts counts = new WalkCounts();
    private WalkCounts canaryCounts = new WalkCounts();
    private Phase phase = Phase.IDLE;
    private int stage;
    private boolean canaryDone;
    private boolean walked; // once DONE in this stage
    private boolean joined; // somebody is behind since these passes began, and the walk was over before
    private int pass;
    private int cursor;
    private int dueTick;

    LoopWalk(ActiveBroadcast active, WalkTools tools) {
        this.tools = tools;
        this.loop = tools.loop;
        this.pace = new WalkPace(ThreadLocalRandom.current().nextDouble());
        this.active = active;
        this.stage = active.stage();
        CompiledAudience audience = active.audience();
        this.questions = audience == null || !audience.needsProfile()
                ? null
                : new ProfileQuestions(tools, active.appId(), audience.profileConditions(), this::onProfiles);
        update(active);
    }

    ActiveBroadcast active() {
        return active;
    }

    /** The broadcast as it is now: paused, faster, at the next stage, ordered to be walked. */
    void update(ActiveBroadcast now) {
        boolean goesOn = active.isPaused() && !now.isPaused();
        active = now;
        pace.rate(now.ratePerSecond() / tools.loops);
        if (now.stage() > stage) {
            nextStage(now.stage());
        }
        if (phase == Phase.IDLE && (now.orderedStage() == stage || now.isWalked())) {
            if (had == null) {
                had = new RoaringBitmap();
            }
            phase = Phase.COUNTING;
            cursor = 0;
        } else if (phase == Phase.DONE && goesOn && !behind.isEmpty()) { // logins that came during the pause
            beginPasses();
            rest();
        }
        if (now.isOver() && phase != Phase.IDLE) {
            finish();
        }
        if (!now.isOpen() && !isOn()) {
            had = null;
            answers.stopCounting();
        }
        tools.wake.run();
    }

    private void nextStage(int next) {
        canaryDone = walked;
        walked = false;
        canaryCounts = counts;
        counts = new WalkCounts();
        stage = next;
        phase = Phase.IDLE;
        pass = 0;
        cursor = 0;
        if (!canaryDone) {
            leaveBehind(canaryCounts); // the next walk comes to all of its sessions
        }
        if (had == null) {
            had = new RoaringBitmap();
        }
    }

    /** Whether its walk was ordered and is not finished. */
    boolean isOn() { return !walked && phase != Phase.IDLE; }

    // ---- the walk

    /** One chunk; returns whether there is more to do at once. */
    boolean step() {
        if (active.hasExpired(loop.clock().wallMillis())) {
            if (phase != Phase.IDLE && phase != Phase.DONE) {
                finish();
            }
            return false;
        }
        if (!active.flows(loop.clock().wallMillis())) {
            return false;
        }
        if (!writeMatched()) {
            return false; // the pace is used up
        }
        return switch (phase) {
            case COUNTING -> countChunk();
            case WALKING -> walkChunk();
            case RESTING -> nextPass();
            case IDLE, DONE -> false;
        };
    }

    private boolean countChunk() {
        int end = Math.min(cursor + COUNTED_PLACES, loop.table().placesUsed());
        for (; cursor < end; cursor++) {
            Connection connection = loop.table().connectionAt(cursor);
            Session session = connection == null ? null : connection.ofApp(active.appId());
            if (session != null && isOfThisStage(session)) {
                counts.total++;
            }
        }
        if (cursor >= loop.table().placesUsed()) {
            cursor = 0;
            phase = Phase.WALKING;
        }
        return true;
    }

    private boolean walkChunk() {
        int end = Math.min(cursor + PLACES, loop.table().placesUsed());
        int writes = 0;
        for (; cursor < end && writes < WRITES; cursor++) {
            Connection connection = loop.table().connectionAt(cursor);
            Session session = connection == null ? null : connection.ofApp(active.appId());
            if (connection == null || session == null) {
                continue;
            }
            if (!pace.allows(loop.now()) || isFull()) {
                return false;
            }
            writes += visit(connection, session) ? 1 : 0;
        }
        return cursor < loop.table().placesUsed() || endPass();
    }

    private boolean endPass() {
        if (questions != null && !(questions.isIdle() && matched.isEmpty())) {
            questions.flush();
            return false; // goes on with the last answer
        }
        if (behind.isEmpty() || (pass == LAST_PASS && !joined)) {
            finish();
        } else {
            if (pass == LAST_PASS) {
                beginPasses();
            }
            rest();
        }
        return false;
    }

    private void beginPasses() {
        pass = 0;
        joined = false;
    }

    private void rest() {
        dueTick = loop.now() + (2 << Math.min(pass, LAST_PASS)) * Loop.TICKS_PER_SECOND;
        phase = Phase.RESTING;
    }

    private boolean nextPass() {
        if (loop.now() - dueTick < 0) {
            return false;
        }
        pass++;
        cursor = 0;
        phase = Phase.WALKING;
        return true;
    }

    private void finish() {
        phase = Phase.DONE;
        walked = true;
        if (stage > 0 || !active.isOpen()) { // what is said between two stages counts for the second
            had = null;
        }
        leaveBehind(counts);
        if (!active.isOpen()) {
            answers.stopCounting();
        }
    }

    private void leaveBehind(WalkCounts of) {
        of.left += behind.getLongCardinality();
        tools.left.add(behind.getLongCardinality());
        behind.clear();
    }

    /** Whether the walk of the present stage reaches the session, if it is on. */
    private boolean isOfThisStage(Session session) {
        int of = active.stageOf(session.endpointId());
        return of == stage || (of < stage && !canaryDone);
    }

    // Returns whether it was written.
    private boolean visit(Connection connection, Session session) {
        int ord = session.ord();
        if (pass == 0) {
            if (isOfThisStage(session)) {
                counts.visited++;
            } else if (!behind.contains(ord)) { // of the canary's walk
                return false;
            }
        } else if (!behind.contains(ord)) {
            return false;
        }
        if (hasHad(ord) || connection.phase() != Connection.LIVE || session.is(Session.BINDING)) {
            behind.remove(ord); // who is not there now comes by its bind
            return false;
        }
        return offer(connection, session, false);
    }

    // ---- who gets it

    /**
     * A session was bound and its phone knows.
     *
     * @param seen whether its bcast_seen has the broadcast
     * @param again on the socket that it was bound to before
     */
    void onBound(Connection connection, Session session, boolean seen, boolean again) {
        int ord = session.ord();
        if (seen) {
            if (had != null && had.checkedAdd(ord)) {
                counts.seen++;
            }
            tools.seen.increment();
            behind.remove(ord);
            undefer(ord);
            return;
        }
        if (had != null && had.contains(ord)) {
            if (again && !deferred.contains(ord)) {
                return; // on its way
            }
            had.remove(ord);
            if (!deferred.contains(ord)) {
                counts.written = Math.max(0, counts.written - 1); // it was lost with its socket
            }
        }
        int of = active.stageOf(session.endpointId());
        if (of > stage || !(active.flows(loop.clock().wallMillis()) || active.isPaused()) || comesTo(connection, of)) {
            return;
        }
        if (active.isPaused() || (isOn() && !pace.allows(loop.now()))) {
            fallBehind(ord, true);
        } else {
            offer(connection, session, true);
        }
    }

    /** Whether the walk is still to come to this place. */
    private boolean comesTo(Connection connection, int of) {
        return (phase == Phase.COUNTING || (phase == Phase.WALKING && pass == 0))
                && (of == stage || !canaryDone)
                && (phase == Phase.COUNTING || Handle.place(connection.handle()) >= cursor);
    }

    /** Its app runs again. */
    void onReady(Connection connection, Session session) {
        boolean flows = active.flows(loop.clock().wallMillis());
        if (deferred.contains(session.ord()) && (flows || active.isPaused())
                && connection.phase() == Connection.LIVE) {
            if (flows && connection.writable()) {
                write(connection, session, WalkTools.When.READY);
            } else {
                undefer(session.ord());
                if (had != null) {
                    had.remove(session.ord());
                }
                fallBehind(session.ord(), true);
            }
        }
    }

    private boolean offer(Connection connection, Session session, boolean login) {
        CompiledAudience audience = active.audience();
        if (audience == null
                || !audience.mayMatch(connection.traits(), session.appVersion(), session.endpointId())) {
            counts.notInAudience++;
            behind.remove(session.ord());
            return false;
        }
        if (questions == null) {
            return deliver(connection, session, login);
        }
        if (isFull()) {
            fallBehind(session.ord(), login);
        } else {
            behind.remove(session.ord());
            questions.ask(connection, session, login);
        }
        return false;
    }

    private boolean deliver(Connection connection, Session session, boolean login) {
        if (session.is(Session.NOT_READY)) {
            deferred.add(session.ord());
            unwritten.add(session.ord());
            behind.remove(session.ord());
            return false;
        }
        if (!connection.writable() || session.is(Session.STOPPED)) {
            fallBehind(session.ord(), login);
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

    private void fallBehind(int ord, boolean login) {
        if (!behind.checkedAdd(ord)) {
            return;
        }
        tools.behind.increment();
        joined |= walked && login;
        if (phase == Phase.DONE && active.flows(loop.clock().wallMillis())) {
            beginPasses();
            rest();
        }
    }

    private boolean hasHad(int ord) {
        return had != null && had.contains(ord);
    }

    // ---- profiles

    private boolean isFull() { return questions != null && (questions.isFull() || matched.size() >= MATCHED); }

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
                fallBehind(session.ord(), batch.logins[i]);
            } else if (audience.matches(connection.traits(), session.appVersion(), session.endpointId(),
                    holds.getHolds(i))) {
                matched.add(new Matched(batch.handles[i], batch.endpoints[i], batch.epochs[i], batch.logins[i]));
            } else {
                counts.notInAudience++;
            }
        }
        tools.wake.run();
    }

    // Returns false if the pace is used up.
    private boolean writeMatched() {
        if (questions != null) {
            questions.flush();
        }
        for (int writes = 0; writes < WRITES && !matched.isEmpty(); writes++) {
            if ((isOn() || !matched.element().login) && !pace.allows(loop.now())) {
                return false; // a login after the walk does not wait
            }
            Matched next = matched.remove();
            if (loop.table().at(next.handle) instanceof Connection connection
                    && connection.phase() == Connection.LIVE) {
                Session session = connection.find(next.endpointId);
                if (session != null && session.connSeq() == next.connSeq && !hasHad(session.ord())) {
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

    private void undefer(int ord) {
        deferred.remove(ord);
        unwritten.remove(ord);
    }

    /** A phone hung up. */
    void onDropped(Connection connection) {
        answers.onDropped(connection, loop.now(), counts);
    }

    /** Once a second. */
    void onSecond(NoteSender sender) {
        answers.onSecond(active, loop.now(), sender);
    }

    /** How far the stage is. */
    WalkStatus status(int ofStage) {
        if (ofStage < stage) {
            return canaryCounts.status(0).setVersion(active.version()).setFinished(canaryDone).build();
        }
        return counts.status(behind.getLongCardinality()).setVersion(active.version()).setWalking(isOn())
                .setFinished(walked).build();
    }
}
