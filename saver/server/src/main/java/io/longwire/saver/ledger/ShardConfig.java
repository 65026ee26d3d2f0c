package io.longwire.saver.ledger;

import io.longwire.keeper.config.ConfigNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One MySQL or MariaDB that holds the ledger of some slots.
 *
 * @param url JDBC address, jdbc:mysql://host:port/database
 * @param password as configured, or the first line of passwordFile
 * @param connections for messages, ends and reads together: {@link #inserting} of them insert, the others read; four
 *        more are used for jobs. All savers' together must fit the server's max_connections
 * @param writers message batches in flight
 */
public record ShardConfig(String url, String user, String password, int connections, int writers) {
    private static final int OTHER_INSERTS = 5; // batches of ends, and of FAST messages that are adopted
    private static final int LEAST_READS = 5;

    public static ShardConfig read(ConfigNode node) {
        String url = node.text("url");
        if (!url.startsWith("jdbc:mysql://")) {
            throw node.wrong("url", url, "jdbc:mysql://host:port/database");
        }
        String user = node.text("user", "longwire");
        String password = node.text("password", "");
        String file = node.text("passwordFile", "");
        if (!file.isEmpty()) {
            try {
                password = Files.readString(Path.of(file)).strip();
            } catch (IOException unreadable) {
                throw node.wrong("passwordFile", file, "a file this process can read");
            }
        }
        int writers = node.integer("writers", 4, 1, 8);
        return new ShardConfig(url, user, password,
                node.integer("connections", 32, writers + OTHER_INSERTS + LEAST_READS, 200), writers);
    }

    /** Connections that insert: one for each batch that may be in flight. */
    int inserting() {
        return writers + OTHER_INSERTS;
    }

    @Override
    public String toString() {
        return "ShardConfig[" + url + ", " + user + "]";
    }
}
