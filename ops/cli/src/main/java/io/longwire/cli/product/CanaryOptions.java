package io.longwire.cli.product;

import io.longwire.center.client.Broadcast;
import io.longwire.center.client.Canary;
import io.longwire.cli.terminal.WrongUsage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A share that gets a broadcast first, as options. */
final class CanaryOptions {
    @Option(names = "--canary", paramLabel = "PERCENT", description = "This share of the audience first.")
    private @Nullable Double percent;

    @Option(names = "--hold", paramLabel = "TIME", description = "Goes on so long after the canary, e.g. 10m.")
    private @Nullable Duration hold;

    @Option(names = "--max-failed", paramLabel = "PERCENT",
            description = "Pauses when more of the canary could not take it.")
    private @Nullable Double maxFailed;

    @Option(names = "--max-dropped", paramLabel = "PERCENT",
            description = "Pauses when more of the canary lost its connection within 10 s.")
    private @Nullable Double maxDropped;

    @Option(names = "--max-callback-errors", paramLabel = "PERCENT",
            description = "Pauses when more of the app's callbacks failed since.")
    private @Nullable Double maxCallbackErrors;

    @Option(names = "--wait", description = "Does not go on by itself: `longwire broadcast advance`.")
    private boolean untilAdvanced;

    /** The broadcast with its canary, if there is to be one. */
    Broadcast of(Broadcast broadcast) {
        Double share = percent;
        Duration time = hold;
        Double failed = maxFailed;
        Double dropped = maxDropped;
        Double errors = maxCallbackErrors;
        if (share == null) {
            if (time != null || failed != null || dropped != null || errors != null || untilAdvanced) {
                throw new WrongUsage("--canary: missing (expected: with --hold, --max-failed, --max-dropped,"
                        + " --max-callback-errors, --wait)");
            }
            return broadcast;
        }
        Canary canary = Canary.percent(share);
        canary = time == null ? canary : canary.hold(time);
        canary = failed == null ? canary : canary.maxFailedPercent(failed);
        canary = dropped == null ? canary : canary.maxDroppedPercent(dropped);
        canary = errors == null ? canary : canary.maxCallbackErrorPercent(errors);
        return broadcast.canary(untilAdvanced ? canary.untilAdvanced() : canary);
    }
}
