package io.longwire.bench.figure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longwire.bench.Report;
import io.longwire.bench.process.Heap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which classes grew between two histograms, in bytes per connection, most first. */
record Growth(Map<String, Double> bytesByClass) {
    static final Growth NONE = new Growth(Map.of());
    private static final double WORTH_TELLING = 4;

    static Growth between(Heap low, Heap high, double connections) {
        Map<String, Long> before = bytes(low.biggest());
        var grown = new LinkedHashMap<String, Double>();
        bytes(high.biggest()).entrySet().stream()
                .map(entry -> Map.entry(entry.getKey(),
                        (entry.getValue() - before.getOrDefault(entry.getKey(), 0L)) / connections))
                .filter(entry -> entry.getValue() >= WORTH_TELLING)
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .forEach(entry -> grown.put(entry.getKey(), entry.getValue()));
        return new Growth(grown);
    }

    void writeTo(ObjectNode json) {
        bytesByClass.forEach((name, bytes) -> Report.number(json, name, bytes));
    }

    // "1: 12345 678900 java.lang.Foo (module)"
    private static Map<String, Long> bytes(List<String> lines) {
        var bytes = new LinkedHashMap<String, Long>();
        for (String line : lines) {
            String[] fields = line.split("\\s+", -1);
            bytes.merge(fields[3], Long.parseLong(fields[2]), Long::sum);
        }
        return bytes;
    }
}
