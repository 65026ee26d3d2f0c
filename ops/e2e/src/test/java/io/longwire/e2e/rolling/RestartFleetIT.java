package io.longwire.e2e.rolling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.longwire.bench.endpoint.EndpointFile;
import io.longwire.bench.load.CenterGrpcTarget;
import io.longwire.bench.load.Load;
import io.longwire.bench.load.LoadResult;
import io.longwire.bench.load.Pace;
import io.longwire.e2e.broadcast.SimulatedFleet;
import io.longwire.e2e.platform.PartProcesses;
import io.longwire.e2e.platform.Place;
import io.longwire.keeper.clock.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;
import static org.awaitility.Awaitility.await;

/**
 * Three rooms under agents, 3,000 simulated phones on them, 500 DURABLE messages a second: a rolling restart of all
 * rooms, and a profile of one, under that load.
 */
@Tag("full")
class RestartFleetIT {
    private static final Logger LOG = LoggerFactory.getLogger(RestartFleetIT.class);
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int PHONES = 3_000;
    private static final double PER_SECOND = 500;
    private static final double AT_LEAST_PER_SECOND = 450;
    private static final double WARM_UP_SECONDS = 60;
    private static final long GAP_MICROS = 3_000_000;

    private static PartProcesses parts;
    private static AgentHosts hosts;
    private static SimulatedFleet fleet;
    private static Path place;

    @BeforeAll
    static void start() {
        parts = new PartProcesses("restart-parts", 0, 1);
        hosts = new AgentHosts(parts, 3, Map.of("accept", Map.of("perSecond", 500)));
        place = Place.fresh("restart-fleet");
        fleet = SimulatedFleet.start(place, parts.product(), PHONES, hosts.rooms());
    }

    // One that cannot be ended leaves no other running.
    @AfterAll
    static void end() {
        try (var _ = parts; var _ = hosts; var _ = fleet) {
            LOG.info("ending what was started");
        }
    }

    @Test
    void movesEveryPhoneWithoutLossDoubleOrOffline() throws Exception {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(fleet.order("join share=100")).isEqualTo(PHONES));
        fleet.order("roam on");
        fleet.order("remember on");
        try (var target = CenterGrpcTarget.patient(parts.api(0).replace("http://", ""), parts.product().apiKey(),
                EndpointFile.read(place.resolve("endpoints.tsv"), 0, PHONES), 256)) {
            new Load(target, PHONES, 10, 1, Clock.system()).run(0, new Pace.Open(PER_SECOND / 2, 200), WARM_UP_SECONDS);
            fleet.order("reset run=1");
            long before = target.sentAgain();
            var load = new Load(target, PHONES, 10, 1, Clock.system());
            var sending = CompletableFuture.supplyAsync(
                    () -> load.run(1, new Pace.Open(PER_SECOND, 200), 2.0 * LIMIT.toSeconds(), Long.MAX_VALUE));
            profile();
            JsonNode report = restart();
            load.stop();
            LoadResult sent = sending.join();
            LOG.info("sent {} in {} s: {}; {} of them refused for now and sent again", sent.sent(), sent.seconds(),
                    sent.outcomes(), target.sentAgain() - before);
            judge(sent, report);
        }
    }

    private static void profile() {
        Path html = parts.home().resolve("room-under-load.html");
        hosts.done("profile", "room", "--event", "cpu", "--seconds", "10", "--out", html.toString());
        assertThat(contentOf(html.toFile())).contains("<html");
        assertThat(contentOf(parts.home().resolve("room-under-load.collapsed").toFile()))
                .as("stacks of a room at work").contains("io/longwire/room/");
    }

    private static JsonNode restart() throws IOException {
        String told = hosts.done("restart", "room", "--wave", "1", "--watch", "--json");
        LOG.info("restart: {}", told);
        JsonNode restart = new JsonMapper().readTree(told);
        assertThat(restart.path("phase").asText()).isEqualTo("DONE");
        assertThat(restart.path("waves_done").asInt()).isEqualTo(3);
        return restart.path("report");
    }

    private static void judge(LoadResult sent, JsonNode report) {
        assertThat(sent.accepted()).isGreaterThan((long) (PER_SECOND * 10)).isEqualTo(sent.sent());
        assertThat(sent.acceptedPerSecond()).as("accepted a second, over the whole run: %s", sent.outcomes())
                .isGreaterThanOrEqualTo(AT_LEAST_PER_SECOND);
        fleet.order("await count=" + sent.accepted() + " patience=60");
        JsonNode stats = fleet.stats();
        LOG.info("phones: {}", stats);
        assertThat(stats.path("unique").asLong()).as("lost: %s", stats).isEqualTo(sent.accepted());
        assertThat(report.path("messages_counted").asBoolean()).isTrue();
        assertThat(report.path("messages_lost").asLong()).isZero();
        // The wire may repeat what the old connection's ack has not reached; phones show by id, once.
        assertThat(stats.path("shownTwice").asLong()).as("shown twice: %s", stats).isZero();
        assertThat(stats.has("shownTwice")).isTrue();
        assertThat(stats.path("duplicates").asLong()).as("doubles on the wire").isLessThan(sent.accepted() / 100);
        assertThat(report.path("false_offline").asLong()).as("false offline: %s", report).isZero();
        assertThat(report.path("sessions_cut").asLong()).as("cut: %s", report).isZero();
        assertThat(report.path("sessions_moved").asLong()).isGreaterThanOrEqualTo(PHONES);
        assertThat(stats.path("slowestOfDeviceMicros").path("count").asLong()).isGreaterThan(PHONES * 9L / 10);
        assertThat(stats.path("slowestOfDeviceMicros").path("p99").asLong()).as("push gap: %s", stats)
                .isLessThanOrEqualTo(GAP_MICROS);
        assertThat(fleet.order("ping off")).as("online").isEqualTo(PHONES);
    }
}
