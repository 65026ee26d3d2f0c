package io.longwire.testkit.stores;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class MariaDbServerIT {
    @TempDir
    Path directory;

    @Test
    void keepsWhatWasCommittedOverKillAndStop() throws SQLException {
        try (var server = MariaDbServer.start(MariaDbServer.Options.in(directory, "secret"))) {
            int port = server.port();
            run(server, "CREATE TABLE msg (id BIGINT PRIMARY KEY, body VARBINARY(100))");
            for (int id = 0; id < 20; id++) {
                run(server, "INSERT INTO msg VALUES (" + id + ", 'x')");
            }

            server.kill();
            assertThat(server.running()).isFalse();
            server.restart();

            assertThat(server.port()).isEqualTo(port);
            assertThat(number(server, "SELECT COUNT(*) FROM msg")).isEqualTo(20);
            server.restart();
            assertThat(number(server, "SELECT COUNT(*) FROM msg")).isEqualTo(20);
        }
    }

    @Test
    void startsEmptyOnTheSamePortAfterAWipe() throws SQLException {
        try (var server = MariaDbServer.start(MariaDbServer.Options.in(directory, "secret"))) {
            int port = server.port();
            run(server, "CREATE TABLE msg (id BIGINT PRIMARY KEY)");
            server.wipe();
            assertThat(server.port()).isEqualTo(port);
            assertThat(number(server,
                    "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'longwire'")).isZero();
        }
    }

    @Test
    void letsInOnlyTheAccountWithThePasswordOfTheLastStart() throws SQLException {
        MariaDbServer.start(MariaDbServer.Options.in(directory, "old")).close();
        try (var server = MariaDbServer.start(MariaDbServer.Options.in(directory, "new"))) {
            assertThat(number(server, "SELECT 1")).isEqualTo(1);
            for (var account : new String[][]{{"longwire", "old"}, {"root", ""}, {"", ""}}) {
                assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl(), account[0], account[1]).close())
                        .isInstanceOf(SQLException.class).hasMessageContaining("Access denied");
            }
        }
    }

    @Test
    void flushesEachCommitAndTakesTheCallersArguments() throws SQLException {
        var options = MariaDbServer.Options.in(directory, "secret").database("ledger")
                .arguments("--innodb-buffer-pool-size=32M");
        try (var server = MariaDbServer.start(options)) {
            assertThat(number(server, "SELECT @@innodb_flush_log_at_trx_commit")).isEqualTo(1);
            assertThat(number(server, "SELECT @@innodb_buffer_pool_size")).isEqualTo(32 << 20);
            assertThat(server.jdbcUrl()).contains("/ledger?");
        }
    }

    @Test
    void answersNothingWhileFrozenAndGoesOnAfterwards() throws SQLException {
        try (var server = MariaDbServer.start(MariaDbServer.Options.in(directory, "secret"));
                var connection = server.connect()) {
            connection.setNetworkTimeout(Runnable::run, 300);
            server.freeze();
            assertThatThrownBy(() -> connection.createStatement().executeQuery("SELECT 1"))
                    .isInstanceOf(SQLException.class);
            server.thaw();
            assertThat(number(server, "SELECT 1")).isEqualTo(1);
        }
    }

    @Test
    void refusesNamesAndPasswordsThatWouldNeedQuoting() {
        assertThatThrownBy(() -> MariaDbServer.Options.in(directory, "it's")).isInstanceOf(StoreException.class)
                .hasMessage("password: not shown (expected: 1-64 of A-Z a-z 0-9 _ -)");
        assertThatThrownBy(() -> MariaDbServer.Options.in(directory, "secret").database("a`b"))
                .isInstanceOf(StoreException.class)
                .hasMessage("database: a`b (expected: a letter, then letters, digits, _)");
    }

    @Test
    void saysWhatTheServerSaidWhenItDoesNotStart() {
        var options = MariaDbServer.Options.in(directory, "secret").arguments("--no-such-option=1");
        assertThatThrownBy(() -> MariaDbServer.start(options)).isInstanceOf(StoreException.class)
                .hasMessageContaining("mariadb start: it ended with code").hasMessageContaining("no-such-option");
    }

    private static void run(MariaDbServer server, String sql) throws SQLException {
        try (var connection = server.connect(); var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long number(MariaDbServer server, String sql) throws SQLException {
        try (var connection = server.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
