package io.longwire.bench.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** The counters of a part, as its admin port shows them. Used by one thread; blocks for at most 5 s. */
public final class MetricsPage {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final URI page;
    private Map<String, Double> before = Map.of();

    /** @param adminAddress host:port */
    public MetricsPage(String adminAddress) {
        this.page = URI.create("http://" + adminAddress + "/metrics");
    }

    /** From now on. */
    public void mark() {
        before = read();
    }

    /** What grew since the mark, of those metrics that begin with the prefix; without the prefix "longwire_". */
    public Map<String, Double> grown(String prefix) {
        var grown = new TreeMap<String, Double>();
        read().forEach((name, now) -> {
            double change = now - before.getOrDefault(name, 0.0);
            if (name.startsWith(prefix) && change > 0) {
                grown.put(name, change);
            }
        });
        return grown;
    }

    /** A value now; 0 while there is none. */
    public double now(String name) {
        return read().getOrDefault(name, 0.0);
    }

    private Map<String, Double> read() {
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            var page = http.send(HttpRequest.newBuilder(this.page).timeout(PATIENCE).build(), BodyHandlers.ofString());
            var values = new TreeMap<String, Double>();
            page.body().lines().filter(line -> line.startsWith("longwire_")).forEach(line -> {
                int blank = line.lastIndexOf(' ');
                values.put(line.substring("longwire_".length(), blank), Double.parseDouble(line.substring(blank + 1)));
            });
            return values;
        } catch (IOException away) {
            return Map.of();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Map.of();
        }
    }
}
