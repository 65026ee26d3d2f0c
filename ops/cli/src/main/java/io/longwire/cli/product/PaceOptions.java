package io.longwire.cli.product;

import io.longwire.center.client.Pace;
import io.longwire.cli.terminal.WrongUsage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How fast a broadcast goes, as options. */
final class PaceOptions {
    @Option(names = "--rate", paramLabel = "N", description = "So many a second, over all rooms.")
    private @Nullable Integer rate;

    @Option(names = "--duration", paramLabel = "TIME", description = "Everybody within that time, e.g. 30m.")
    private @Nullable Duration duration;

    /** As fast as the rooms can, without an option. */
    Pace pace() {
        Integer perSecond = rate;
        Duration time = duration;
        if (perSecond != null && time != null) {
            throw new WrongUsage("--rate, --duration: both (expected: at most one)");
        }
        if (perSecond != null) {
            return Pace.perSecond(perSecond);
        }
        return time == null ? Pace.FASTEST : Pace.within(time);
    }
}
