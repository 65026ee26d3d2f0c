package io.longwire.e2e.rolling;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.longwire.e2e.history.History;
import io.longwire.e2e.load.Load;
import io.longwire.e2e.load.Verdict;
import io.longwire.e2e.phone.Phones;
import io.longwire.e2e.platform.PartProcesses;
import io.longwire.e2e.rolling.AgentHosts.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;
import static org.awaitility.Awaitility.await;

/** Two rooms under agents, with real phones on them, restarted one after the other. */
class RollingRestartIT {
    private static final Logger LOG = LoggerFactory.getLogger(RollingRestartIT.class);
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int PHONES = 8;

    private static PartProcesses parts;
    private static AgentHosts hosts;

    @BeforeAll
    static void start() {
        parts = new PartProcesses("rolling", 0, 1);
        hosts = new AgentHosts(parts, 2, Map.of());
    }

    // One that cannot be ended leaves no other running.
    @AfterAll
    static void end() {
        try (var _ = parts; var _ = hosts) {
            LOG.info("ending what was started");
        }
    }

    @Tag("full")
    @Test
    void restartsRoomsUnderPhonesWithoutLossDoubleOrOffline() {
        var history = new History();
        long seed = 24;
        try (var phones = new Phones("rolling-phones", history)) {
            phones.online(PHONES, parts.product(), LIMIT);
            String before = hosts.done("host", "list", "--json");
            hosts.crash(0);
            assertThat(pids(hosts.done("host", "list", "--json"))).as("the agent's end ends no room")
                    .isEqualTo(pids(before));
            try (var load = Load.start(parts.product(), history, phones.endpoints(), seed, 50)) {
                load.awaitSent(50, LIMIT);
                String told = hosts.done("restart", "room", "--wave", "1", "--watch");
                assertThat(told).contains("2 processes in 2 waves", "host-1/room-1  is back", "host-2/room-2  is back",
                        "DONE, 2/2 waves", "messages lost   0 of ", "false offline   0");
                load.awaitSent(50, LIMIT);
                load.stop();
            }
            assertThat(pids(hosts.done("host", "list", "--json"))).doesNotContainAnyElementsOf(pids(before));
            new Verdict(history, parts.product(), seed).kept(LIMIT);
        }
        assertThat(hosts.done("restart", "list")).contains("DONE");
    }

    @Tag("full")
    @Test
    void isPausedAndResumedByAnOperator() throws IOException {
        var json = new JsonMapper();
        String id = json.readTree(hosts.done("restart", "room", "--wave", "1", "--json")).path("id").asText();
        hosts.done("restart", "pause", id);

        await().atMost(LIMIT).until(() -> listed(id).contains("PAUSED"));
        assertThat(listed(id)).containsPattern(" [01]/2 ") // it may still have waited at the first wave's gate
                .endsWith("by an operator");
        assertThat(hosts.done("restart", "resume", id)).contains("RUNNING");

        await().atMost(LIMIT).until(() -> listed(id).contains("DONE"));
        assertThat(listed(id)).contains(" 2/2 ");
        assertThat(hosts.run("restart", "pause", id).out())
                .isEqualTo("longwire: restart: " + id + " is DONE (expected: one that goes on)\n");
    }

    private static String listed(String id) {
        return hosts.done("restart", "list").lines().filter(line -> line.startsWith(id)).findFirst().orElseThrow()
                .strip();
    }

    @Test
    void writesAFlameGraphOfARoom() {
        Path html = parts.home().resolve("room.html");
        assertThat(hosts.done("profile", "room", "--event", "cpu", "--seconds", "2", "--out", html.toString()))
                .contains("samples of cpu by ");
        assertThat(contentOf(html.toFile())).contains("<html", "room-127.0.0.1-");
        assertThat(Files.exists(parts.home().resolve("room.collapsed"))).isTrue();
        assertThat(hosts.done("threads", "room")).contains("room-rpc-0", " platform threads, ");
        assertThat(hosts.done("heap", "room", "--limit", "3")).contains("java.", "classes");
        Ran wrong = hosts.run("profile", "room", "--event", "sleep");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.out()).endsWith("longwire: event: sleep (expected: cpu, wall, alloc or lock)\n");
        assertThat(hosts.run("profile", "room", "--seconds", "0").out()).contains(
                "longwire: seconds: 0 (expected: 1 to 300)");
        assertThat(hosts.run("profile", "rom").out()).contains("longwire: part: rom (expected: one of [keeper");
    }

    @Tag("full")
    @Test
    void samplesARoomThatStartsAfterTheSwitch() {
        assertThat(hosts.done("describe", "room")).contains("serving since", "COLLECTOR", "rpc_loop_lag_millis",
                "rpc_calls_in_flight", "room_loop_lag_ms");
        assertThat(hosts.done("sampling", "on", "room")).contains("2 processes: sampling on");
        await().atMost(LIMIT).until(() -> hosts.done("sampling", "show").lines()
                .filter(line -> line.startsWith("sampled  room-")).count() == 2);
        String before = hosts.done("sampling", "show");

        hosts.done("host", "restart", "host-1", "room-1");

        String later = await().atMost(LIMIT).until(() -> hosts.done("sampling", "show").lines()
                .filter(line -> line.startsWith("sampled  room-") && !before.contains(line)).findFirst().orElse(""),
                line -> !line.isEmpty()).replace("sampled  ", "");
        Path html = parts.home().resolve("past.html");
        // not often: each question begins the samplers' counts of 20 ms anew, and an idle thread needs a while for them
        await().atMost(LIMIT).pollInterval(Duration.ofSeconds(15)).untilAsserted(() -> {
            hosts.done("profile", "room/" + later, "--past", "--seconds", "300", "--out", html.toString());
            assertThat(parts.home().resolve("past.collapsed")).isNotEmptyFile();
        });
        assertThat(contentOf(html.toFile())).contains("<html", later);
        assertThat(hosts.done("sampling", "off")).contains("processes: sampling off");
        await().atMost(LIMIT).until(() -> hosts.done("sampling", "show").equals("sampling of no part\n"));
        assertThat(hosts.run("profile", "room/" + later, "--seconds", "1", "--out", html.toString()).code()).isZero();
    }

    @Test
    void anAgentRefusesWhatItDoesNotHave() {
        assertThat(hosts.run("host", "start", "host-1", "room-9"))
                .isEqualTo(new Ran(2, "longwire: process: room-9 (expected: one of [room-1])\n"));
        assertThat(hosts.run("host", "restart", "host-1", "room-1", "--version-to", "9.9"))
                .isEqualTo(new Ran(2, "longwire: version: 9.9 (expected: one of [1.0])\n"));
        assertThat(hosts.run("host", "restart", "host-1", "room-1", "--version-to", "../1.0"))
                .extracting(Ran::code).isEqualTo(2);
        assertThat(hosts.run("host", "start", "host-9", "room-1").out())
                .isEqualTo("longwire: host: host-9 has no agent (expected: one of [host-1, host-2])\n");
        assertThat(hosts.run("host", "start", "host-1", "room-1").out())
                .isEqualTo("longwire: room-1: runs (expected: stopped, or the verb restart)\n");
        assertThat(hosts.done("host", "logs", "host-1", "room-1", "--lines", "5").lines().count()).isEqualTo(6);
        assertThat(hosts.run("restart", "room", "--wave", "2").out())
                .isEqualTo("longwire: wave: 2 (expected: 1 to 1, so that one stays)\n");
    }

    private static List<String> pids(String json) {
        return json.lines().map(line -> line.replaceAll(".*\"pid\":(\\d+).*", "$1")).toList();
    }
}
