package io.longwire.keeper.agent.backend;

import io.longwire.keeper.config.ConfigNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A process this host may run. Orders name it; they cannot say anything else about it.
 *
 * @param name unique on the host: room-1
 * @param config its configuration file
 * @param jvm arguments of its JVM, after those of all
 */
public record ProcessSpec(String name, String part, Path config, List<String> jvm) {
    private static final Set<String> PARTS = Set.of("keeper", "register", "saver", "room", "center", "dispatcher",
            "coordinator");

    public ProcessSpec {
        jvm = List.copyOf(jvm);
    }

    public static ProcessSpec read(ConfigNode node) {
        node.about("""
                name   local how orders name it
                part   local what it runs
                config local its configuration file
                jvm    local arguments of its JVM beside those of all
                """);
        String name = node.text("name");
        if (!name.matches("[a-z0-9][a-z0-9-]{0,39}")) {
            throw node.wrong("name", name, "small letters, digits and minus, at most 40");
        }
        if (name.equals("agent")) {
            throw node.wrong("name", name, "another one: its unit would be given the agent's own folder, versions too");
        }
        String part = node.text("part");
        if (!PARTS.contains(part)) {
            throw node.wrong("part", part, "one of " + PARTS.stream().sorted().toList());
        }
        return new ProcessSpec(name, part, Path.of(node.text("config")), node.texts("jvm", List.of()));
    }
}
