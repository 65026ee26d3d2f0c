package io.longwire.room.broadcast;

import io.longwire.room.session.Connection;
import io.longwire.room.session.Handle;
import io.longwire.room.session.Loop;
import io.longwire.room.session.Session;
import io.longwire.rpc.room.WalkStatus;

/**
 * One broadcast's way over one loop: whose turn it is, and when. Who gets it is the {@link Recipients}'. Owner: the
 * loop.
 *
 * <p>The walk goes over the places of the connection table, in order, a chunk at a time. A session in a place that it
 * has passed gets the broadcast when it binds; one that it has not reached, from the walk; so each gets it once
 * whatever happens in between. Who could not be written to (buffer full, profile not known, pace used up) is
 * <em>behind</em>: the walk passes again after 2, 4 ... 64 s and looks at those alone. Whoever is behind after that is
 * left to its next login. Such passes are made after the walk too, for the logins that could not be written to.
 *
 * <p>A walk begins when a center orders it. One that begins by itself: when all rooms are said to have walked and this
 * one was not asked, because the centers did not see it for a while.
 */
final class LoopWalk {
    private static final int PLACES = 256;
    private static final int COUNTED_PLACES = 4096;
    private static final int WRITES = 64;
    private static final int LAST_PASS = 6;

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

    private final WalkTools tools;
    private final Loop loop;
    private final WalkPace pace = new WalkPace();
    private final Recipients recipients;
    private ActiveBroadcast active;
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
        this.active = active;
        this.stage = active.stage();
        this.recipients = new Recipients(active, tools, pace, this::onBehind);
        update(active);
    }

    ActiveBroadcast active() {
        return active;
    }

    /** The broadcast as it is now: paused, faster, at the next stage, ordered to be walked. */
    void update(ActiveBroadcast now) {
        boolean goesOn = active.isPaused() && !now.isPaused();
        active = now;
        recipients.update(now);
        setPace();
        if (now.stage() > stage) {
            nextStage(now.stage());
        }
        if (phase == Phase.IDLE && (now.orderedStage() == stage || now.isWalked())) {
            recipients.remember();
            phase = Phase.COUNTING;
            cursor = 0;
        } else if (phase == Phase.DONE && goesOn && recipients.waiting() > 0) { // logins that came during the pause
            beginPasses();
            rest();
        }
        if (now.isOver() && phase != Phase.IDLE) {
            finish();
        }
        if (!now.isOpen() && !isOn()) {
            recipients.forget();
            recipients.stopCounting();
        }
        tools.wake.run();
    }

    private void nextStage(int next) {
        canaryDone = walked;
        walked = false;
        canaryCounts = recipients.beginStage();
        stage = next;
        phase = Phase.IDLE;
        pass = 0;
        cursor = 0;
        if (!canaryDone) {
            recipients.leaveBehind(canaryCounts); // the next walk comes to all of its sessions
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
        if (!recipients.writeMatched(isOn())) {
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
                recipients.counts().total++;
            }
        }
        if (cursor >= loop.table().placesUsed()) {
            cursor = 0;
            phase = Phase.WALKING;
            setPace();
        }
        return true;
    }

    /** A room that no center told its share takes as long as the broadcast says, or goes at the pace of all rooms. */
    private void setPace() {
        boolean byDuration = active.ratePerSecond() == 0 && active.durationSeconds() > 0;
        pace.rate(byDuration
                ? (double) recipients.counts().total / active.durationSeconds()
                : (double) active.ratePerSecond() / tools.loops);
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
            if (!pace.allows(loop.now()) || recipients.isFull()) {
                return false;
            }
            writes += visit(connection, session) ? 1 : 0;
        }
        return cursor < loop.table().placesUsed() || endPass();
    }

    private boolean endPass() {
        if (recipients.isAsking()) {
            return false; // goes on with the last answer
        }
        if (recipients.waiting() == 0 || (pass == LAST_PASS && !joined)) {
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
            recipients.forget();
        }
        recipients.leaveBehind(recipients.counts());
        if (!active.isOpen()) {
            recipients.stopCounting();
        }
    }

    private void onBehind(boolean login) {
        joined |= walked && login;
        if (phase == Phase.DONE && active.flows(loop.clock().wallMillis())) {
            beginPasses();
            rest();
        }
    }

    /** Whether the walk of the present stage reaches the session, if it is on. */
    private boolean isOfThisStage(Session session) {
        int of = active.stageOf(session.endpointId());
        return of == stage || (of < stage && !canaryDone);
    }

    // Returns whether it was written.
    private boolean visit(Connection connection, Session session) {
        if (pass == 0) {
            if (isOfThisStage(session)) {
                recipients.counts().visited++;
            } else if (!recipients.isBehind(session)) { // of the canary's walk
                return false;
            }
        } else if (!recipients.isBehind(session)) {
            return false;
        }
        if (recipients.hasHad(session) || connection.phase() != Connection.LIVE || session.is(Session.BINDING)) {
            recipients.passOver(session); // who is not there now comes by its bind
            return false;
        }
        return recipients.offer(connection, session, false);
    }

    // ---- between the walk's turns

    /**
     * A session was bound and its phone knows.
     *
     * @param seen whether its bcast_seen has the broadcast
     * @param again on the socket that it was bound to before
     */
    void onBound(Connection connection, Session session, boolean seen, boolean again) {
        if (!recipients.onBound(session, seen, again)) {
            return;
        }
        int of = active.stageOf(session.endpointId());
        if (of > stage || !(active.flows(loop.clock().wallMillis()) || active.isPaused()) || comesTo(connection, of)) {
            return;
        }
        if (active.isPaused() || (isOn() && !pace.allows(loop.now()))) {
            recipients.fallBehind(session, true);
        } else {
            recipients.offer(connection, session, true);
        }
    }

    /** Whether the walk is still to come to this place. */
    private boolean comesTo(Connection connection, int of) {
        return (phase == Phase.COUNTING || (phase == Phase.WALKING && pass == 0))
                && (of == stage || !canaryDone)
                && (phase == Phase.COUNTING || Handle.place(connection.handle()) >= cursor);
    }

    /** Its app runs again, or its phone was heard. */
    void onReady(Connection connection, Session session) {
        recipients.onReady(connection, session);
    }

    void onAck(Session session, int status) {
        recipients.onAck(session, status);
    }

    /** A phone hung up. */
    void onDropped(Connection connection) {
        recipients.onDropped(connection);
    }

    /** Once a second. */
    void onSecond(NoteSender sender) {
        recipients.onSecond(sender);
    }

    /** How far the stage is. */
    WalkStatus status(int ofStage) {
        if (ofStage < stage) {
            return canaryCounts.status(0).setVersion(active.version()).setFinished(canaryDone).build();
        }
        return recipients.counts().status(recipients.waiting() + recipients.unwritten()).setVersion(active.version())
                .setWalking(isOn())
                .setFinished(walked).build();
    }
}
