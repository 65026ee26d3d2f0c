package io.longwire.saver.inbox;

import io.longwire.keeper.config.ConfigNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Where the inboxes are.
 *
 * @param nodes host:port; of a cluster, some of its nodes
 * @param cluster whether they are a Redis Cluster
 * @param user empty = the default user
 * @param password empty = none
 * @param timeout how long a command may take; a fetch asks the ledger sooner
 * @param queue commands waiting for one node at most
 */
public record RedisConfig(List<String> nodes, boolean cluster, String user, String password, Duration timeout,
        int queue) {
    public static RedisConfig read(ConfigNode node) {
        node.about("""
                nodes        drain host:port; of a cluster, some of its nodes
                cluster      drain whether they are a Redis Cluster
                user         drain who logs in there; empty = the default user
                password     local its password
                passwordFile drain file whose first line is the password
                timeout      hot   how long a command may take; a fetch asks the ledger sooner
                queue        drain commands waiting for one node at most
                """);
        List<String> nodes = node.texts("nodes", List.of("127.0.0.1:6379"));
        for (String address : nodes) {
            if (!address.matches("[^:\\s]+:\\d{1,5}")) {
                throw node.wrong("nodes", address, "host:port");
            }
        }
        boolean cluster = node.flag("cluster", false);
        if (nodes.isEmpty() || (!cluster && nodes.size() != 1)) {
            throw node.wrong("nodes", nodes, "one host:port, or some of a cluster with cluster: true");
        }
        String password = node.text("password", "");
        String file = node.text("passwordFile", "");
        if (!file.isEmpty()) {
            try {
                password = Files.readString(Path.of(file)).strip();
            } catch (IOException unreadable) {
                throw node.wrong("passwordFile", file, "a file this process can read");
            }
        }
        return new RedisConfig(nodes, cluster, node.text("user", ""), password,
                node.duration("timeout", "500ms", "20ms", "5s"), node.integer("queue", 20_000, 1_000, 1_000_000));
    }

    @Override
    public String toString() {
        return "RedisConfig[" + nodes + (cluster ? ", cluster]" : "]");
    }
}
