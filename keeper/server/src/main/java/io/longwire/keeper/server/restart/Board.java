package io.longwire.keeper.server.restart;

import io.longwire.rpc.operate.RestartState;
import io.longwire.rpc.operate.RestartState.Phase;
import io.longwire.rpc.operate.RestartStep;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The state of one restart, and what operators want of it. Thread-safe; each change is told. */
final class Board {
    private static final String GATE = "gate: ";

    private final Consumer<RestartState> changed;
    private RestartState state; // guarded by this
    private boolean pauseWanted; // guarded by this
    private boolean abortWanted; // guarded by this
    private boolean last; // guarded by this; the last wave has begun

    Board(RestartState begun, Consumer<RestartState> changed) {
        this.state = begun;
        this.changed = changed;
    }

    synchronized RestartState now() {
        return state;
    }

    /** The state that it is now. */
    synchronized RestartState change(UnaryOperator<RestartState> change) {
        RestartState next = change.apply(state);
        if (!next.equals(state)) {
            state = next;
            changed.accept(next);
        }
        return next;
    }

    void step(int index, UnaryOperator<RestartStep> change) {
        change(now -> now.toBuilder().setSteps(index, change.apply(now.getSteps(index))).build());
    }

    /**
     * Waits at the next wave. False = there is none, because the last has begun or it is over; so with abort. A gate's
     * finding stays the reason.
     */
    synchronized boolean pause(String reason) {
        if (last || Restarts.over(state)) {
            return false;
        }
        boolean found = pauseWanted && state.getReason().startsWith(GATE);
        pauseWanted = true;
        if (!found || reason.startsWith(GATE)) {
            change(now -> now.toBuilder().setReason(reason).build());
        }
        return true;
    }

    /** A gate has found something: waits at the next wave. */
    void found(String finding) {
        pause(GATE + finding);
    }

    /**
     * Goes on, unless a gate has found something since it last stood: then it stands there first, to be looked at.
     * False = it is over.
     */
    synchronized boolean resume() {
        if (Restarts.over(state)) {
            return false;
        }
        pauseWanted = state.getPhase() == Phase.RUNNING && state.getReason().startsWith(GATE);
        if (!pauseWanted) {
            change(now -> now.toBuilder().setPhase(Phase.RUNNING).setReason("").build());
            notifyAll();
        }
        return true;
    }

    synchronized boolean abort() {
        if (last || Restarts.over(state)) {
            return false;
        }
        abortWanted = true;
        notifyAll();
        return true;
    }

    /** At the border of two waves: waits while it is paused. False = it is over. */
    synchronized boolean goesOn() throws InterruptedException {
        while (pauseWanted && !abortWanted) {
            change(now -> now.toBuilder().setPhase(Phase.PAUSED).build());
            wait();
        }
        return !abortWanted;
    }

    /** A wave may begin. False = a pause or an abort was asked for meanwhile. */
    synchronized boolean begins(boolean lastOne) {
        last = lastOne && !pauseWanted && !abortWanted;
        return !pauseWanted && !abortWanted;
    }
}
