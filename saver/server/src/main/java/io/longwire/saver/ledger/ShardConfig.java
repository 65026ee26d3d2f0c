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
    private static final int MOST_WRITERS = 8;
    private static final int OTHER_INSERTS = 5; // batches of ends, and of FAST messages that are adopted
    private static final int LEAST_READS = 5;

    public static ShardConfig read(ConfigNode node) {
        node.about("""
                url          drain JDBC address, jdbc:mysql://host:port/database
                user         drain who logs in there
                password     local its password
                passwordFile drain file whose first line is the password
                connections  drain for messages, ends and reads together; four more are used for jobs
                writers      drain message batches in flight
                """);
        String url = node.text("url");
        String user = node.text("user", "longwire");
        String password = node.text("password", "");
        String file = node.text("passwordFile", "");
        int connections = node.integer("connections", 32, MOST_WRITERS + OTHER_INSERTS + LEAST_READS, 200);
        int writers = node.integer("writers", 4, 1, MOST_WRITERS);
        if (!url.startsWith("jdbc:mysql://")) { // after all keys were asked for: the schema is what was asked for
            throw node.wrong("url", url, "jdbc:mysql://host:port/database");
        }
        if (!file.isEmpty()) {
            try {
                password = Files.readString(Path.of(file)).strip();
            } catch (IOException unreadable) {
                throw node.wrong("passwordFile", file, "a file this process can read");
            }
        }
        return new ShardConfig(url, user, password, connections, writers);
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
