package io.longwire.cli.fleet;

import io.longwire.rpc.operate.RestartReport;
import io.longwire.rpc.operate.RestartState;
import io.longwire.rpc.operate.RestartState.Phase;
import io.longwire.rpc.operate.RestartStep;
import java.util.ArrayList;
import java.util.List;

/** A restart in lines for people. Static, pure. */
final class RestartLines {
    private RestartLines() {
    }

    /** What is new since the last state seen: one line for each process that got on, and each change of phase. */
    static List<String> changes(RestartState before, RestartState now) {
        var lines = new ArrayList<String>();
        if (before.getStepsCount() == 0) {
            lines.add("restart " + now.getId() + ": " + now.getStepsCount() + " processes in " + now.getWaves()
                    + " waves");
        }
        for (int i = 0; i < now.getStepsCount(); i++) {
            RestartStep step = now.getSteps(i);
            RestartStep last = i < before.getStepsCount() ? before.getSteps(i) : RestartStep.getDefaultInstance();
            if (step.getState() != last.getState()) {
                lines.add("wave " + (step.getWave() + 1) + "/" + now.getWaves() + "  " + step.getHost() + "/"
                        + step.getProcess() + "  " + told(step));
            }
        }
        if (now.getPhase() != before.getPhase()) {
            lines.add(now.getPhase() + (now.getReason().isEmpty() ? "" : ": " + now.getReason()));
        }
        return lines;
    }

    private static String told(RestartStep step) {
        return switch (step.getState()) {
            case WAITING -> "waits";
            case DRAINING -> "drains " + step.getSessionsBefore() + " sessions within " + step.getDrainMs() + " ms";
            case RESTARTING ->
                "drained in " + step.getDrainedMs() + " ms, " + step.getSessionsLeft() + " left; restarts";
            case JOINING -> "runs as " + step.getNewInstance();
            case BACK -> "is back, " + step.getAwayMs() + " ms away";
            case BROKEN -> "BROKEN: " + step.getDetail();
            case UNRECOGNIZED -> "is in a state this command does not know";
        };
    }

    static List<String> summary(RestartState state) {
        var lines = new ArrayList<String>();
        lines.add("restart " + state.getId() + " of " + state.getRequest().getPart() + ": " + state.getPhase()
                + (state.getReason().isEmpty() ? "" : " (" + state.getReason() + ")") + ", " + state.getWavesDone()
                + "/"
                + state.getWaves() + " waves");
        if (state.getPhase() != Phase.RUNNING && state.getPhase() != Phase.PAUSED) {
            RestartReport report = state.getReport();
            lines.add("sessions moved  " + report.getSessionsMoved() + ", cut " + report.getSessionsCut());
            lines.add("messages lost   " + (report.getMessagesCounted()
                    ? report.getMessagesLost() + " of " + report.getMessagesAccepted()
                    : "not known: no saver answered"));
            lines.add("false offline   " + report.getFalseOffline());
            lines.add("taken           " + report.getTakenMs() + " ms");
        }
        return lines;
    }
}
