package io.longwire.e2e.watching;

import io.longwire.center.CenterMetric;
import io.longwire.coordinator.CoordinatorMetric;
import io.longwire.dispatcher.DispatcherMetric;
import io.longwire.keeper.metrics.Metric;
import io.longwire.keeper.metrics.RuntimeMetric;
import io.longwire.keeper.server.console.metric.ConsoleMetric;
import io.longwire.keeper.server.slots.KeeperMetric;
import io.longwire.register.RegisterMetric;
import io.longwire.register.client.RegisterClientMetric;
import io.longwire.room.metric.RoomMetric;
import io.longwire.saver.watch.SaverMetric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Every metric of the platform, by the part that has it. */
final class AllMetrics {
    private AllMetrics() {
    }

    /** The enum of a part. */
    record Part(String title, Class<? extends Metric> type, List<Metric> metrics) {
        static Part of(String title, Class<? extends Metric> type) {
            return new Part(title, type, List.of(type.getEnumConstants()));
        }
    }

    static final List<Part> PARTS = List.of(Part.of("room", RoomMetric.class), Part.of("center", CenterMetric.class),
            Part.of("saver", SaverMetric.class), Part.of("register", RegisterMetric.class),
            Part.of("coordinator", CoordinatorMetric.class), Part.of("dispatcher", DispatcherMetric.class),
            Part.of("keeper", KeeperMetric.class), Part.of("console (in keeper)", ConsoleMetric.class),
            Part.of("the register's callers (center, saver, room)", RegisterClientMetric.class),
            Part.of("every part", RuntimeMetric.class));

    /** "counter", "timer" or "gauge": the constant's name tells timers, the id counters. */
    static String kind(Metric metric) {
        String constant = ((Enum<?>) metric).name();
        if (metric.id().endsWith("_total")) {
            return "counter";
        }
        boolean time = constant.endsWith("_TIME") || constant.endsWith("_SECONDS");
        return time && metric.id().endsWith("_seconds") ? "timer" : "gauge";
    }

    /** The names that Prometheus has of it. */
    static List<String> names(Metric metric) {
        String name = "longwire_" + metric.id();
        return kind(metric).equals("timer")
                ? List.of(name + "_bucket", name + "_sum", name + "_count", name + "_max")
                : List.of(name);
    }

    /** docs/metrics.md as it should be. */
    static String page() {
        var page = new ArrayList<String>();
        page.add("# Metrics");
        page.add("");
        page.add(
                "Written by the test `MetricsTest` from the enums of the parts; do not edit. Each process tells its "
                        + "own at `/metrics` of its admin");
        page.add("port. A counter only grows; one with tags appears at its first count. A timer is a histogram: "
                + "`_bucket`, `_sum`, `_count`, `_max`, in seconds.");
        for (Part part : PARTS) {
            page.add("");
            page.add("## " + part.title.substring(0, 1).toUpperCase(Locale.ROOT) + part.title.substring(1));
            page.add("`" + part.type.getSimpleName() + "`");
            page.add("");
            page.add("| metric | kind | |");
            page.add("|---|---|---|");
            for (Metric metric : part.metrics) {
                page.add("| `longwire_" + metric.id() + "` | " + kind(metric) + " | " + metric.sentence() + " |");
            }
        }
        return String.join("\n", page) + "\n";
    }
}
