package io.longwire.keeper.server.console.cluster;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Reads what a process tells Prometheus. Pure. */
final class Prometheus {
    private static final String PREFIX = "longwire_";

    private Prometheus() {
    }

    /** The metrics of these names (without "longwire_"), each summed over its tags. What is no number is left out. */
    static Map<String, Double> sums(String page, Set<String> names) {
        var sums = new HashMap<String, Double>();
        page.lines().filter(line -> line.startsWith(PREFIX)).forEach(line -> {
            int end = line.indexOf('{');
            int space = line.lastIndexOf(' ');
            if (space < 0) {
                return;
            }
            String name = line.substring(PREFIX.length(), end < 0 ? space : Math.min(end, space));
            double value = names.contains(name) ? number(line.substring(space + 1)) : Double.NaN;
            if (Double.isFinite(value)) {
                sums.merge(name, value, Double::sum);
            }
        });
        return sums;
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException none) {
            return Double.NaN;
        }
    }
}
