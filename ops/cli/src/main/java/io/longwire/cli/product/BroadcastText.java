package io.longwire.cli.product;

import io.longwire.center.client.BroadcastState;
import io.longwire.center.client.BroadcastState.Counts;
import io.longwire.center.client.BroadcastState.Estimate;
import io.longwire.center.client.BroadcastState.ProductPace;
import io.longwire.cli.terminal.Output;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A broadcast in words. Static, any thread. */
final class BroadcastText {
    private static final int BAR = 24;

    private BroadcastText() {
    }

    /** What it is, in one sentence. */
    static String sentence(BroadcastState state) {
        String name = state.broadcastId().isEmpty() ? "it" : state.broadcastId();
        String revoke = state.revokes().isEmpty() ? "" : ", takes back " + state.revokes();
        return name + " is " + state.state() + (state.reason().isEmpty() ? "" : ": " + state.reason()) + revoke;
    }

    /** The answer to its making. */
    static List<String> made(BroadcastState state) {
        Estimate estimate = state.estimate();
        var lines = new ArrayList<String>();
        if (estimate != null) {
            lines.addAll(state.list().isEmpty() ? audience(estimate) : list(estimate));
            if (estimate.needsApproval()) {
                lines.add("it needs an approval: longwire broadcast approve");
            }
        } else if (!state.scheduleId().isEmpty()) {
            lines.add("scheduled " + state.scheduleId());
        } else {
            lines.add(sentence(state) + (state.duplicate() ? " (made before, with the same idempotency key)" : ""));
            lines.add("follow it: longwire broadcast watch " + state.broadcastId());
        }
        return lines;
    }

    private static List<String> list(Estimate estimate) {
        return List.of("dry run: " + number(estimate.endpoints()) + " endpoints of the list, "
                + time(estimate.walk()) + " at this pace");
    }

    private static List<String> audience(Estimate estimate) {
        return List.of("dry run: " + number(estimate.online()) + " of " + number(estimate.onlineTotal())
                + " sessions are in the audience now, " + time(estimate.walk()) + " at this pace",
                "about " + number(estimate.endpoints()) + " endpoints, online or not (" + number(
                        estimate.endpointsLow()) + " to " + number(estimate.endpointsHigh()) + ")");
    }

    /** Everything there is to know of it. */
    static List<String> report(BroadcastState state) {
        Counts counts = state.counts();
        var lines = new ArrayList<String>();
        lines.add(sentence(state) + (state.label().isEmpty() ? "" : " (" + state.label() + ")"));
        lines.add(line(state));
        if (!state.list().isEmpty()) {
            lines.add("to list " + state.list());
        }
        lines.add(number(counts.targeted()) + (state.list().isEmpty() ? " sessions" : " endpoints")
                + " in the audience so far, " + number(counts.notInAudience())
                + " not, " + number(counts.seen()) + " had it already");
        lines.add(number(counts.acked()) + " acked, " + number(counts.shown()) + " showed, " + number(counts.clicked())
                + " clicked it; " + number(counts.droppedAfter()) + " connections ended within 10 s");
        lines.add("made " + Output.time(state.created()) + ", expires " + Output.time(state.expires()));
        return lines;
    }

    /** How far it is, on a line of its own. */
    static String line(BroadcastState state) {
        return state.state() + " " + state.stage() + " " + percent(state.percent()) + ", " + figures(state);
    }

    /** The same behind a bar. */
    static String bar(BroadcastState state) {
        return bar(state.percent()) + " "
                + (state.state().equals("running") ? state.stage() : state.state() + " " + state.stage()) + ", "
                + figures(state);
    }

    /** So much of a bar, and the number. */
    static String bar(double percent) {
        int full = (int) Math.round(Math.clamp(percent, 0, 100) * BAR / 100);
        return "[" + "=".repeat(full) + " ".repeat(BAR - full) + "] " + percent(percent);
    }

    private static String figures(BroadcastState state) {
        Counts counts = state.counts();
        var text = new StringBuilder(number(counts.written())).append(" written");
        if (state.state().equals("running")) {
            text.append(" (").append(number(Math.round(state.ratePerSecond()))).append("/s, ").append(eta(state.eta()))
                    .append(')');
        }
        ProductPace paced = state.productPace();
        if (paced != null) {
            text.append(", paced by the product's backend: ").append(rate(paced.perSecond())).append("/s (")
                    .append(paced.reason()).append(')');
        }
        text.append(", ").append(number(counts.acked())).append(" acked");
        if (counts.leftToCursor() > 0) {
            text.append(", ").append(number(counts.leftToCursor()))
                    .append(state.list().isEmpty() ? " left to cursor" : " tried again");
        }
        for (Map.Entry<String, Long> failed : new TreeMap<>(counts.failed()).entrySet()) {
            text.append(", ").append(number(failed.getValue())).append(' ').append(failed.getKey());
        }
        return text.append(", ").append(state.roomsFinished()).append('/').append(state.rooms())
                .append(state.list().isEmpty() ? " rooms" : " ranges").toString();
    }

    private static String rate(double perSecond) {
        return perSecond < 10 ? String.format(Locale.ROOT, "%.1f", perSecond) : number(Math.round(perSecond));
    }

    private static String eta(@Nullable Duration eta) {
        return eta == null ? "no ETA" : "ETA " + time(eta);
    }

    private static String percent(double percent) {
        return String.format(Locale.ROOT, "%.1f%%", percent);
    }

    static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    // The two largest units.
    private static String time(Duration time) {
        long seconds = Math.ceilDiv(time.toMillis(), 1000);
        if (seconds < 60) {
            return seconds + "s";
        }
        return seconds < 3600
                ? seconds / 60 + "m " + seconds % 60 + "s"
                : seconds / 3600 + "h " + seconds % 3600 / 60 + "m";
    }
}
