package io.longwire.testkit.stores;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;

import org.slf4j.LoggerFactory;

/** A platform that starts a store, writes and waits to be killed: "redis" or "mariadb", directory, "die" or not. */
final class StoresMain {
    private StoresMain() {}

    public static void main(String[] args) throws IOException, SQLException, InterruptedException {
        boolean dies = args[2].equals("die");
        long pid = args[0].equals("redis") ? redis(Path.of(args[1]), dies) : mariaDb(Path.of(args[1]), dies);
        LoggerFactory.getLogger(StoresMain.class).info("store {} is up", pid);
        new CountDownLatch(1).await();
    }

    private static long redis(Path directory, boolean dies) throws IOException {
        var server = RedisServer.start(RedisServer.Options.in(directory).diesWithParent(dies));
        RedisServer.ask(server.port(), "SET message kept");
        return server.pid();
    }

    private static long mariaDb(Path directory, boolean dies) throws SQLException {
        var server = MariaDbServer.start(MariaDbServer.Options.in(directory, "secret").diesWithParent(dies));
        try (var connection = server.connect(); var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS msg (id BIGINT PRIMARY KEY)");
            statement.execute("REPLACE INTO msg VALUES (7)");
        }
        return server.pid();
    }
}
