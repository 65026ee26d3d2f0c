package io.longwire.testkit.stores;

import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class StoresIT {
    private final Stores stores = Stores.shared();

    @Test
    void givesTheSameRedisEmptyAndUpWhateverTheLastUserDid() throws IOException {
        var first = stores.freshRedis();
        RedisServer.ask(first.port(), "SET left behind");
        first.freeze();
        var second = stores.freshRedis();
        assertThat(second).isSameAs(first);
        assertThat(RedisServer.ask(second.port(), "DBSIZE")).isEqualTo(":0");
        second.kill();
        assertThat(RedisServer.ask(stores.freshRedis().port(), "PING")).isEqualTo("+PONG");
    }

    @Test
    void givesEachUserADatabaseOfItsOwnOnTheSameServer() throws SQLException {
        var first = stores.freshDatabase("saver");
        var second = stores.freshDatabase("saver");
        assertThat(second.server()).isSameAs(first.server());
        assertThat(second.name()).isNotEqualTo(first.name()).startsWith("saver_");
        first.server().kill();
        var third = stores.freshDatabase("center");
        try (var connection = DriverManager.getConnection(third.jdbcUrl(), third.user(), third.password())) {
            assertThat(connection.getCatalog()).isEqualTo(third.name());
        }
    }

    @Test
    void givesEachUserANamespaceOfItsOwnOnTheSameZooKeeper() {
        var first = stores.freshNamespace("room");
        first.server().stop();
        var second = stores.freshNamespace("room");
        assertThat(second.server()).isSameAs(first.server());
        assertThat(second.server().running()).isTrue();
        assertThat(second.name()).isNotEqualTo(first.name());
    }
}
