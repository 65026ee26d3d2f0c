package io.longwire.keeper.server.restart;

import io.longwire.rpc.operate.RestartState;
import io.longwire.rpc.operate.RestartState.Phase;
import io.longwire.rpc.operate.RestartStep;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The state of one restart, and what operators want of it. Thread-safe; each change is told. */
final class Board {
    private final Consumer<RestartState> changed;
    private RestartState state; // guarded by this
    private boolean pauseWanted; // guarded by this
    private boolean abortWanted; // guarded by this

    Board(RestartState begun, Consumer<RestartState> changed) {
        this.state = begun;
        this.changed = changed;
    }

    synchronized RestartState now() {
        return state;
    }

    synchronized void change(UnaryOperator<RestartState> change) {
        RestartState next = change.apply(state);
        if (!next.equals(state)) {
            state = next;
            changed.accept(next);
        }
    }

    void step(int index, UnaryOperator<RestartStep> change) {
        change(now -> now.toBuilder().setSteps(index, change.apply(now.getSteps(index))).build());
    }

    /** Waits at the next wave. */
    synchronized void pause(String reason) {
        pauseWanted = true;
        change(now -> now.toBuilder().setReason(reason).build());
    }

    synchronized void resume() {
        pauseWanted = false;
        change(now -> now.toBuilder().setPhase(Phase.RUNNING).setReason("").build());
        notifyAll();
    }

    synchronized void abort() {
        abortWanted = true;
        notifyAll();
    }

    /** At the border of two waves: waits while it is paused. False = it is over. */
    synchronized boolean goesOn() throws InterruptedException {
        while (pauseWanted && !abortWanted) {
            change(now -> now.toBuilder().setPhase(Phase.PAUSED).build());
            wait();
        }
        return !abortWanted;
    }
}
