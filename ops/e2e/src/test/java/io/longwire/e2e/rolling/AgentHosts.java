package io.longwire.e2e.rolling;

import io.longwire.cli.LongwireCli;
import io.longwire.e2e.platform.PartProcess;
import io.longwire.e2e.platform.PartProcesses;
import io.longwire.e2e.platform.Place;
import io.longwire.keeper.agent.backend.ChildProcesses;
import io.longwire.keeper.agent.backend.ProcessSpec;
import io.longwire.keeper.config.YamlFile;
import io.longwire.keeper.trust.SigningKey;
import io.longwire.testkit.process.JavaProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Hosts (directories of this machine) with an agent each, a process of its own, and rooms that these start: host-1 has
 * room-1, and so on. All is done by the command line, as an operator does it. Closing ends the agents and the rooms.
 */
final class AgentHosts implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(4);
    private static final List<String> JVM = List.of("-ea", "-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    private final PartProcesses parts;
    private final List<Integer> ports;
    private final Path operatorKey;
    private final List<JavaProcess> agents = new ArrayList<>();

    /** A command that ended: its exit code and all it printed. */
    record Ran(int code, String out) {
    }

    /** Deploys version 1.0 everywhere and starts a room on each host. */
    AgentHosts(PartProcesses parts, int hosts, Map<String, Object> room) {
        this.parts = parts;
        this.ports = Place.freePorts(hosts);
        this.operatorKey = parts.home().resolve("operator.pem");
        boolean up = false;
        try {
            String trusted = SigningKey.create(operatorKey).publicText();
            for (int i = 0; i < hosts; i++) {
                write(i, room);
                agents.add(start(i, trusted));
            }
            agents.forEach(agent -> agent.awaitLine("agent serves: ", START));
            Path release = parts.home().resolve("release.zip");
            checked(type("host", "pack", release.toString()), "host pack");
            assertThat(done("host", "deploy", release.toString(), "--version-to", "1.0", "--sign",
                    operatorKey.toString())).contains("host-" + hosts + ": 1.0, ");
            Files.delete(release);
            for (int i = 0; i < hosts; i++) {
                done("host", "start", host(i), process(i), "--version-to", "1.0");
            }
            up = true;
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        } finally {
            if (!up) {
                close();
            }
        }
    }

    static String host(int index) {
        return "host-" + (index + 1);
    }

    static String process(int index) {
        return "room-" + (index + 1);
    }

    /** Where the rooms take phones. */
    List<String> rooms() {
        return ports.stream().map(port -> "127.0.0.1:" + port).toList();
    }

    /** Ends an agent as a crash does, and starts it again. */
    void crash(int index) {
        agents.get(index).kill9();
        agents.set(index, start(index, SigningKey.read(operatorKey).publicText()));
        agents.get(index).awaitLine("agent serves: ", START);
    }

    /** A command as the operator types it. */
    Ran run(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--keeper", parts.keeper(), "--key", parts.product().adminKey()));
        return type(all.toArray(String[]::new));
    }

    /** One that must succeed; what it printed. */
    String done(String... words) {
        return checked(run(words), String.join(" ", words));
    }

    private static Ran type(String... words) {
        var out = new StringWriter();
        var writer = new PrintWriter(out, true);
        return new Ran(LongwireCli.run(writer, writer, words), out.toString());
    }

    private static String checked(Ran ran, String command) {
        assertThat(ran.code()).as("exit code of %s, which printed: %s", command, ran.out()).isZero();
        return ran.out();
    }

    private void write(int index, Map<String, Object> room) throws IOException {
        var config = new LinkedHashMap<String, Object>();
        config.put("service", parts.service(process(index)));
        config.put("listen", List.of(Map.of("port", ports.get(index))));
        config.putAll(room);
        Files.writeString(file(index), YamlFile.print(config));
    }

    private JavaProcess start(int index, String trusted) {
        var config = new LinkedHashMap<String, Object>();
        config.put("service", parts.service("agent-" + (index + 1)));
        config.put("host", host(index));
        config.put("home", homeOf(index).toString());
        config.put("trusted", Map.of("orders", List.of(parts.keeperKey()), "versions", List.of(trusted)));
        config.put("jvm", JVM);
        config.put("processes", List.of(Map.of("name", process(index), "part", "room", "config",
                file(index).toString())));
        return PartProcess.start(parts.home(), "agent-" + (index + 1), "agent", config);
    }

    private Path file(int index) {
        return parts.home().resolve(process(index) + ".yaml");
    }

    private Path homeOf(int index) {
        return parts.home().resolve(host(index));
    }

    @Override
    public void close() {
        agents.forEach(JavaProcess::close);
        for (int i = 0; i < ports.size(); i++) {
            try {
                new ChildProcesses(host(i), homeOf(i), new ChildProcesses.Jvm(Path.of("java"), List.of()))
                        .stop(new ProcessSpec(process(i), "room", file(i), List.of()), Duration.ofSeconds(10));
                Place.dropVersions(homeOf(i));
            } catch (IOException stubborn) {
                throw new UncheckedIOException(stubborn);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
