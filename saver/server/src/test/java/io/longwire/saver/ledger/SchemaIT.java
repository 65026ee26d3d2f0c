package io.longwire.saver.ledger;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.testkit.stores.Stores;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A ledger of the version before, with rows in it. */
final class SchemaIT {
    private final Stores.Database database = Stores.shared().freshDatabase("schema");

    @Test
    void bringsBroadcastsToALedgerThatHasRows() throws Exception {
        Flyway.configure().dataSource(database.jdbcUrl(), database.user(), database.password())
                .locations("classpath:io/longwire/saver/schema").table("schema_history").target("3").load().migrate();
        execute("INSERT INTO app (name, app_key, sends_per_second, inbox_messages, overflow, max_ttl_s, created_at,"
                + " next_ord) VALUES ('old', '', 0, 200, 0, 60, 1, 0)");
        execute("INSERT INTO endpoint (slot, ep, app, ord, state, created_at, seen_at, install_hash, package_name,"
                + " certificate) VALUES (1, 1, 1, 0, 1, 5, 5, '', '', '')");

        try (var metrics = new PrometheusMetrics();
                var shard = new Shard(0,
                        new ShardConfig(database.jdbcUrl(), database.user(), database.password(), 12, 2),
                        Clock.system(), metrics)) {
            Schema.migrate(shard);
            Schema.migrate(shard);
        }

        assertThat(number("SELECT broadcast_size FROM app")).isZero();
        assertThat(number("SELECT prev_seen_at + seen_at FROM endpoint")).isEqualTo(5);
        execute("INSERT INTO broadcast (broadcast_id, app, seq, state, version, stage, stage_at, expire_at, over_at,"
                + " reason, approved_by, pace, body) VALUES (1, 1, 2, 4, 1, 1, 0, 0, 0, '', '', '', '')");
        assertThat(number("SELECT active FROM broadcast")).isEqualTo(1);
        execute("UPDATE broadcast SET state = 5");
        assertThat(number("SELECT active FROM broadcast")).as("follows the state").isZero();
    }

    @Test
    void bringsListsToALedgerThatHasBroadcasts() throws Exception {
        Flyway.configure().dataSource(database.jdbcUrl(), database.user(), database.password())
                .locations("classpath:io/longwire/saver/schema").table("schema_history").target("4").load().migrate();
        String old = "INSERT INTO broadcast (broadcast_id, app, seq, state, version, stage, stage_at, expire_at,"
                + " over_at, reason, approved_by, pace, body) VALUES (";
        execute(old + "1, 1, 2, 2, 1, 1, 0, 0, 0, '', '', '', '')");
        execute("INSERT INTO walk (broadcast_id, stage, room) VALUES (1, 1, 3)");

        try (var metrics = new PrometheusMetrics();
                var shard = new Shard(0,
                        new ShardConfig(database.jdbcUrl(), database.user(), database.password(), 12, 2),
                        Clock.system(), metrics)) {
            Schema.migrate(shard);
        }

        assertThat(number("SELECT active FROM broadcast")).isEqualTo(1);
        assertThat(number("SELECT chunks + passed FROM walk")).isZero();
        execute(old + "2, 1, 3, 2, 1, 1, 0, 0, 0, '', '', '', '')");
        assertThat(number("SELECT active FROM broadcast WHERE broadcast_id = 2")).as("as the version before writes it")
                .isEqualTo(1);
        execute("UPDATE broadcast SET list_id = 7, seq = NULL");
        assertThat(number("SELECT COUNT(*) FROM broadcast WHERE active = 2")).isEqualTo(2);
        execute("UPDATE broadcast SET state = 6");
        assertThat(number("SELECT SUM(active) FROM broadcast")).isZero();
    }

    @Test
    void bringsBansAndDevicesToALedgerThatHasAppsAndAliases() throws Exception {
        Flyway.configure().dataSource(database.jdbcUrl(), database.user(), database.password())
                .locations("classpath:io/longwire/saver/schema").table("schema_history").target("7").load().migrate();
        execute("INSERT INTO app (name, app_key, sends_per_second, inbox_messages, overflow, max_ttl_s, created_at,"
                + " next_ord) VALUES ('old', '', 0, 200, 0, 60, 1, 0)");
        execute("INSERT INTO alias (alias_hash, ep, app, bound_at) VALUES ('a', 1, 1, 5)");

        try (var metrics = new PrometheusMetrics();
                var shard = new Shard(0,
                        new ShardConfig(database.jdbcUrl(), database.user(), database.password(), 12, 2),
                        Clock.system(), metrics)) {
            Schema.migrate(shard);
        }

        assertThat(number("SELECT devices FROM app")).isZero();
        assertThat(number("SELECT COUNT(*) FROM alias WHERE platform = ''")).isEqualTo(1);
        assertThat(number("SELECT last FROM ban_seq")).isZero();
        execute("INSERT INTO alias (alias_hash, ep, app, bound_at) VALUES ('b', 1, 1, 5)"); // as the version before
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    }
}
