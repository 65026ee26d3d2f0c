package io.longwire.coordinator.redis;

import io.longwire.keeper.config.ConfigNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Where events are kept.
 *
 * @param nodes host:port of each Redis, every coordinator's list in the same order; partition p is on number p modulo
 *        their count, so the count may change only while nothing is kept
 * @param user empty = the default user
 * @param password empty = none
 * @param timeout how long a command may take
 * @param queue commands waiting for one node at most
 * @param replicas how many replicas must have an uplink before it counts as kept; 0 = none
 * @param replicaWait how long they may take
 */
public record RedisConfig(List<String> nodes, String user, String password, Duration timeout, int queue, int replicas,
        Duration replicaWait) {
    public RedisConfig {
        nodes = List.copyOf(nodes);
    }

    public static RedisConfig read(ConfigNode node) {
        node.about("""
                nodes        drain host:port of each Redis, every coordinator's list in the same order
                user         drain who logs in there; empty = the default user
                password     local its password
                passwordFile drain file whose content is the password
                timeout      drain how long a command may take
                queue        drain commands waiting for one node at most
                replicas     drain how many replicas must have an uplink before it counts as kept
                replicaWait  drain how long they may take
                """);
        List<String> nodes = node.texts("nodes", List.of("127.0.0.1:6380"));
        for (String address : nodes) {
            if (!address.matches("[^:\\s]+:\\d{1,5}")) {
                throw node.wrong("nodes", address, "host:port");
            }
        }
        if (nodes.isEmpty() || nodes.size() > 64) {
            throw node.wrong("nodes", nodes, "1 to 64 of host:port");
        }
        return new RedisConfig(nodes, node.text("user", ""), password(node),
                node.duration("timeout", "1s", "20ms", "5s"), node.integer("queue", 20_000, 1_000, 1_000_000),
                node.integer("replicas", 0, 0, 3), node.duration("replicaWait", "200ms", "1ms", "1s"));
    }

    private static String password(ConfigNode node) {
        String password = node.text("password", "");
        String file = node.text("passwordFile", "");
        if (file.isEmpty()) {
            return password;
        }
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException unreadable) {
            throw node.wrong("passwordFile", file, "a file this process can read");
        }
    }

    @Override
    public String toString() {
        return "RedisConfig" + nodes;
    }
}
