package io.longwire.keeper.server.console.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.server.console.fetch.Fetch;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks the admin port of a process for health and metrics. Thread-safe; blocks for 3 s at most. */
final class AdminPort implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMillis(1500);
    private static final int MOST_BYTES = 4 << 20;
    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> NAMES = Figure.ALL.stream().map(Figure::metric).collect(Collectors.toSet());

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE).build();
    private final Clock clock;

    AdminPort(Clock clock) {
        this.clock = clock;
    }

    /** @param before the look before, of the same process, for rates; null = none */
    Look look(Member member, @Nullable Look before) throws InterruptedException {
        try {
            JsonNode health = JSON.readTree(get(member, "/healthz"));
            Map<String, Double> raw = Prometheus.sums(get(member, "/metrics"), NAMES);
            long now = clock.nanos();
            return new Look(member, now, health.path("version").asText(""), standing(member, health),
                    troubles(health.path("checks")), raw,
                    figures(member.part(), raw, before, now));
        } catch (IOException away) {
            return new Look(member, clock.nanos(), "", "unreachable",
                    List.of("its admin port " + member.adminAddress() + " does not answer"), Map.of(), Map.of());
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private String get(Member member, String path) throws IOException, InterruptedException {
        try {
            return new String(Fetch.whole(http, HttpRequest.newBuilder(
                    URI.create("http://" + member.adminAddress() + path)).build(), PATIENCE, MOST_BYTES).body(),
                    StandardCharsets.UTF_8);
        } catch (IllegalArgumentException noAddress) {
            throw new IOException("admin address: " + member.adminAddress() + " (expected: host:port)", noAddress);
        }
    }

    // To its own health, a process that drains does not serve; whoever had it drained is not to be alarmed by that.
    private static String standing(Member member, JsonNode health) {
        return member.draining() || health.path("phase").asText("").equals(Look.DRAINING)
                ? Look.DRAINING
                : health.path("status").asText("failing");
    }

    private static List<String> troubles(JsonNode checks) {
        var troubles = new ArrayList<String>();
        checks.properties().forEach(check -> {
            if (!check.getValue().asText().equals("ok")) {
                troubles.add(check.getKey() + ": " + check.getValue().asText());
            }
        });
        return troubles;
    }

    private static Map<String, Double> figures(String part, Map<String, Double> raw, @Nullable Look before, long now) {
        var figures = new HashMap<String, Double>();
        for (Figure figure : Figure.ALL) {
            Double value = figure.of(part) ? raw.get(figure.metric()) : null;
            if (value == null) {
                continue;
            }
            if (!figure.rate()) {
                figures.put(figure.name(), value);
            } else if (before != null && before.raw().containsKey(figure.metric())) {
                double grown = value - before.raw().getOrDefault(figure.metric(), 0.0);
                figures.put(figure.name(), Math.max(0, grown) * 1e9 / Math.max(1, now - before.atNanos()));
            }
        }
        return figures;
    }
}
