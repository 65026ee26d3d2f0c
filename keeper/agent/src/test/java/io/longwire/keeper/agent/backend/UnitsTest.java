package io.longwire.keeper.agent.backend;

import io.longwire.keeper.agent.AgentConfig;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.config.YamlFile;
import io.longwire.keeper.service.ServiceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The shipped units of systemd do what the agent, its sample configuration and the layout of a version expect. */
final class UnitsTest {
    private static final Path PACKAGING = Path.of(System.getProperty("longwire.root", "."), "ops/packaging");
    private static final String MAIN = "io.longwire.cli.LongwireCli";
    private static final String JAVA = "/usr/lib/jvm/longwire/bin/java";

    private final AgentConfig agent = sample();
    @TempDir
    private Path place;

    @Test
    void aProcessRunsTheVersionThatTheAgentHasLinked() throws IOException {
        Map<String, List<String>> unit = unit("longwire@.service");
        List<String> command = words(unit, "ExecStart");
        String classPath = command.get(command.indexOf("-cp") + 1);
        assertThat(classPath).isEqualTo(agent.home() + "/current/%i/lib/*");
        var systemd = new Systemd(place, standIns());
        Path version = place.resolve("versions/1.2");
        Files.createFile(Files.createDirectories(version.resolve("lib")).resolve("longwire.jar"));

        systemd.start(agent.processes().getFirst(), "1.2", version);

        Path lib = Path.of(classPath.replace(agent.home().toString(), place.toString())
                .replace("%i", agent.processes().getFirst().name()).replace("/*", ""));
        assertThat(lib.resolve("longwire.jar")).exists();
    }

    @Test
    void aProcessIsTheOneThatTheAgentKnows() throws IOException {
        Map<String, List<String>> unit = unit("longwire@.service");
        List<String> command = words(unit, "ExecStart");
        int main = command.indexOf(MAIN);
        assertThat(command.getFirst()).isEqualTo(JAVA);
        assertThat(command.subList(main, command.size()))
                .containsExactly(MAIN, "run", "${PART}", "--config", "/etc/longwire/%i.yaml");
        assertThat(agent.processes()).isNotEmpty().allSatisfy(process -> assertThat(process.config().toString())
                .isEqualTo("/etc/longwire/%i.yaml".replace("%i", process.name())));
        assertThat(unit.get("EnvironmentFile")).as("says PART").containsExactly("/etc/longwire/%i.env");
        assertThat(unit.get("Environment")).as("as the other backend tells its children")
                .containsExactly("LONGWIRE_PROCESS=%H/%i");
        assertThat(command).as("unquoted: several words").contains("$JVM_OPTIONS");
    }

    @Test
    void aProcessHasTimeToDrainAndMayWriteWhereItKeepsThings() throws IOException {
        Map<String, List<String>> unit = unit("longwire@.service");
        assertThat(unit.get("TimeoutStopSec")).containsExactly("31min");
        assertThat(Duration.ofMinutes(31)).isGreaterThan(ServiceConfig.read(ConfigNode.of(Map.of("drain", "30m")))
                .drain());
        assertThat(unit.get("Restart")).as("one that ended well was told to").containsExactly("on-failure");
        assertThat(unit).as("who was stopped leaves nobody behind").doesNotContainKey("KillMode");
        assertThat(words(unit, "ExecStart")).as("limits of the admin port, as ops/bin/longwire has them")
                .contains("-Dsun.net.httpserver.maxReqTime=30", "-Djdk.httpserver.maxConnections=2000");
    }

    @Test
    void aProcessIsNotRootAndCannotChangeWhatRuns() throws IOException {
        Map<String, List<String>> unit = unit("longwire@.service");
        assertThat(unit.get("User")).containsExactly("longwire");
        assertThat(unit.get("Group")).containsExactly("longwire");
        assertThat(unit.get("NoNewPrivileges")).containsExactly("yes");
        assertThat(unit.get("ProtectSystem")).as("it writes in its own places alone").containsExactly("strict");
        assertThat(unit.get("PrivateTmp")).containsExactly("yes");
        assertThat(unit).as("neither versions nor current").doesNotContainKey("ReadWritePaths");
        assertThat(unit.get("StateDirectory")).containsExactly("longwire/%i");
        assertThat(agent.home()).isEqualTo(Path.of("/var/lib/longwire/agent"));
        assertThat(agent.processes()).as("of whose name it would be given the versions")
                .noneMatch(process -> process.name().equals("agent"));
        for (String key : List.of("AmbientCapabilities", "CapabilityBoundingSet")) {
            assertThat(unit.get(key)).as("a room's 443").containsExactly("CAP_NET_BIND_SERVICE");
        }
        assertThat(unit.get("LimitNOFILE")).containsExactly("1048576");
    }

    @ParameterizedTest
    @ValueSource(strings = {"center", "coordinator", "dispatcher", "keeper", "register", "room", "saver"})
    void aProcessOfASampleKeepsItsDataWhereItsUnitMayWrite(String part) {
        ServiceConfig service = YamlFile.read(PACKAGING.resolve("config/" + part + ".yaml")).root()
                .node("service", ServiceConfig::read);
        assertThat(service.dataDir()).isEqualTo(Path.of("/var/lib/longwire/%i".replace("%i", service.name())));
    }

    @Test
    void theAgentIsGivenNoSecrets() {
        ConfigNode service = YamlFile.read(PACKAGING.resolve("config/agent.yaml")).root();
        assertThat(service.<Boolean>node("service", one -> {
            ServiceConfig.read(one);
            return one.has("secrets");
        })).as("who has the secrets of the deployment can be its operator").isFalse();
    }

    @Test
    void theAgentsEndEndsNobody() throws IOException {
        Map<String, List<String>> unit = unit("longwire-agent.service");
        assertThat(unit.get("KillMode")).containsExactly("process");
        assertThat(unit.get("Restart")).containsExactly("always");
        List<String> command = words(unit, "ExecStart");
        assertThat(command.getFirst()).isEqualTo(JAVA);
        assertThat(command.subList(command.indexOf(MAIN), command.size()))
                .containsExactly(MAIN, "run", "agent", "--config", "/etc/longwire/agent.yaml");
        assertThat(command.get(command.indexOf("-cp") + 1)).endsWith("/lib/*").doesNotContain("/current/");
    }

    private static AgentConfig sample() {
        ConfigNode root = YamlFile.read(PACKAGING.resolve("config/agent.yaml")).root();
        root.node("service", ServiceConfig::read);
        return AgentConfig.read(root);
    }

    private static List<String> words(Map<String, List<String>> unit, String key) {
        return List.of(unit.getOrDefault(key, List.of("")).getFirst().split(" ", -1));
    }

    // What its [Service] says, by key.
    private static Map<String, List<String>> unit(String file) throws IOException {
        var said = new HashMap<String, List<String>>();
        String section = "";
        for (String line : Files.readAllLines(PACKAGING.resolve("systemd").resolve(file))) {
            if (line.startsWith("[")) {
                section = line;
            } else if (section.equals("[Service]") && !line.startsWith("#") && line.contains("=")) {
                String[] words = line.split("=", 2);
                said.computeIfAbsent(words[0], key -> new ArrayList<>()).add(words[1]);
            }
        }
        return said;
    }

    private Path standIns() throws IOException {
        Path bin = Files.createDirectories(place.resolve("bin"));
        Path systemctl = Files.writeString(bin.resolve("systemctl"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(systemctl, PosixFilePermissions.fromString("rwx------"));
        return bin;
    }
}
