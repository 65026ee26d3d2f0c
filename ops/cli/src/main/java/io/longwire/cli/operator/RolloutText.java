package io.longwire.cli.operator;

import io.longwire.rpc.keeper.Rollout;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** A rollout as a line for people. Static. */
final class RolloutText {
    private RolloutText() {
    }

    static String line(Rollout rollout) {
        String what = "rollout " + rollout.getNumber() + " of " + rollout.getPart() + ": version "
                + rollout.getVersion() + " over " + rollout.getFrom() + ", ";
        return what + switch (rollout.getState()) {
            case OBSERVING -> "watches " + rollout.getProcesses() + " processes for " + rest(rollout);
            case STEPPING -> "step " + rollout.getStep() + " of 4, told " + told(rollout);
            case BAKING -> "step " + rollout.getStep() + " of 4, bakes for " + rest(rollout) + " in " + told(rollout);
            case HALTED -> "halted by " + rollout.getEndedBy() + " at step " + rollout.getStep() + reason(rollout);
            case DONE -> "done: in force for all";
            case ROLLED_BACK -> "rolled back by " + rollout.getEndedBy() + reason(rollout);
            default -> rollout.getState().name().toLowerCase(Locale.ROOT);
        };
    }

    /** A line for what waits for a restart; empty if nothing does. */
    static List<String> waiting(List<String> keys) {
        return keys.isEmpty()
                ? List.of()
                : List.of("from the next start of each process on only: " + String.join(", ", keys));
    }

    private static String told(Rollout rollout) {
        return rollout.getTold() + " of " + rollout.getProcesses() + " processes "
                + (rollout.getInstancesCount() <= 3 ? rollout.getInstancesList() : "");
    }

    private static String rest(Rollout rollout) {
        long millis = Math.max(0, rollout.getNextMs() - rollout.getChangedMs());
        return Duration.ofMillis(millis).toSeconds() == 0 ? millis + " ms" : millis / 1000 + " s";
    }

    private static String reason(Rollout rollout) {
        return rollout.getReason().isEmpty() ? "" : ": " + rollout.getReason();
    }
}
