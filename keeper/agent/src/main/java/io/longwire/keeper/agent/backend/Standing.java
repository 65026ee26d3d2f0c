package io.longwire.keeper.agent.backend;

import io.longwire.rpc.agent.ProcessReport.State;

/**
 * How a process stands.
 *
 * @param pid 0 = it does not run
 * @param version of this run, or of the last one; empty = it never ran
 * @param adopted it outlived an earlier run of the agent
 * @param detail of one that died: what is known
 */
public record Standing(State state, long pid, long startedMillis, String version, boolean adopted, String detail) {
    static Standing never() {
        return new Standing(State.STOPPED, 0, 0, "", false, "");
    }

    public boolean runs() {
        return state == State.RUNNING;
    }
}
