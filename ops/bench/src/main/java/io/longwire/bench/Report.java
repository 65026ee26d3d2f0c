package io.longwire.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/**
 * One figure as one JSON line: the median of its runs, and everything needed to doubt it. Used by one thread.
 */
public final class Report {
    private static final JsonMapper JSON = new JsonMapper();

    private final ObjectNode json = JSON.createObjectNode();
    private final ArrayNode runs = JSON.createArrayNode();

    private Report() {
    }

    /** A figure with its runs, at least one. */
    public static Report of(String figure, String unit, List<Double> values) {
        var report = new Report();
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int n = sorted.length;
        double median = n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
        report.json.put("figure", figure);
        number(report.json, "value", median);
        report.json.put("unit", unit);
        number(report.json, "min", sorted[0]);
        number(report.json, "median", median);
        number(report.json, "max", sorted[n - 1]);
        for (double value : values) {
            double run = rounded(value);
            if (run == Math.rint(run)) {
                report.runs.add((long) run);
            } else {
                report.runs.add(run);
            }
        }
        report.json.set("runs", report.runs);
        return report;
    }

    /** Further values of the figure, for the caller to fill. */
    public ObjectNode more(String name) {
        return json.withObject("/" + name);
    }

    public Report put(String name, double value) {
        number(json, name, value);
        return this;
    }

    /** Writes a number with as many digits as mean something. */
    public static void number(ObjectNode json, String name, double value) {
        double rounded = rounded(value);
        if (rounded == Math.rint(rounded) && Math.abs(rounded) < 1e15) {
            json.put(name, (long) rounded);
        } else {
            json.put(name, rounded);
        }
    }

    public Report put(String name, String value) {
        json.put(name, value);
        return this;
    }

    /** The line, with the machine and the command. */
    public String line(List<String> flags, String command) {
        Machine.writeTo(json.putObject("machine"));
        json.put("flags", String.join(" ", flags)).put("command", command).put("commit", Machine.commit())
                .put("at", Machine.now());
        return json.toString();
    }

    /** With as many digits as mean something. */
    public static double rounded(double value) {
        if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
            return 0;
        }
        return Double.parseDouble(String.format(Locale.ROOT, Math.abs(value) >= 1000 ? "%.0f" : "%.4g", value));
    }
}
