package io.longwire.keeper.agent;

import io.longwire.keeper.agent.backend.ProcessSpec;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.trust.TrustedKeys;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What an agent can be told.
 *
 * @param host how keepers name it; unique in the deployment
 * @param home where versions, logs and pid files are kept
 * @param orders whose orders are obeyed: the keepers'
 * @param versions whose versions are taken: of those who make them, on no keeper
 * @param java the program that processes are run with; of the backend PROCESSES only
 * @param jvm arguments of all their JVMs; of the backend PROCESSES only
 * @param processes all that may be run here
 */
public record AgentConfig(String host, Path home, Kind backend, TrustedKeys orders, TrustedKeys versions, Path java,
        List<String> jvm, List<ProcessSpec> processes) {
    private static final List<String> USUAL_JVM = List.of("--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow", "-Dsun.net.httpserver.maxReqTime=30",
            "-Djdk.httpserver.maxConnections=2000", "-XX:+UseG1GC", "-XX:+AlwaysPreTouch",
            "-XX:MaxGCPauseMillis=20", "-XX:+UseCompactObjectHeaders", "-XX:+ExitOnOutOfMemoryError");

    /** How processes are run. */
    public enum Kind {
        /** As children that outlive the agent. */
        PROCESSES,
        /** As units of systemd. */
        SYSTEMD
    }

    private record Trusted(TrustedKeys orders, TrustedKeys versions) {
        static Trusted read(ConfigNode node) {
            node.about("""
                    orders   local whose orders are obeyed: the keepers' keys
                    versions local whose versions are taken: operators' keys, which are on no keeper
                    """);
            var orders = new TrustedKeys(node.texts("orders", List.of()));
            List<String> versions = node.texts("versions", List.of());
            for (String key : versions) {
                if (new TrustedKeys(List.of(key)).ids().stream().anyMatch(orders::knows)) { // base64 has many spellings
                    throw node.wrong("versions", key, "another key than under orders: who has a keeper's must not be "
                            + "able to make a version");
                }
            }
            return new Trusted(orders, new TrustedKeys(versions));
        }
    }

    public AgentConfig {
        jvm = List.copyOf(jvm);
        processes = List.copyOf(processes);
    }

    public static AgentConfig read(ConfigNode node) {
        node.about("""
                host      local how keepers name it; unique in the deployment
                home      local where versions, logs and pid files are kept
                backend   local how processes are run
                trusted   local whose orders are obeyed and whose versions are taken
                java      local the program that processes are run with
                jvm       local arguments of all their JVMs
                processes local all that may be run here
                """);
        String host = node.text("host");
        if (!host.matches("[A-Za-z0-9][A-Za-z0-9.-]{0,99}")) {
            throw node.wrong("host", host, "letters, digits, dots and minus, at most 100");
        }
        Trusted trusted = node.node("trusted", Trusted::read);
        var config = new AgentConfig(host, Path.of(node.text("home", "agent")).toAbsolutePath(),
                node.choice("backend", Kind.PROCESSES), trusted.orders(), trusted.versions(),
                Path.of(node.text("java", Path.of(System.getProperty("java.home"), "bin", "java").toString())),
                node.texts("jvm", USUAL_JVM), node.nodes("processes", ProcessSpec::read));
        Set<String> names = new HashSet<>();
        for (ProcessSpec spec : config.processes()) {
            if (!names.add(spec.name())) {
                throw node.wrong("processes", spec.name(), "each name once");
            }
        }
        return config;
    }
}
